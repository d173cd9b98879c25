"""What would fit, for people: each value with its sum, what it makes when tried, and what one step further makes."""

from __future__ import annotations

from pgfpmlint.model.capacity import Term
from pgfpmlint.model.proposals import Proposals
from pgfpmlint.model.solve import CHILDREN, Budgets, Found, Group, Solution, holds
from pgfpmlint.model.solve_pooler import PoolerSolution
from pgfpmlint.report.ledger import marked
from pgfpmlint.report.page import Page

NAMED = 4
"""Most nodes that a line names one by one."""


def propose(page: Page, found: Proposals, now: Budgets) -> None:
    """Three ways, each enough by itself. ``now`` are the budgets as they are."""
    if not (found.children or found.connections):
        page.heading("what would fit", "nothing to work out, for nobody is known to connect")
        return
    page.heading("what would fit", "each of these by itself, tried on this deployment")
    for solution in found.children:
        _two(page, solution.fits, solution.roomy, _children(solution, now), solution.group, 1)
    for solution in found.connections:
        _two(page, solution.fits, solution.roomy, _connections(solution, now), solution.group, -1)
        name = solution.nodes[0]
        needed = found.memory.get(name)
        if needed is not None and needed.allowed is not None and needed.need > needed.allowed:
            said = f"with {needed.connections}, sorts may take {needed.need} MB of the {needed.allowed} MB for them"
            page.remark(said, style="warning")
    for pooler in found.poolers:
        _pooler(page, pooler, now)


class _Words:
    """What a value is of, how it comes about, and the percentage that the second one leaves free."""

    def __init__(self, what: str, fits: str, roomy: str, percent: int) -> None:
        self.what, self.fits, self.roomy, self.percent = what, fits, roomy, percent


def _two(page: Page, fits: Found, roomy: Found, words: _Words, group: Group, step: int) -> None:
    """The value that just fits and the one that leaves the headroom."""
    for found, sum_, lead in ((fits, words.fits, words.what), (roomy, words.roomy, "")):
        aim = "fits" if found is fits else f"{words.percent} % stay free"
        if found.value is None:
            page.entry("", "none", f"{lead or 'and'} so that it {aim}: there is no such value", style="warning")
            continue
        if found.beyond is None:
            page.entry("", "any", f"{lead}: any number {aim}" if lead else f"any number leaves it so that {aim}")
            continue
        shown = f"{lead}: {sum_}" if lead else f"{aim}: {sum_}"
        open_ = any(found.within[name].at_least for name in group.instances)
        page.entry("", f"{'≤' if step > 0 else '≥'} {found.value}" if open_ else found.value, shown)
        tried = f"{found.value} {_made(found.within, group)}; {found.value + step} {_made(found.beyond, group)}"
        page.remark(f"tried: {tried}")


def _made(budgets: Budgets | None, group: Group) -> str:
    """What a value makes of each instance: ``makes 115 of 115, 0 left``."""
    parts = []
    for name in group.instances:
        one = (budgets or {})[name]
        of = f" of {name}" if len(group.instances) > 1 else ""
        peak = f" (at the peak {one.peak.total})" if one.peak.declared and one.peak.extra else ""
        parts.append(f"{marked(one.demand, one.at_least)}{peak} of {one.budget}{of}, {one.headroom} left")
    return f"makes {' and '.join(parts)}"


def _children(solution: Solution, now: Budgets) -> _Words:
    pools = solution.nodes
    each = "in each of " if len(pools) > 1 else "of "
    named = ", ".join(pools) if len(pools) <= NAMED else f"{len(pools)} pools"
    tight = min(
        (now[name] for name in solution.group.instances),
        key=lambda one: one.fitting_children if one.fitting_children is not None else one.budget,
    )
    held = tight.held_by_workers
    base = f"{tight.budget} budget" + (f" - {tight.pooled.total} of poolers" if tight.pooled.total else "")
    single = all(link.per_process == 1 for link in tight.links)
    over = f"{held} {'pools over all hosts' if single else 'connections that one worker of each pool holds'}"
    if held == 1:
        over = "1 pool"
    sums = []
    for found, kept in ((solution.fits, 0), (solution.roomy, tight.wanted)):
        left = tight.budget - tight.pooled.total - kept
        exact = found.value == max(0, left) // held
        minus = f" - {kept} to stay free" if kept else ""
        whole = f"({base}{minus})" if minus or tight.pooled.total else base
        said = f"{whole} / {over} = {found.value}"
        sums.append(said if exact else "found by trying: a peak, a cap or a limit bounds it too")
    return _Words(f"{CHILDREN} {each}{named}", sums[0], sums[1], tight.percent)


def _connections(solution: Solution, now: Budgets) -> _Words:
    (name,) = solution.nodes
    one = now[name]
    taken = "".join(_added(term) for term in (*one.slots.terms, *one.consumers))
    peak = one.peak.declared and one.peak.total > one.demand
    need = f"{one.peak.total} at the peak" if peak else f"{one.demand} demand"
    fits = f"{need}{taken} = {solution.fits.value}"
    roomy = f"{one.demand} demand{taken} + {one.percent} % of {solution.roomy.value} max_connections"
    if solution.roomy.value == solution.fits.value:
        roomy = f"{fits}, which leaves them free too"
    return _Words(f"max_connections of {name}", fits, roomy, one.percent)


def _added(term: Term) -> str:
    return f" + {term.amount} {term.name}"


def _pooler(page: Page, solution: PoolerSolution, now: Budgets) -> None:
    one = now[solution.instance]
    enough = holds(one, roomy=True) and (solution.cores is None or one.demand <= solution.cores)
    if enough:
        return
    named = ", ".join(solution.pools) if len(solution.pools) <= NAMED else f"{len(solution.pools)} pools"
    lines = len(solution.databases)
    base = f"{one.budget} budget" + (f" - {one.pooled.total} of other poolers" if one.pooled.total else "")
    sums = []
    for found, kept in ((solution.fits, ""), (solution.roomy, f" - {one.wanted} to stay free")):
        whole = f"({base}{kept}) / {lines} databases" if lines > 1 else f"{base}{kept}"
        sums.append(f"{whole} = {found.value}")
    what = f"pool_size of a PgBouncer before {solution.instance}, for {named}"
    words = _Words(what, sums[0], sums[1], one.percent)
    _two(page, solution.fits, solution.roomy, words, Group((solution.instance,), ()), 1)
    size = solution.roomy.value or solution.fits.value
    if size is None:
        return
    if solution.cores is not None and size > solution.cores:
        page.remark(f"4 × cpus = {solution.cores}: more connections at work than that make each slower")
        size = solution.cores
    size = min(size, solution.clients)
    page.remark(f"it has {solution.clients} clients, and {solution.peak} while the application is deployed:")
    page.verbatim("[databases]")
    for database, address in solution.databases:
        name = database or "DATABASE"
        dbname = f" dbname={database}" if database else ""
        page.verbatim(f"{name} = {address}{dbname} pool_size={size} max_db_connections={size}")
    page.verbatim("[pgbouncer]")
    page.verbatim("pool_mode = transaction")
    page.verbatim(f"max_client_conn = {solution.peak}")
