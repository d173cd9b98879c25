"""The files that the logging collector writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.nodes import Instance
from pgfpmlint.model.world import World

OTHERS = 0o004
PASSING = frozenset("YyGgsC")
"""Conversions of strftime() that never come back: of the year, the seconds since 1970, the century."""
WHOLE_DATES = frozenset("cDFx+")


def log_files_open_to_all(instance: Instance, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Every account may read the log, which lies where every account may go: a folder of the data directory is closed
    to all but the server's account and its group."""
    mode, folder = instance.postgres.setting("log_file_mode"), instance.postgres.setting("log_directory")
    if not _collects(instance) or not mode.is_written or mode.place is None or mode.number is None:
        return
    if mode.number & OTHERS and (folder.value or "").startswith("/") and folder.place is not None:
        values = {"mode": f"{mode.number:04o}", "folder": folder.value}
        fix = mode.rewritten("0640")
        yield Hit(mode.place, values, (Label(folder.place, "where they lie"),), fix=fix)


def log_files_never_emptied(instance: Instance, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A name that comes back each day, week or month, and files that are written on instead of anew."""
    name, truncate = (instance.postgres.setting(f"log_{key}") for key in ("filename", "truncate_on_rotation"))
    if not _collects(instance) or not name.is_written or name.place is None or truncate.value != "off":
        return
    used = {part[0] for part in (name.value or "").split("%")[1:] if part}
    if used and used.isdisjoint(PASSING | WHOLE_DATES):
        written = truncate.is_written and truncate.place is not None
        related = (Label(truncate.place, "is off"),) if written and truncate.place is not None else ()
        values = {"name": name.value, "default": "" if written else " (default)"}
        yield Hit(name.place, values, related)


def _collects(instance: Instance) -> bool:
    return instance.postgres.setting("logging_collector").value == "on"
