"""Whether WAL that is to be archived has anything to archive it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.nodes import Instance
from pgfpmlint.model.world import World
from pgfpmlint.resolve.settings import Effective

COMMAND, LIBRARY = "archive_command", "archive_library"


def archive_without_command(instance: Instance, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """archive_mode is on, and neither way to archive is set; the library is known since PostgreSQL 15."""
    mode, ways = instance.postgres.setting("archive_mode"), _ways(instance)
    if mode.value in ("on", "always") and mode.place is not None and all(way.value == "" for way in ways):
        empty = tuple(Label(way.place, "is empty") for way in ways if way.is_written and way.place is not None)
        yield Hit(mode.place, {"mode": mode.value, "ways": " or ".join(way.name for way in ways)}, empty)


def two_ways_to_archive(instance: Instance, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Both are set: PostgreSQL 15 takes the library, and from 16 on the archiver ends at once."""
    if instance.postgres.reading.version.major < 16:
        return
    mode, ways = instance.postgres.setting("archive_mode"), _ways(instance)
    command, library = ways
    if mode.value in ("on", "always") and command.value and library.value and library.place and command.place:
        yield Hit(library.place, {}, (Label(command.place, "is set as well"),))


def _ways(instance: Instance) -> tuple[Effective, ...]:
    names = (COMMAND, LIBRARY) if instance.postgres.reading.version.major >= 15 else (COMMAND,)
    return tuple(map(instance.postgres.setting, names))
