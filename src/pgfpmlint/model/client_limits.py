"""How many clients a PgBouncer admits: all together, and from 1.24 for each database and each user.

https://www.pgbouncer.org/config.html#max_client_conn and following.
"""

from __future__ import annotations

from pgfpmlint.model.capacity import Sum, Term, pool_demand
from pgfpmlint.model.consumers import consumer_terms
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.link import Link, Links
from pgfpmlint.model.nodes import Pooler, Proxy
from pgfpmlint.model.pool_mode import entry_for
from pgfpmlint.model.pooler_bound import poolers_bound
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.resolve.settings import Effective

if TYPE_CHECKING:
    from pgfpmlint.resolve.pgbouncer import BouncerEntry

ALL, OF_DATABASE, OF_USER = "max_client_conn", "max_db_client_connections", "max_user_client_connections"


class ClientLimit(NamedTuple):
    """A ``limit`` of one machine's PgBouncer, and the clients that ``direct`` pools, other poolers (``pooled``) and
    declared consumers may be; ``links`` are how the former two come. ``whose`` is empty for all clients, else
    ``database shop`` or ``user app``. ``admitted`` counts all machines."""

    limit: Effective
    whose: str
    links: tuple[Link, ...]
    direct: Sum
    pooled: Sum
    admitted: int
    consumers: tuple[Term, ...] = ()

    @property
    def wanted(self) -> int:
        return self.direct.total + self.pooled.total + sum(term.amount for term in self.consumers)


def client_limits(pooler: Pooler, deployment: Deployment) -> list[ClientLimit]:
    """All that can be known and is a limit: 0 is none, of a database and a user, too."""
    of_all = limit_of_all(pooler, deployment)
    found = [of_all] if of_all is not None else []
    return [*found, *limits_of_some(pooler, deployment.links)]


def limit_of_all(pooler: Pooler, deployment: Deployment) -> ClientLimit | None:
    """max_client_conn and whoever may come; None where it is no limit, or can't be known."""
    links = deployment.links
    found = _limit(pooler, pooler.bouncer.setting(ALL), "", links.to(pooler), links)
    return found._replace(consumers=consumer_terms(pooler, deployment)) if found is not None else None


def limits_of_some(pooler: Pooler, links: Links) -> list[ClientLimit]:
    """Those of a database, then those of a user."""
    if not pooler.bouncer.reading.version.at_least(1, 24):
        return []
    by_database: dict[str, list[Link]] = {}
    by_user: dict[str, list[Link]] = {}
    for link in links.to(pooler):
        entry = entry_for(pooler, link.database)
        if entry is not None and entry.name != "*":  # each database that * stands for is counted by itself
            by_database.setdefault(entry.name, []).append(link)
        if link.user is not None:
            by_user.setdefault(link.user, []).append(link)
    lines = {line.name: line for line in pooler.bouncer.databases}
    users = {line.name: line for line in pooler.bouncer.users}
    found = [
        *(
            _limit(pooler, _own(pooler, lines.get(name), OF_DATABASE), f"database {name}", own, links)
            for name, own in by_database.items()
        ),
        *(
            _limit(pooler, _own(pooler, users.get(name), OF_USER), f"user {name}", own, links)
            for name, own in by_user.items()
        ),
    ]
    return [one for one in found if one is not None]


def _own(pooler: Pooler, line: BouncerEntry | None, name: str) -> Effective:
    own = line.parameter(name) if line is not None else None
    return own if own is not None and (own.number or 0) > 0 else pooler.bouncer.setting(name)


def _limit(pooler: Pooler, limit: Effective, whose: str, arriving: list[Link], links: Links) -> ClientLimit | None:
    if limit.number is None or limit.number <= 0:
        return None
    pooled = poolers_bound([link for link in arriving if isinstance(link.client, (Pooler, Proxy))], links)
    admitted = limit.number * pooler.host.machines
    return ClientLimit(limit, whose, tuple(arriving), pool_demand(arriving), pooled, admitted)
