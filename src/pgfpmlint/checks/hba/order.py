"""The order of pg_hba.conf records: the first that matches decides, there is no falling through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.hba_cover import unreachable
from pgfpmlint.model.nodes import HbaFile
from pgfpmlint.model.world import World


def unreachable_record(file: HbaFile, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Earlier records decide about every connection that this one could match."""
    for record, covering in unreachable(file.reading.records):
        lines = " and ".join(f"line {earlier.place.line}" for earlier in covering)
        yield Hit(
            record.place,
            {"earlier": lines, "method": record.method, "decided": covering[0].method},
            tuple(Label(earlier.place, "matches first") for earlier in covering),
        )
