"""How many workers share the connections of a session pool."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.capacity import processes
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import ClientPool, Pooler
from pgfpmlint.model.pool_mode import entry_for, pool_mode
from pgfpmlint.model.pooler_bound import entry_bound
from pgfpmlint.model.world import World

Params = Mapping[str, object]


def session_pool_smaller_than_workers(link: Link, world: World, params: Params) -> Iterator[Hit]:
    """Workers that connect at the start of a request and, in session mode, hold a server connection to its end."""
    pooler = link.server
    if link.persistent is not None or not isinstance(link.client, ClientPool) or not isinstance(pooler, Pooler):
        return
    entry, mode = entry_for(pooler, link.database), pool_mode(pooler, link.database, link.user)
    children = processes(link.client)
    if entry is None or mode is None or mode.value != "session" or children.number is None or children.place is None:
        return
    bound = entry_bound(pooler, entry, world.deployment.links)
    machines = link.client.host.machines
    workers = children.number * machines * link.per_process
    if bound.unlimited or bound.unknown or bound.at_least or workers <= bound.total:
        return
    (term,) = bound.terms
    hosts = f" × {machines} hosts" if machines != 1 else ""
    labels = [Label(place, f"{term.name}: {term.words}") for place in term.places]
    labels += [Label(mode.place, "a server connection per client")] if mode.is_written and mode.place else []
    yield Hit(
        children.place,
        {
            "pool": link.client.name,
            "pooler": pooler.name,
            "database": entry.name,
            "workers": workers,
            "servers": bound.total,
            "assumption": link.assumption,
        },
        (*labels, *link.evidence),
        (
            f"{link.client.name}: {children.number} pm.max_children{hosts} = {workers} workers",
            f"{term.name}: {term.words} = {bound.total} server connections",
            f"{workers} - {bound.total} = {workers - bound.total} workers wait while the others are connected",
        ),
        certain=link.is_certain,
    )
