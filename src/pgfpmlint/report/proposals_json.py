"""What would fit, for scripts: the ``solve`` of ``budget --format json``."""

from __future__ import annotations

from pgfpmlint.model.proposals import Proposals
from pgfpmlint.model.solve import CHILDREN, Found, Solution
from pgfpmlint.model.solve_pooler import PoolerSolution
from pgfpmlint.report.snippet import harmless

Fields = dict[str, object]


def proposal_fields(found: Proposals) -> list[Fields]:
    """Alternatives, each enough for its instances by itself. A value is null where there is none."""
    return [
        *(_solution(solution) for solution in (*found.children, *found.connections)),
        *(_pooler(solution) for solution in found.poolers),
    ]


def _solution(solution: Solution) -> Fields:
    return {
        "setting": solution.setting,
        "nodes": [harmless(name) for name in solution.nodes],
        "instances": [harmless(name) for name in solution.group.instances],
        "value": solution.fits.value,
        "with_headroom": solution.roomy.value,
        "best": "largest" if solution.setting == CHILDREN else "smallest",
        "at_least": any(one.at_least for one in solution.fits.within.values()),
        "tried": _tried(solution.fits),
    }


def _pooler(solution: PoolerSolution) -> Fields:
    return {
        "setting": "pool_size",
        "nodes": [harmless(name) for name in solution.pools],
        "instances": [harmless(solution.instance)],
        "value": solution.fits.value,
        "with_headroom": solution.roomy.value,
        "best": "largest",
        "tried": _tried(solution.fits),
        "databases": [harmless(name) for name, _ in solution.databases],
        "max_client_conn": solution.peak,
    }


def _tried(found: Found) -> list[Fields]:
    """The headroom with the value, and with one step further."""
    return [
        {"instance": harmless(name), "headroom": one.headroom, "beyond": beyond.headroom if beyond else None}
        for name, one in found.within.items()
        for beyond in [(found.beyond or {}).get(name)]
    ]
