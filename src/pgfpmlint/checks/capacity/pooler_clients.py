"""Whether a pooler admits all the clients that may come to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit, Silent
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.capacity import pool_demand
from pgfpmlint.model.client_limits import limit_of_all
from pgfpmlint.model.nodes import Pooler, Proxy
from pgfpmlint.model.pooler_bound import is_shared_port
from pgfpmlint.model.size import called
from pgfpmlint.model.world import World


def pool_larger_than_its_clients(pooler: Pooler, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A pool that all workers together can't fill."""
    links = world.deployment.links
    if pooler.name in links.shared:
        return
    for entry in pooler.bouncer.databases:
        arriving = links.using(pooler, entry.name)
        size = entry.parameter("pool_size") or pooler.bouncer.setting("default_pool_size")
        if entry.name == "*" or entry.parameter("user") is None or not size.is_written or size.place is None:
            continue
        wanted, have = pool_demand(arriving), (size.number or 0) * pooler.host.machines
        if not wanted.terms or wanted.at_least or have <= wanted.total:
            continue
        if any(not link.is_certain or isinstance(link.client, (Pooler, Proxy)) for link in arriving):
            continue
        if any(not isinstance(one.client, (Pooler, Proxy)) for one in links.unknown):
            return
        yield Hit(
            size.place,
            {"name": size.name, "entry": entry.name, "have": have, "wanted": wanted.total},
            wanted.labels,
            wanted.lines,
        )


def clients_exceed_max_client_conn(
    pooler: Pooler, world: World, params: Mapping[str, object]
) -> Iterator[Hit | Silent]:
    """Client pools, other poolers and declared consumers may open more connections than its max_client_conn."""
    found = limit_of_all(pooler, world.deployment)
    if found is None or found.wanted <= found.admitted:
        return
    limit, demand, admitted = found.limit, found.wanted, found.admitted
    if is_shared_port(pooler):
        yield Silent(f"how many processes of {pooler.name} share its port can't be known (so_reuseport)")
        return
    lines = [(term.line, term.places) for term in (*found.direct.terms, *found.pooled.terms)]
    lines += [(term.words, term.places) for term in found.consumers]
    labels = [Label(place, words) for words, places in lines for place in places]
    evidence = tuple(dict.fromkeys(label for link in found.links for label in link.evidence))
    at = limit.place if limit.is_written else None
    if at is None:
        at, labels = labels[0].place, labels[1:]
    assumption = next((link.assumption for link in found.links if link.assumption), "")
    hosts = f" × {pooler.host.machines} hosts" if pooler.host.machines != 1 else ""
    default = "" if limit.is_written else f" (the default of PgBouncer {pooler.bouncer.reading.version})"
    yield Hit(
        at,
        {
            "pooler": pooler.name,
            "demand": demand,
            "clients": "clients" if found.consumers else called(found.links),
            "limit": admitted,
            "default": default,
            "wanted": -(-demand // pooler.host.machines),
            "assumption": assumption,
        },
        (*labels, *evidence),
        (
            *(words for words, _ in lines),
            f"{pooler.name}: {limit.number} max_client_conn{hosts} = {admitted}{default}",
            f"{demand} clients - {admitted} admitted = {demand - admitted} refused",
        ),
        fix=limit.rewritten(str(-(-demand // pooler.host.machines))),
        certain=not assumption,
    )
