"""What each version of PHP-FPM knows: its directives, where they stand, and their defaults.

The data was read from running servers; tools/build_php_fpm_catalog.py makes it.
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


class Directive(NamedTuple):
    """A directive. ``type`` is ``string``, ``int``, ``time``, ``bool``, ``enum`` or ``core`` (a core file's size).

    ``defaults`` are oldest first, each with its first version, as ``php-fpm -tt`` prints them; empty where FPM has
    none. ``words`` are what an enum takes, in any case. ``build`` names what only some builds have (``systemd``,
    ``acl``, ``apparmor``, ``freebsd``). ``stored``: FPM keeps an array's entries under this other name.
    """

    name: str
    type: str
    since: Number
    defaults: tuple[tuple[Number, str], ...]
    words: tuple[str, ...]
    build: str
    stored: str

    def known_to(self, version: ServerVersion) -> bool:
        return version.at_least(*self.since)

    def default(self, version: ServerVersion) -> str | None:
        found = None
        for since, text in self.defaults:
            if version.at_least(*since):
                found = text
        return found


class Catalog(NamedTuple):
    """The directives of ``[global]``, of pools, and the arrays of pools (``env[…]``), each by name."""

    versions: tuple[str, ...]
    date: str
    globals: Mapping[str, Directive]
    pool: Mapping[str, Directive]
    arrays: Mapping[str, Directive]


_loaded: list[Catalog] = []


def load() -> Catalog:
    """The catalog; read once per run."""
    if not _loaded:
        path = os.path.join(os.path.dirname(__file__), "data", "php-fpm.json")
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        stamp = data["stamp"]
        sections = [_directives(data[section]) for section in ("global", "pool", "arrays")]
        _loaded.append(Catalog(tuple(stamp["versions"]), stamp["date"], *sections))
    return _loaded[0]


def _directives(facts: Mapping[str, Any]) -> dict[str, Directive]:
    return {
        name: Directive(
            name,
            fact.get("type", "string"),
            _number(fact.get("since", "")),
            tuple((_number(since), text) for since, text in fact.get("defaults", ())),
            tuple(fact.get("words", ())),
            fact.get("build", ""),
            fact.get("stored", name),
        )
        for name, fact in facts.items()
    }


def _number(text: str) -> Number:
    return tuple(map(int, text.split("."))) if text else ()
