"""What each version of PgBouncer knows: its parameters, and the keys of its connection strings.

The data was read from running servers; tools/build_pgbouncer_catalog.py makes it.
"""

from __future__ import annotations

import json
import os.path
from collections.abc import Mapping

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.record import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any

Number = tuple[int, ...]


class Parameter(NamedTuple):
    """A parameter of [pgbouncer]. ``type`` is ``string``, ``int``, ``uint``, ``bool01``, ``seconds`` or ``enum``.

    ``defaults`` are oldest first, each with its first version; ``words`` are what an enum takes, likewise.
    ``reloadable`` is the first version that takes a new value on RELOAD, None where none does. ``kept_until``:
    before that version it had no default, so that a second [pgbouncer] did not put it back; empty where no version has
    one, None where all have. ``debian`` is Debian's own default of one version.
    """

    name: str
    type: str
    since: Number
    removed: Number | None
    unit: str
    defaults: tuple[tuple[Number, str], ...]
    words: tuple[tuple[str, Number], ...]
    reloadable: Number | None
    kept_until: Number | None
    debian: tuple[Number, str] | None

    def known_to(self, version: ServerVersion) -> bool:
        return version.at_least(*self.since) and not (self.removed and version.at_least(*self.removed))

    def keeps(self, version: ServerVersion) -> bool:
        """Whether a second [pgbouncer] leaves the value alone."""
        until = self.kept_until
        return until is not None and not (until and version.at_least(*until))

    def default(self, version: ServerVersion) -> str:
        """The default as SHOW CONFIG shows it."""
        if self.debian and version.build == "Debian" and version.number[:2] == self.debian[0]:
            return self.debian[1]
        return [text for since, text in self.defaults if version.at_least(*since)][-1]


class Catalog(NamedTuple):
    """``databases``, ``users`` and ``peers`` map each key of the section's connection strings to its first version."""

    versions: tuple[str, ...]
    date: str
    parameters: Mapping[str, Parameter]
    databases: Mapping[str, Number]
    users: Mapping[str, Number]
    peers: Mapping[str, Number]


_loaded: list[Catalog] = []


def load() -> Catalog:
    """The catalog; read once per run."""
    if not _loaded:
        path = os.path.join(os.path.dirname(__file__), "data", "pgbouncer.json")
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        _loaded.append(
            Catalog(
                versions=tuple(data["stamp"]["versions"]),
                date=data["stamp"]["date"],
                parameters={name: _parameter(name, facts) for name, facts in data["parameters"].items()},
                databases=_keys(data["databases"]),
                users=_keys(data["users"]),
                peers=_keys(data["peers"]),
            )
        )
    return _loaded[0]


def _parameter(name: str, facts: Mapping[str, Any]) -> Parameter:
    debian = facts.get("debian")
    reloadable = facts.get("reloadable", "")
    return Parameter(
        name,
        facts.get("type", "string"),
        _number(facts["since"]),
        _number(facts["removed"]) if "removed" in facts else None,
        facts.get("unit", ""),
        tuple((_number(since), text) for since, text in facts.get("defaults", (("", ""),))),
        tuple((word, _number(since)) for word, since in facts.get("words", ())),
        None if reloadable is None else _number(reloadable),
        _number(facts["kept until"]) if "kept until" in facts else None,
        (_number(debian[0]), debian[1]) if debian else None,
    )


def _keys(facts: Mapping[str, str]) -> dict[str, Number]:
    return {name: _number(since) for name, since in facts.items()}


def _number(text: str) -> Number:
    return tuple(map(int, text.split("."))) if text else ()
