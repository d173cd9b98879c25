"""Which record of PgBouncer's own auth_hba_file decides about a client, as hba_eval() in its src/hba.c finds it.

Much like PostgreSQL's: the first that matches decides, and without one nobody gets in. A client's database is the name
that it asks PgBouncer for.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.resolve import ip

if TYPE_CHECKING:
    from pgfpmlint.resolve.pgbouncer.hba import PoolerHbaReading, PoolerRecord


class Knock(NamedTuple):
    """A client at the door. ``address`` is None where it is not known, or where it comes through the Unix socket."""

    type: str
    address: str | None
    tls: bool
    database: str
    user: str


def deciding(hba: PoolerHbaReading, knock: Knock) -> tuple[PoolerRecord | None, ...] | None:
    """The records that may decide, in order, and at last None where it may be that none matches. One item is certain.
    None in the stead of all where records may stand before them that can't be read here."""
    lost = [missing.place.start for missing in hba.reading.unread if missing.place is not None]
    first_lost = min(lost, default=None)
    if first_lost is None and hba.reading.unread:
        return None
    found: list[PoolerRecord | None] = []
    for record in hba.records:
        fits = _matches(record, knock)
        if fits is False:
            continue
        if first_lost is not None and record.place.start >= first_lost:
            return None
        found.append(record)
        if fits and not record.place.condition:
            return tuple(found)
    return None if lost else (*found, None)


def _matches(record: PoolerRecord, knock: Knock) -> bool | None:
    if (record.type == "local") != (knock.type == "local"):
        return False
    if (record.type == "hostssl" and not knock.tls) or (record.type == "hostnossl" and knock.tls):
        return False
    if not _named(record, 0, knock.database, knock.user) or not _named(record, 1, knock.user, knock.database):
        return False
    return _from(record, knock.address)


def _named(record: PoolerRecord, column: int, name: str, other: str) -> bool:
    words = record.keywords[column]
    if "all" in words or ("sameuser" in words and name == other):
        return True
    return name in _plain(record.users if column else record.databases, words)


def _plain(names: tuple[str, ...], words: frozenset[str]) -> Iterator[str]:
    """Names that are no words; who is called like a word in use of this record, is not told from it."""
    return (name for name in names if name not in words)


def _from(record: PoolerRecord, address: str | None) -> bool | None:
    wanted = record.address
    if wanted is None or not wanted.family:
        return True
    client = ip.parse(address) if address is not None else None
    if client is None:
        return None
    return client[0] == wanted.family and client[1] & wanted.mask == wanted.address
