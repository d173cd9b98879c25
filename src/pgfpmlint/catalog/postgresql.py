"""The parameters of PostgreSQL 12 to 19, as real servers list them.

Data: data/postgresql/<major>.json, made by tools/build_postgresql_catalog.py; 19 is measured on its first release
candidate. A file holds one row a parameter, read when the parameter is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache

from pgfpmlint.catalog.version import NEWEST, OLDEST, POSTGRESQL, ServerVersion
from pgfpmlint.record import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any

FOLDER = __file__.rpartition("/")[0] + "/data/postgresql"

NO_WORDS: Mapping[str, str] = {}

WORKED_OUT = frozenset({
    "client_encoding", "commit_timestamp_buffers", "io_max_concurrency", "lc_messages", "lc_monetary", "lc_numeric",
    "lc_time", "max_stack_depth", "subtransaction_buffers", "timing_clock_source", "transaction_buffers", "wal_buffers",
})  # fmt: skip
"""Parameters whose default stands for what the server works out when it starts, from the machine or from others."""


class Setting(NamedTuple):
    """One parameter of one major version.

    ``name`` is spelt as pg_settings spells it (``DateStyle``). ``type`` is ``bool``, ``integer``, ``real``, ``string``
    or ``enum``; ``unit`` the base unit of a bare number (``kB``, ``8kB``, ``ms`` …) or ``""``; ``default`` pg_settings'
    boot_val, which may be None; ``low`` and ``high`` the limits of numbers, in the base unit, as text. ``choices`` are
    the words that pg_settings.enumvals lists, of any build; ``synonyms`` further words that are accepted without
    being listed, each with the word that it is shown as.
    """

    name: str
    type: str
    context: str
    default: str | None
    unit: str = ""
    low: str = ""
    high: str = ""
    choices: tuple[str, ...] = ()
    synonyms: Mapping[str, str] = NO_WORDS

    @property
    def settable(self) -> bool:
        """Whether a file may set it at all."""
        return self.context != "internal"


class Catalog:
    """What one server version knows. Names may be written in any case."""

    def __init__(self, version: ServerVersion, data: Mapping[str, Any]) -> None:
        self.version = version
        self.major: int = data["major"]
        self.measured: str = data["version"]
        """The release whose pg_settings this is: ``18.4``, ``19rc1``."""
        self._data = data
        self._rows: Mapping[str, list[Any]] = data["settings"]
        self._known: dict[str, Setting] = {}
        # Ubuntu's packages are built from Debian's, patches included.
        self._is_debian = version.build.startswith(("Debian", "Ubuntu"))

    def __contains__(self, name: str) -> bool:
        return self._row(self.canonical(name)) is not None

    def canonical(self, name: str) -> str:
        """The lower-case name under which a parameter is kept: an old name's new one, else the name itself."""
        lower = name.lower()
        aliases: Mapping[str, str] = self._data["aliases"]
        return aliases.get(lower, lower)

    def setting(self, name: str) -> Setting | None:
        """The parameter of that name, None when this version knows none."""
        key = self.canonical(name)
        known = self._known.get(key)
        if known is None:
            row = self._row(key)
            if row is None:
                return None
            known = self._known[key] = self._setting(key, row)
        return known

    def names(self) -> Iterator[str]:
        """Every lower-case name that a file may hold, old names included."""
        yield from self._rows
        yield from self._data["aliases"]
        yield from (name for name in self._data["later"] if name in self)

    def defaults(self) -> Iterator[tuple[str, str]]:
        """Name and default of all that a file may set and pg_settings shows, where that is the same on every machine
        and in every build."""
        uncertain = WORKED_OUT.union(self._data["hidden"], self._data["debian"])
        cased: Mapping[str, str] = self._data["cased"]
        for key, row in self._rows.items():
            if key not in uncertain and row[1] != "internal" and row[2] is not None:
                yield cased.get(key, key), row[2]

    def is_listed(self, name: str) -> bool:
        """Whether pg_settings shows the parameter: some are accepted in a file and never shown."""
        return name in self and self.canonical(name) not in self._data["hidden"]

    def _row(self, key: str) -> list[Any] | None:
        row = self._rows.get(key)
        if row is None and key in self._data["later"]:
            after, build, later = self._data["later"][key]
            number = self.version.number
            # A minor release that is not known may be any, and so may the build.
            if (len(number) < 2 or number[1] > after) and (not build or not self.version.build or self._is_debian):
                row = later
        return row

    def _setting(self, key: str, row: list[Any]) -> Setting:
        kind, context, default = row[:3]
        name = self._data["cased"].get(key, key)
        if self._is_debian:
            default = self._data["debian"].get(key, default)
        if kind == "enum":
            words = row[4] if len(row) > 4 else NO_WORDS
            return Setting(name, kind, context, default, choices=tuple(row[3]), synonyms=words)
        return Setting(name, kind, context, default, *row[3:])


@lru_cache(maxsize=32)
def catalog(version: ServerVersion) -> Catalog:
    """The catalog of that version; of the nearest known one for a version that is older or newer than all of them."""
    major = min(max(version.major, OLDEST[POSTGRESQL][0]), NEWEST[POSTGRESQL][0])
    return Catalog(version, _read(str(major)))


def majors() -> range:
    """The major versions that the catalogs know."""
    return range(OLDEST[POSTGRESQL][0], NEWEST[POSTGRESQL][0] + 1)


class Life(NamedTuple):
    """When a parameter came and went (versions as text, ``""`` where that is outside what is known), and what took
    its place, in words that complete "use …"."""

    since: str
    gone: str
    use: str


def life(name: str) -> Life | None:
    """The life of a parameter that some version knows and some other does not; None for any other name."""
    entry = _read("history")["names"].get(name.lower())
    return None if entry is None else Life(*entry)


@lru_cache(maxsize=16)
def _read(name: str) -> Mapping[str, Any]:
    with open(f"{FOLDER}/{name}.json", encoding="utf-8") as file:
        data: Mapping[str, Any] = json.load(file)
    return data
