"""Sizes and caps of one PgBouncer that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.nodes import Pooler
from pgfpmlint.model.pooler_pool import entry_cap, pool_size
from pgfpmlint.model.world import World
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.resolve.settings import Effective
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from pgfpmlint.resolve.pgbouncer import BouncerEntry

Params = Mapping[str, object]


def minimum_above_pool_size(pooler: Pooler, world: World, params: Params) -> Iterator[Hit]:
    """min_pool_size never opens more than the pool holds."""
    seen: set[tuple[Place | None, Place | None]] = set()
    for entry in pooler.bouncer.databases:
        least, size = _own_or_general(pooler, entry, "min_pool_size"), _size(pooler, entry)
        if least.number is None or size.number is None or not 0 < size.number < least.number:
            continue
        if least.place is not None and (least.place, size.place) not in seen:
            seen.add((least.place, size.place))
            values = {
                "least": least.number,
                "size": f"{size.number}{'' if size.is_written else ' by default'}",
                "entry": entry.name,
            }
            yield Hit(least.place, values, _labels(size, "the most that the pool holds"))


def reserve_never_used(pooler: Pooler, world: World, params: Params) -> Iterator[Hit]:
    """A reserve that no client ever waits long enough for."""
    timeout, wait = (_seconds(pooler.bouncer.setting(name)) for name in ("reserve_pool_timeout", "query_wait_timeout"))
    after, limit = (pooler.bouncer.setting(name) for name in ("reserve_pool_timeout", "query_wait_timeout"))
    if timeout is None or wait is None:
        return
    if timeout == 0:
        why, labels = "reserve_pool_timeout = 0 switches the reserve off", _labels(after, "switches it off")
    elif 0 < wait <= timeout:
        why = f"clients are sent away after {limit.value} s, and the reserve opens for those who waited {after.value} s"
        labels = (*_labels(limit, "sends waiting clients away"), *_labels(after, "opens the reserve"))
    else:
        return
    general = pooler.bouncer.setting("reserve_pool_size")
    own = [
        entry.parameter(name) for entry in pooler.bouncer.databases for name in ("reserve_pool_size", "reserve_pool")
    ]
    for reserve in (general, *own):
        if reserve is not None and reserve.is_written and reserve.place is not None and (reserve.number or 0) > 0:
            yield Hit(reserve.place, {"name": reserve.name, "reserve": reserve.number, "why": why}, labels)


def pool_above_its_cap(pooler: Pooler, world: World, params: Params) -> Iterator[Hit]:
    """A size that somebody wrote and that max_db_connections keeps the pool from."""
    seen: set[Place] = set()
    for entry in pooler.bouncer.databases:
        size, cap = _size(pooler, entry), entry_cap(entry, pooler)
        if cap is None or size.number is None or not size.is_written or size.number <= cap.amount:
            continue
        if size.place is not None and size.place not in seen:
            seen.add(size.place)
            labels = tuple(Label(place, "caps all pools of an entry") for place in cap.places if place is not None)
            values = {"name": size.name, "size": size.number, "cap": cap.words, "entry": entry.name}
            yield Hit(size.place, values, labels)


def pool_size_zero(pooler: Pooler, world: World, params: Params) -> Iterator[Hit]:
    """No pool at all before 1.24: one connection, which the second client waits for in vain."""
    version = pooler.bouncer.reading.version
    if version.assumed or version.at_least(1, 24):
        return
    seen: set[Place] = set()
    for entry in pooler.bouncer.databases:
        size = _size(pooler, entry)
        if size.number == 0 and size.place is not None and size.place not in seen:
            seen.add(size.place)
            yield Hit(size.place, {"name": size.name, "entry": entry.name, "version": version})


def pool_above_max_client_conn(pooler: Pooler, world: World, params: Params) -> Iterator[Hit]:
    """A pool that there can't be enough clients for."""
    limit = pooler.bouncer.setting("max_client_conn")
    seen: set[Place] = set()
    for entry in pooler.bouncer.databases:
        size = _size(pooler, entry)
        if limit.number is None or size.number is None or not 0 < limit.number < size.number:
            continue
        at, other = (size, limit) if size.is_written else (limit, size)
        if at.place is not None and at.is_written and at.place not in seen:
            seen.add(at.place)
            values = {
                "name": size.name,
                "size": size.number,
                "limit": f"{limit.number}{'' if limit.is_written else ' by default'}",
                "entry": entry.name,
            }
            yield Hit(at.place, values, _labels(other, "the other bound"))


def cap_counts_per_entry(pooler: Pooler, world: World, params: Params) -> Iterator[Hit]:
    """Entries that lead to the same database, each with a cap of its own."""
    groups: dict[tuple[str, ...], list[BouncerEntry]] = {}
    for entry in pooler.bouncer.databases:
        if entry.name != "*":
            target = [_text(entry, key) for key in ("host", "port")]
            groups.setdefault((*target, _text(entry, "dbname") or entry.name), []).append(entry)
    for (host, _, database), entries in groups.items():
        caps = [entry_cap(entry, pooler) for entry in entries]
        known = [cap for cap in caps if cap is not None]
        if len(entries) < 2 or len(known) < len(entries) or known[0].places[0] is None:
            continue
        total = sum(cap.amount for cap in known)
        others = {place for cap in known[1:] for place in cap.places if place is not None} - {known[0].places[0]}
        yield Hit(
            known[0].places[0],
            {
                "database": database,
                "host": host or "the local socket",
                "entries": " and ".join(entry.name for entry in entries),
                "total": total,
            },
            (
                *(Label(entry.place, f"leads to {database}") for entry in entries),
                *(Label(place, "a cap of its own") for place in sorted(others, key=lambda place: place.start)),
            ),
            (f"{' + '.join(cap.words for cap in known)} = {total} connections to {database}",),
        )


def wildcard_without_cap(pooler: Pooler, world: World, params: Params) -> Iterator[Hit]:
    """``*`` makes a pool for every database name that a client says."""
    general = pooler.bouncer.setting("max_user_connections")
    for entry in pooler.bouncer.databases:
        size = _size(pooler, entry)
        if entry.name == "*" and entry_cap(entry, pooler) is None and general.number == 0 and size.number:
            users = "" if entry.parameter("user") is not None else " and user"
            yield Hit(entry.place, {"size": size.number, "users": users}, _labels(size, "the size of each pool"))


def _size(pooler: Pooler, entry: BouncerEntry) -> Effective:
    user = entry.parameter("user")
    return pool_size(pooler, entry, (user.value or "") if user is not None else "")


def _own_or_general(pooler: Pooler, entry: BouncerEntry, name: str) -> Effective:
    own = entry.parameter(name)
    return own if own is not None and (own.number or 0) >= 0 else pooler.bouncer.setting(name)


def _labels(setting: Effective, words: str) -> tuple[Label, ...]:
    return (Label(setting.place, words),) if setting.is_written and setting.place is not None else ()


def _seconds(setting: Effective) -> float | None:
    try:
        return float(setting.value) if setting.value is not None else None
    except ValueError:
        return None


def _text(entry: BouncerEntry, key: str) -> str:
    said = entry.parameter(key)
    return (said.value or "") if said is not None else ""
