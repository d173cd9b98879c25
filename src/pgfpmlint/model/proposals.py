"""Everything that `budget --solve` proposes for one deployment."""

from __future__ import annotations

from pgfpmlint.model.memory import SortMemory, sort_memory
from pgfpmlint.model.solve import CONNECTIONS, Build, Solution, Solver
from pgfpmlint.model.solve_pooler import PoolerSolution, pooler_before
from pgfpmlint.model.survey import Survey
from pgfpmlint.record import NamedTuple


class Proposals(NamedTuple):
    """``children`` and ``connections`` and ``poolers`` are alternatives, each of which is enough by itself.
    ``memory`` is what sorts would take with the proposed max_connections, by instance."""

    children: tuple[Solution, ...]
    connections: tuple[Solution, ...]
    poolers: tuple[PoolerSolution, ...]
    memory: dict[str, SortMemory]


def proposals(survey: Survey, build: Build) -> Proposals:
    """For every instance that somebody connects to."""
    solver = Solver(survey, build)
    connections = solver.connections()
    before = [pooler_before(found, solver.deployment, survey.config) for found in solver.budgets.values()]
    memory = {}
    for solution in connections:
        name = solution.nodes[0]
        needed = sort_memory(solution.roomy.within[name].instance) if name in solution.roomy.within else None
        if needed is not None and solution.roomy.value is not None and solution.setting == CONNECTIONS:
            memory[name] = needed
    return Proposals(
        tuple(solver.children()), tuple(connections), tuple(one for one in before if one is not None), memory
    )
