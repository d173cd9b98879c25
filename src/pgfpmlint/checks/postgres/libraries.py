"""Settings of libraries that have to be loaded when the server starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.nodes import Instance
from pgfpmlint.model.world import World

LOADS = ("shared_preload_libraries", "session_preload_libraries", "local_preload_libraries")

PRELOADED = {
    "auth_delay": "auth_delay",
    "auto_explain": "auto_explain",
    "cron": "pg_cron",
    "pg_prewarm": "pg_prewarm",
    "pg_stat_monitor": "pg_stat_monitor",
    "pg_stat_statements": "pg_stat_statements",
    "pg_wait_sampling": "pg_wait_sampling",
    "pgaudit": "pgaudit",
    "timescaledb": "timescaledb",
}
"""Prefixes of settings, and the library that reads them and is of no use unless it is loaded beforehand: each says so
itself, PostgreSQL's own at https://www.postgresql.org/docs/current/contrib.html."""


def settings_of_no_library(instance: Instance, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A dotted name is taken from whoever writes it: PostgreSQL keeps it for a library that may come."""
    settings = instance.postgres.settings
    first: dict[str, str] = {}
    for name in settings:
        if "." in name:
            first.setdefault(name.partition(".")[0].lower(), name)
    wanted = [prefix for prefix in PRELOADED if prefix in first]
    loads = [instance.postgres.setting(name) for name in LOADS] if wanted else []
    if any(one.value is None for one in loads):
        return
    loaded = {_plain(part) for one in loads for part in (one.value or "").split(",")}
    written = tuple(Label(one.place, "loads others") for one in loads if one.is_written and one.value and one.place)
    for prefix in wanted:
        place = settings[first[prefix]].place
        if PRELOADED[prefix] not in loaded and place is not None:
            yield Hit(place, {"name": first[prefix], "library": PRELOADED[prefix]}, written)


def _plain(name: str) -> str:
    """``"$libdir/pgaudit.so"`` is pgaudit."""
    return name.strip().strip('"').rpartition("/")[2].removesuffix(".so")
