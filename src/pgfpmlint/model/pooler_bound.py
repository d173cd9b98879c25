"""The most server connections that PgBouncers may open, as their own parameters bound them.

A pool is a pair of database entry and server user. It holds at most pool_size + reserve_pool_size connections; all
pools of an entry together at most its max_db_connections, all pools of a user at most its max_user_connections; 0 is
no cap. Measured on PgBouncer 1.12 to 1.26; https://www.pgbouncer.org/config.html#pool_size and following.
"""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.model.capacity import Sum, Term
from pgfpmlint.model.link import Link, Links
from pgfpmlint.model.nodes import Pooler
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from pgfpmlint.resolve.pgbouncer import BouncerEntry
    from pgfpmlint.resolve.settings import Effective


class Users(NamedTuple):
    """The server users of one entry; ``complete``: there can be no others."""

    names: tuple[str, ...]
    complete: bool


class Bound(NamedTuple):
    """A number of connections, how it comes about, and the lines that it follows from."""

    amount: int
    words: str
    places: tuple[Place | None, ...]


def poolers_bound(links: Sequence[Link], all_links: Links) -> Sum:
    """The most connections that poolers may open through ``links``, which all end at one server."""
    parts = [
        entry_bound(link.client, link.entry, all_links)
        for link in links
        if isinstance(link.client, Pooler) and link.entry is not None
    ]
    return Sum(
        tuple(term for part in parts for term in part.terms),
        any(part.at_least for part in parts),
        next((part.unlimited for part in parts if part.unlimited), None),
        tuple(name for part in parts for name in part.unknown),
    )


def entry_bound(pooler: Pooler, entry: BouncerEntry, links: Links) -> Sum:
    """The most connections that one [databases] entry of ``pooler`` may open, over all hosts of its kind.

    A lower bound where the users of the entry can't be known, for ``*`` (every database name used is a pool of its
    own), and with so_reuseport, where every process has limits of its own and their number is not in the file.
    """
    name = f"{pooler.name} database {entry.name}"
    users = users_of(pooler, entry, links)
    if any(_size(pooler, entry, user).number is None for user in users.names):
        return Sum((), at_least=True, unknown=(name,))
    pools = [_pool_bound(pooler, entry, user) for user in users.names]
    at_least = not users.complete or entry.name == "*"
    cap = _cap(entry, pooler, "max_db_connections")
    total = None if None in pools else sum(pool.amount for pool in pools if pool is not None)
    if cap is not None and (total is None or cap.amount < total):
        bound, at_least = cap, entry.name == "*"
    elif total is None:
        return Sum((), at_least, unlimited=f"{name} has pool_size 0, which is no limit from PgBouncer 1.24")
    else:
        bound = _together([pool for pool in pools if pool is not None])
    words, amount, places = bound.words, bound.amount, bound.places
    if pooler.host.machines != 1:
        words, amount = f"{words} × {pooler.host.machines} hosts", amount * pooler.host.machines
        places = (*places, pooler.host.machines_place)
    term = Term(name, words, amount, tuple(place for place in places if place is not None))
    return Sum((term,), at_least or bool(pooler.bouncer.setting("so_reuseport").number))


def users_of(pooler: Pooler, entry: BouncerEntry, links: Links) -> Users:
    """The server users of an entry: one when it forces ``user=``, else those that its clients' links name."""
    forced = entry.parameter("user")
    if forced is not None:
        return Users((forced.value or "",), True)
    users = links.users_of(pooler, entry.name)
    named = sorted(user for user in users if user)
    return Users(tuple(named) or ("",), bool(users) and all(users))


def _pool_bound(pooler: Pooler, entry: BouncerEntry, user: str) -> Bound | None:
    """One pool's bound; None when it has none."""
    bouncer = pooler.bouncer
    own = _line(pooler, user)
    size = _size(pooler, entry, user)
    reserve = _inherited(
        [_own(own, "reserve_pool_size"), entry.parameter("reserve_pool_size"), entry.parameter("reserve_pool")],
        bouncer.setting("reserve_pool_size"),
    )
    cap = _cap(own, pooler, "max_user_connections")
    connections, extra = size.number or 0, max(0, reserve.number or 0)
    if connections == 0:
        # No limit from 1.24 (https://www.pgbouncer.org/changelog.html); before, one connection and then starvation.
        if bouncer.reading.version.at_least(1, 24):
            return cap
        connections = 1
    bound = Bound(connections, f"{connections} {_spelt(size)}", (size.place,))
    if extra:
        places = (size.place, reserve.place)
        bound = Bound(connections + extra, f"({connections} {_spelt(size)} + {extra} {_spelt(reserve)})", places)
    return cap if cap is not None and cap.amount < bound.amount else bound


def _size(pooler: Pooler, entry: BouncerEntry, user: str) -> Effective:
    own = _own(_line(pooler, user), "pool_size")
    return _inherited([own, entry.parameter("pool_size")], pooler.bouncer.setting("default_pool_size"))


def _line(pooler: Pooler, user: str) -> BouncerEntry | None:
    return next((line for line in pooler.bouncer.users if line.name == user), None)


def _together(pools: Sequence[Bound]) -> Bound:
    if len({pool.words for pool in pools}) == 1:
        times = f" × {len(pools)} users" if len(pools) > 1 else ""
        return Bound(pools[0].amount * len(pools), pools[0].words + times, pools[0].places)
    places = tuple(dict.fromkeys(place for pool in pools for place in pool.places))
    return Bound(sum(pool.amount for pool in pools), " + ".join(pool.words for pool in pools), places)


def _cap(line: BouncerEntry | None, pooler: Pooler, name: str) -> Bound | None:
    own = _own(line, name)
    cap = own if own is not None and (own.number or 0) > 0 else pooler.bouncer.setting(name)
    return Bound(cap.number, f"{cap.number} {name}", (cap.place,)) if cap.number and cap.number > 0 else None


def _own(line: BouncerEntry | None, name: str) -> Effective | None:
    return line.parameter(name) if line is not None else None


def _inherited(own: Sequence[Effective | None], general: Effective) -> Effective:
    """The first of ``own`` that says a size; a negative one means "inherit" to PgBouncer."""
    said = (setting for setting in own if setting is not None and (setting.number or 0) >= 0)
    return next(said, general)


def _spelt(size: Effective) -> str:
    return size.name if size.is_written else f"{size.name} by default"
