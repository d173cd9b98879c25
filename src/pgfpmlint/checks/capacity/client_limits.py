"""Limits of clients for one database or one user, which PgBouncer has from 1.24 on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.capacity import pool_demand
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import Pooler
from pgfpmlint.model.pool_mode import entry_for
from pgfpmlint.model.pooler_bound import is_shared_port
from pgfpmlint.model.world import World
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.resolve.settings import Effective

if TYPE_CHECKING:
    from pgfpmlint.resolve.pgbouncer import BouncerEntry

OF_DATABASE, OF_USER = "max_db_client_connections", "max_user_client_connections"


def clients_exceed_client_limit(pooler: Pooler, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """More workers use one database, or log in as one user, than PgBouncer admits of them."""
    if not pooler.bouncer.reading.version.at_least(1, 24):
        return
    by_database: dict[str, list[Link]] = {}
    by_user: dict[str, list[Link]] = {}
    for link in world.deployment.links.pools_to(pooler):
        entry = entry_for(pooler, link.database)
        # Each database that * stands for is counted by itself.
        if entry is not None and entry.name != "*":
            by_database.setdefault(entry.name, []).append(link)
        if link.user is not None:
            by_user.setdefault(link.user, []).append(link)
    lines = {entry.name: entry for entry in pooler.bouncer.databases}
    for name, links in by_database.items():
        yield from _judge(pooler, links, f"database {name}", _limit(pooler, lines.get(name), OF_DATABASE))
    users = {line.name: line for line in pooler.bouncer.users}
    for name, links in by_user.items():
        yield from _judge(pooler, links, f"user {name}", _limit(pooler, users.get(name), OF_USER))


def _limit(pooler: Pooler, line: BouncerEntry | None, name: str) -> Effective:
    own = line.parameter(name) if line is not None else None
    return own if own is not None and (own.number or 0) > 0 else pooler.bouncer.setting(name)


def _judge(pooler: Pooler, links: list[Link], whose: str, limit: Effective) -> Iterator[Hit]:
    wanted = pool_demand(links)
    if not limit.number or limit.number < 0 or not limit.is_written or limit.place is None:
        return
    machines = pooler.host.machines
    if wanted.total <= limit.number * machines or is_shared_port(pooler):
        return
    labels = [Label(place, f"{term.name}: {term.words}") for term in wanted.terms for place in term.places]
    evidence = dict.fromkeys(label for link in links for label in link.evidence)
    assumption = next((link.assumption for link in links if link.assumption), "")
    hosts = f" × {machines} hosts" if machines != 1 else ""
    yield Hit(
        limit.place,
        {
            "pooler": pooler.name,
            "demand": wanted.shown,
            "whose": whose,
            "limit": f"{limit.name} = {limit.number}{hosts}",
            "name": limit.name,
            "wanted": -(-wanted.total // machines),
            "assumption": assumption,
        },
        (*labels, *evidence),
        (
            *(f"{term.name}: {term.words} = {term.amount}" for term in wanted.terms),
            f"{wanted.total} clients - {limit.number * machines} admitted = "
            f"{wanted.total - limit.number * machines} refused",
        ),
        certain=not assumption,
    )
