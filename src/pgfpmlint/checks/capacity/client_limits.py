"""Limits of clients for one database or one user, which PgBouncer has from 1.24 on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.model.client_limits import ClientLimit, limits_of_some
from pgfpmlint.model.nodes import Pooler, Proxy
from pgfpmlint.model.pooler_bound import is_shared_port
from pgfpmlint.model.size import called
from pgfpmlint.model.world import World


def clients_exceed_client_limit(pooler: Pooler, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """More workers use one database, or log in as one user, than PgBouncer admits of them."""
    if is_shared_port(pooler):
        return
    for found in limits_of_some(pooler, world.deployment.links):
        if found.limit.is_written and found.direct.total > found.admitted:
            yield from _refused(pooler, found)


def _refused(pooler: Pooler, found: ClientLimit) -> Iterator[Hit]:
    limit, wanted, machines = found.limit, found.direct, pooler.host.machines
    if limit.place is None:
        return
    links = [link for link in found.links if not isinstance(link.client, (Pooler, Proxy))]
    evidence = dict.fromkeys(label for link in links for label in link.evidence)
    assumption = next((link.assumption for link in links if link.assumption), "")
    hosts = f" × {machines} hosts" if machines != 1 else ""
    yield Hit(
        limit.place,
        {
            "pooler": pooler.name,
            "demand": wanted.shown,
            "clients": called(links),
            "whose": found.whose,
            "limit": f"{limit.name} = {limit.number}{hosts}",
            "name": limit.name,
            "wanted": -(-wanted.total // machines),
            "assumption": assumption,
        },
        (*wanted.labels, *evidence),
        (
            *wanted.lines,
            f"{wanted.total} clients - {found.admitted} admitted = {wanted.total - found.admitted} refused",
        ),
        certain=not assumption,
    )
