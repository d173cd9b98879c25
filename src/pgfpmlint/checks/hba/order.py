"""The order of pg_hba.conf records: the first that matches decides, there is no falling through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.fix import SAFE, Fix, line_above, removed, without_lines
from pgfpmlint.finding.problem import Label
from pgfpmlint.model import hba_cover
from pgfpmlint.model.nodes import HbaFile
from pgfpmlint.model.world import World
from pgfpmlint.resolve.hba import HbaRecord

MOST_SHOWN = 3
"""Of many records that together match all that another could."""


def reject_comes_too_late(file: HbaFile, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A record rejects those whom earlier ones let in."""
    return _hits(file, world, hba_cover.OPENED)


def admission_comes_too_late(file: HbaFile, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A record lets in those whom earlier ones reject."""
    return _hits(file, world, hba_cover.CLOSED)


def trust_comes_first(file: HbaFile, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A record wants proof from those whom earlier ones trust."""
    return _hits(file, world, hba_cover.UNASKED)


def unreachable_record(file: HbaFile, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Earlier records decide otherwise about every connection that this one could match."""
    return _hits(file, world, hba_cover.CHANGED)


def repeated_record(file: HbaFile, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Earlier records decide the same about every connection that this one could match."""
    return _hits(file, world, hba_cover.REPEATED)


def _hits(file: HbaFile, world: World, effect: str) -> Iterator[Hit]:
    for dead in world.dead_records(file):
        if dead.effect == effect:
            shown = dead.covering[:MOST_SHOWN]
            lines = [_line(earlier, dead.record) for earlier in shown]
            if len(dead.covering) > len(shown) or dead.more:
                lines.append("others" if dead.more else f"{len(dead.covering) - len(shown)} more")
            one = len(lines) == 1
            values = {
                "earlier": " and ".join([", ".join(lines[:-1]), lines[-1]] if lines[1:] else lines),
                "first": lines[0],
                "method": dead.record.method,
                "decided": " or ".join(dict.fromkeys([earlier.method for earlier in dead.covering])),
                "match": "matches" if one else "match",
                "say": "says" if one else "say",
                "admit": "lets" if one else "let",
                "reject": "rejects" if one else "reject",
            }
            related = tuple([Label(earlier.place, "matches first") for earlier in shown])
            fix = removed(dead.record.place) if effect == hba_cover.REPEATED else _moved(dead.record, shown[0])
            yield Hit(dead.record.place, values, related, fix=fix)


def _moved(record: HbaRecord, above: HbaRecord) -> Fix | None:
    """The whole line, above that of the other; None where they are of two files."""
    source = record.place.source
    line = source.line_of(record.place.start)
    if above.place.source is not source or "\n" in record.place.text:
        return None
    return Fix(SAFE, (line_above(above.place, line.text), without_lines(record.place)))


def _line(earlier: HbaRecord, record: HbaRecord) -> str:
    line = f"line {earlier.place.line}"
    return line if earlier.place.path == record.place.path else f"{line} of {earlier.place.path}"
