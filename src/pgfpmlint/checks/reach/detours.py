"""Ways around a pooler."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import Instance, Pooler, Proxy
from pgfpmlint.model.world import World


def straight_past_pooler(link: Link, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A pool connects to PostgreSQL itself for a database that a pooler of the tree serves."""
    if isinstance(link.client, (Pooler, Proxy)) or not isinstance(link.server, Instance) or not link.is_certain:
        return
    links = world.deployment.links
    for other in links.poolers_to(link.server):
        entry = other.entry
        if entry is None or link.database is None or not link.evidence or other.database != link.database:
            continue
        if any(used.server is other.client for used in links.of(link.client)):
            continue
        values = {
            "client": link.client.name,
            "instance": link.server.name,
            "pooler": other.client.name,
            "database": link.database,
        }
        first, *more = link.evidence
        yield Hit(first.place, values, (*more, Label(entry.place, "the same database, pooled")))
        return
