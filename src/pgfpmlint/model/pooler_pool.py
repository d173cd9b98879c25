"""One pool of a PgBouncer: which of its several sizes and caps holds, as the version in play takes them.

https://github.com/pgbouncer/pgbouncer/blob/master/src/server.c: pool_pool_size, pool_res_pool_size,
database_max_connections, user_max_connections; launch_new_connection in objects.c uses them.
"""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.model.nodes import Pooler
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from pgfpmlint.resolve.pgbouncer import BouncerEntry
    from pgfpmlint.resolve.settings import Effective


class Bound(NamedTuple):
    """A number of connections, how it comes about, and the lines that it follows from."""

    amount: int
    words: str
    places: tuple[Place | None, ...]


def pool_bound(pooler: Pooler, entry: BouncerEntry, user: str) -> Bound | None:
    """The most connections of one pool on one machine; None when it has no bound."""
    bouncer = pooler.bouncer
    size = _size(pooler, entry, user)
    reserve = _inherited(
        [
            _own(_line(pooler, user), "reserve_pool_size"),
            entry.parameter("reserve_pool_size"),
            entry.parameter("reserve_pool"),
        ],
        bouncer.setting("reserve_pool_size"),
    )
    cap = user_cap(pooler, user, forced=entry.parameter("user") is not None)
    connections, extra = size.number or 0, max(0, reserve.number or 0)
    if _is_zero(bouncer.setting("reserve_pool_timeout")):
        extra = 0  # nobody ever waits long enough for the reserve
    if connections <= 0:
        # No limit from 1.24 (https://www.pgbouncer.org/changelog.html); before, one connection and then starvation,
        # save for what the reserve adds.
        if bouncer.reading.version.at_least(1, 24):
            return cap
        least = max(1, connections + extra)
        bound = Bound(least, f"{least} where {_spelt(size)} is {connections}", (size.place, reserve.place))
        return cap if cap is not None and cap.amount < least else bound
    bound = Bound(connections, f"{connections} {_spelt(size)}", (size.place,))
    if extra:
        places = (size.place, reserve.place)
        bound = Bound(connections + extra, f"({connections} {_spelt(size)} + {extra} {_spelt(reserve)})", places)
    return cap if cap is not None and cap.amount < bound.amount else bound


def pool_size(pooler: Pooler, entry: BouncerEntry, user: str) -> Effective:
    """The size that holds for the pool of ``user``: the user's, the entry's or the general one."""
    return _size(pooler, entry, user)


def has_unknown_size(pooler: Pooler, entry: BouncerEntry, user: str) -> bool:
    """Whether nobody can tell how large the pool may grow."""
    return _size(pooler, entry, user).number is None


def entry_cap(entry: BouncerEntry, pooler: Pooler) -> Bound | None:
    """max_db_connections of one entry: its own, or the general one for each entry by itself."""
    return _cap(entry, pooler, "max_db_connections")


def user_cap(pooler: Pooler, user: str, *, forced: bool) -> Bound | None:
    """max_user_connections of one user, over all entries. ``forced``: whether ``user=`` of an entry names it.

    Up to 1.22 a forced user is one of its own in each entry, which [users] does not speak of: force_user() in
    https://github.com/pgbouncer/pgbouncer/blob/pgbouncer_1_22_1/src/objects.c.
    """
    own = None if not shares_user(pooler, forced) else _line(pooler, user)
    return _cap(own, pooler, "max_user_connections")


def shares_user(pooler: Pooler, forced: bool) -> bool:
    """Whether the same user of two entries is one user, whose connections count together."""
    return not forced or pooler.bouncer.reading.version.at_least(1, 23)


def _size(pooler: Pooler, entry: BouncerEntry, user: str) -> Effective:
    own = _own(_line(pooler, user), "pool_size")
    return _inherited([own, entry.parameter("pool_size")], pooler.bouncer.setting("default_pool_size"))


def _line(pooler: Pooler, user: str) -> BouncerEntry | None:
    return next((line for line in pooler.bouncer.users if line.name == user), None)


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


def _is_zero(setting: Effective) -> bool:
    try:
        return setting.value is not None and float(setting.value) == 0
    except ValueError:
        return False


def _spelt(size: Effective) -> str:
    return size.name if size.is_written else f"{size.name} by default"
