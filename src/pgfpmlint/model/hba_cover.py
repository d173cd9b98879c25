"""Which pg_hba.conf records can never decide, because earlier ones match everything that they could match.

The first record that matches decides, and there is no falling through: when authentication fails there, no other record
is tried (https://www.postgresql.org/docs/current/auth-pg-hba-conf.html).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.resolve.hba.record import HbaRecord

if TYPE_CHECKING:
    from pgfpmlint.model.hba_space import Covering
    from pgfpmlint.resolve.hba import HbaReading
    from pgfpmlint.resolve.hba.lines import Word

FEW = 24
"""Records of which each is first compared with each before it."""

REJECT = "reject"
OPENED, CLOSED, UNASKED, REPEATED, CHANGED = "opened", "closed", "unasked", "repeated", "changed"


_KEYWORDS = ("all", "sameuser", "samerole", "samegroup")


class Dead(NamedTuple):
    """A record that never decides, and earlier ones that match everything that it could match, in order; ``more`` than
    these where they are very many.

    ``effect``: ``opened``, it rejects, and they let in what no other record rejects; ``closed``, it lets in, and they
    reject; ``unasked``, it wants proof of who it is, and they trust; ``repeated``, they do what it does; ``changed``,
    anything else.
    """

    record: HbaRecord
    covering: tuple[HbaRecord, ...]
    more: bool
    effect: str


def dead_records(reading: HbaReading) -> list[Dead]:
    """The records of a file that never decide. Where a template chooses between records, one is only dead by those that
    are there whenever it is; and of lines that nobody knows, none may come before."""
    records: Sequence[HbaRecord] = reading.records
    if reading.partial:
        lost = [missing.place for missing in reading.reading.unread if missing.place is not None]
        main = reading.reading.main.source
        ends = [place.start for place in lost if place.source is main]
        if len(ends) < len(lost) or any(record.place.source is not main for record in records):
            return []
        records = [record for record in records if record.place.start < min(ends, default=0)]
    version = reading.reading.version
    conditions = dict.fromkeys(record.place.condition for record in records)
    if not any(conditions):
        return unreachable(records, version)
    found: list[Dead] = []
    for condition in conditions:
        there = [record for record in records if condition[: len(record.place.condition)] == record.place.condition]
        found += [dead for dead in unreachable(there, version) if dead.record.place.condition == condition]
    return found


def unreachable(records: Sequence[HbaRecord], version: ServerVersion) -> list[Dead]:
    """The dead records, in order."""
    if len(records) <= FEW and not any(
        _may_cover(earlier, record) for number, record in enumerate(records) for earlier in records[:number]
    ):
        return []
    from pgfpmlint.model.hba_space import Space

    matches = _matches(version)
    space, rejecting = Space(matches), Space(matches)
    found: list[Dead] = []
    for number, record in enumerate(records):
        covering = space.covering(record)
        if covering is None:
            space.add(record, number)
            if record.method == REJECT:
                rejecting.add(record, number)
            continue
        repeated = rejecting.covering(record) if record.method == REJECT else None
        covering = repeated or covering
        effect = REPEATED if repeated else _effect(record, records, covering)
        named = covering.deciding
        if covering.alone is not None and (effect in (REPEATED, CHANGED) or covering.alone in named):
            named = [covering.alone]
        elif effect == OPENED:
            named = [earlier for earlier in named if records[earlier].method != REJECT]
        more = covering.more and len(named) > 1
        found.append(Dead(record, tuple([records[earlier] for earlier in named]), more, effect))
    return found


def _may_cover(earlier: HbaRecord, record: HbaRecord) -> bool:
    """Whether ``earlier`` may match all of some part of ``record``; said so quickly that most files need no more."""
    if (earlier.type == "local") != (record.type == "local"):
        return False
    if earlier.network is not None and record.network is not None:
        family, address, mask = record.network
        if earlier.network[0] != family or (earlier.network[1] ^ address) & earlier.network[2] & mask:
            return False
    return _may_hold(earlier.databases, record.databases) and _may_hold(earlier.users, record.users)


def _may_hold(earlier: Sequence[Word], words: Sequence[Word]) -> bool:
    texts = {word.text for word in earlier}
    if all(word.text == "replication" and not word.quoted for word in words):
        return "replication" in texts
    if any(text in _KEYWORDS or text[:1] in ("+", "/") for text in texts):
        return True
    return any(word.text in texts or word.text == "sameuser" for word in words)


def _matches(version: ServerVersion) -> Callable[[str, str], bool | None] | None:
    """Before PostgreSQL 16 a name that begins with a slash is a name."""
    if version.major < 16:
        return None
    from pgfpmlint.resolve import posix_regex

    return posix_regex.matches


def _effect(record: HbaRecord, records: Sequence[HbaRecord], covering: Covering) -> str:
    if covering.more:
        return CHANGED
    deciding = [records[earlier] for earlier in covering.deciding]
    methods = {earlier.method for earlier in deciding}
    if record.method == REJECT:
        return OPENED if (covering.exact or REJECT not in methods) and not _is_the_rest(record) else CHANGED
    if methods == {REJECT}:
        return CLOSED
    if methods == {"trust"} and record.method != "trust" and not any(earlier.options for earlier in deciding):
        return UNASKED
    same = {(earlier.method, earlier.options) for earlier in deciding} == {(record.method, record.options)}
    return REPEATED if same else CHANGED


def _is_the_rest(record: HbaRecord) -> bool:
    """Whether a record is what people end a list with, to reject whatever no record before it has let in."""
    if record.type not in ("local", "host") or not any(word.text == "all" and not word.quoted for word in record.users):
        return False
    return record.network[2] == 0 if record.network is not None else record.address in (None, "all")
