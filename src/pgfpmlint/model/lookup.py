"""How PgBouncer itself logs in as auth_user to ask for a client's secret, and whether it gets that far.

start_auth_query() in https://github.com/pgbouncer/pgbouncer/blob/master/src/client.c: the query runs in the database of
auth_dbname (since 1.19), or else in the client's own, and as auth_user even where that entry forces another user.
"""

from __future__ import annotations

from collections.abc import Callable

from pgfpmlint.model.asking import asked_in
from pgfpmlint.model.leg import ADMITTED, REJECTED, UNKNOWN, Leg
from pgfpmlint.model.link import Link, Links
from pgfpmlint.model.nodes import Instance, Pooler
from pgfpmlint.model.pool_mode import entry_for
from pgfpmlint.model.secret import queries
from pgfpmlint.record import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pgfpmlint.resolve.pgbouncer import BouncerEntry

Follow = Callable[[Link], tuple[Leg, ...]]


class Lookup(NamedTuple):
    """``verdict``: whether the query can be asked. ``instance`` is the server that answers it, where it is known."""

    verdict: str
    why: str
    instance: Instance | None = None


def as_auth_user(link: Link, user: str, database: str | None) -> Link:
    """The link of an entry as auth_user uses it: that of ``*`` to ``database``."""
    entry = link.entry
    assert entry is not None
    parameters = {name: value for name, value in entry.parameters.items() if name not in ("user", "password")}
    database = database if entry.name == "*" else link.database
    return link._replace(entry=entry._replace(parameters=parameters), user=user, database=database)


def lookup(pooler: Pooler, entry: BouncerEntry, database: str, links: Links, follow: Follow) -> Lookup:
    """For a client of ``entry`` that names ``database``. ``follow`` judges a step of the pooler's own; it knows none
    where the question comes back to one who asked it."""
    user, elsewhere = queries(pooler, entry), asked_in(pooler, entry)
    assert user is not None
    if not user.value or (elsewhere is not None and elsewhere.value is None):
        return Lookup(UNKNOWN, f"whom {pooler.name} asks for its users is not known")
    where = elsewhere.value or "" if elsewhere is not None else database
    target = entry_for(pooler, where) if elsewhere is not None else entry
    if target is None:
        verdict = UNKNOWN if pooler.bouncer.reading.unread else REJECTED
        return Lookup(verdict, f"{pooler.name} can't ask for its users: it has no database {where} (auth_dbname)")
    onwards = [link for link in links.of(pooler) if link.entry is not None and link.entry.name == target.name]
    legs = [leg for link in onwards for leg in follow(as_auth_user(link, user.value, where))]
    if not legs:
        return Lookup(UNKNOWN, f"nothing tells where {pooler.name} asks for its users")
    instances = {leg.server.name: leg.server for leg in legs if isinstance(leg.server, Instance)}
    instance = next(iter(instances.values())) if len(instances) == 1 else None
    verdicts = {leg.verdict for leg in legs}
    certain = all(leg.is_certain for leg in legs)
    verdict = verdicts.pop() if len(verdicts) == 1 else UNKNOWN
    why = next((leg.why for leg in legs if leg.verdict != ADMITTED), legs[0].why)
    if verdict == ADMITTED:
        return Lookup(ADMITTED, why, instance)
    why = f"{pooler.name} can't ask for its users as {user.value}: {why}"
    if verdict == REJECTED and certain:
        return Lookup(REJECTED, why, instance)
    return Lookup(UNKNOWN, why.replace(" can't ask", " may not be able to ask"), instance)
