"""Which clients use a [databases] entry of a pooler, and as whom it connects to the server for them."""

from __future__ import annotations

from pgfpmlint.model.link import Link, Links
from pgfpmlint.model.nodes import Pooler
from pgfpmlint.record import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pgfpmlint.resolve.pgbouncer import BouncerEntry

Met = frozenset[tuple[str, str]]


class Users(NamedTuple):
    """The server users of one entry, one name for each pool: ``*`` has pools of several databases. ``complete``: there
    can be no others."""

    names: tuple[str, ...]
    complete: bool
    databases: int = 1


def users_of(pooler: Pooler, entry: BouncerEntry, links: Links, met: Met = frozenset()) -> Users:
    """The server users of an entry: one when it forces ``user=``, else those that its clients' links name, or the
    poolers before it for their clients."""
    arriving = incoming(pooler, entry, links)
    databases = sorted({link.database or "" for link in arriving}) if entry.name == "*" else []
    forced = entry.parameter("user")
    if forced is not None:
        count = max(1, len(databases))
        return Users((forced.value or "",) * count, True, count)
    met |= {(pooler.name, entry.name)}
    by_database = [_named([link for link in arriving if (link.database or "") == one], links, met) for one in databases]
    found = by_database or [_named(arriving, links, met)]
    complete = pooler.name not in links.shared and all(users.complete for users in found)
    return Users(tuple(user for users in found for user in users.names), complete, len(found))


def incoming(pooler: Pooler, entry: BouncerEntry, links: Links) -> list[Link]:
    """Links of the clients that use the entry. ``*`` serves the databases that no other entry names."""
    if entry.name != "*":
        return links.using(pooler, entry.name)
    listed = {other.name for other in pooler.bouncer.databases}
    return [link for link in links.to(pooler) if link.database is None or link.database not in listed]


def _named(arriving: list[Link], links: Links, met: Met) -> Users:
    names: set[str] = set()
    complete = bool(arriving)
    for link in arriving:
        before = link.client, link.entry
        if link.user is not None:
            names.add(link.user)
        elif isinstance(before[0], Pooler) and before[1] is not None and (before[0].name, before[1].name) not in met:
            users = users_of(before[0], before[1], links, met)
            names.update(user for user in users.names if user)
            complete = complete and users.complete
        else:
            complete = False
    return Users(tuple(sorted(names)) or ("",), complete)
