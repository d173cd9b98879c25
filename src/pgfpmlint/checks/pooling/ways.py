"""Which way workers take to their server, and how many of them share it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.capacity import processes
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import ClientPool, Instance, Pooler
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


def workers_bypass_pooler(instance: Instance, world: World, params: Params) -> Iterator[Hit]:
    """Some workers go through the pooler, and others beside it, to the same server."""
    links = world.deployment.links
    poolers = {one.client.name: one.client for one in links.poolers_to(instance) if isinstance(one.client, Pooler)}
    pooled = [link for pooler in poolers.values() for link in links.pools_to(pooler) if link.is_certain]
    if not pooled:
        return
    through, names = pooled[0], {link.client.name for link in pooled}
    for link in links.pools_to(instance):
        if link.is_certain and link.client.name not in names:
            at, *others = link.evidence
            yield Hit(
                at.place,
                {
                    "pool": link.client.name,
                    "instance": instance.name,
                    "pooler": through.server.name,
                    "other": through.client.name,
                },
                (*others, *through.evidence),
            )
