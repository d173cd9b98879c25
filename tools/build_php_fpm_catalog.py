"""Makes src/pgfpmlint/catalog/data/php-fpm.json from facts collected from running PHP-FPMs.

Usage: python tools/build_php_fpm_catalog.py FACTS.json [--date YYYY-MM-DD]

FACTS.json lists every directive with its section, type, first version and the default that ``php-fpm -tt`` of each
version run printed; versions not run are from the manual and the change log.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any

OUTPUT = Path(__file__).resolve().parent.parent / "src/pgfpmlint/catalog/data/php-fpm.json"

# Directives that only some builds have; the facts say so in a note.
BUILDS = {
    "systemd": "builds with systemd",
    "acl": "builds with --with-fpm-acl",
    "apparmor": "builds with --with-fpm-apparmor",
    "freebsd": "FreeBSD only",
}

# Flags are stored as values, and are what a script sees them as: fpm_conf_ini_parser_array() in fpm_conf.c.
STORED = {"php_flag": "php_value", "php_admin_flag": "php_admin_value"}


def compact(facts: dict[str, Any], stamp: str) -> dict[str, Any]:
    catalog: dict[str, Any] = {
        "stamp": {"product": "php-fpm", "versions": facts["versions_run"], "date": stamp},
        "global": {},
        "pool": {},
        "arrays": {},
    }
    for directive in facts["directives"]:
        if directive["name"] == "include":
            continue  # no directive of a section: it is taken before FPM looks any name up
        name, _, index = directive["name"].partition("[")
        catalog["arrays" if index else directive["section"]][name] = _directive(directive, name)
    return catalog


def _directive(facts: dict[str, Any], name: str) -> dict[str, Any]:
    """Only what differs from the usual is kept: a string that 5.6 had and that is undefined by default."""
    out: dict[str, Any] = {}
    kind = facts["type"].removeprefix("array").strip(" ()") or "string"
    if "unlimited" in (facts["allowed"] or ""):
        kind = "core"
    if kind != "string":
        out["type"] = kind
    if kind == "enum":
        out["words"] = _words(facts["allowed"])
    if name in STORED:
        out["stored"] = STORED[name]
    if facts["since"] != "<=5.6":
        out["since"] = facts["since"]
    for build, words in BUILDS.items():
        if words in (facts["note"] or ""):
            out["build"] = build
    defaults = _defaults(facts)
    if defaults:
        out["defaults"] = defaults
    return out


def _defaults(facts: dict[str, Any]) -> list[list[str]]:
    """``[[first version, default], …]``, oldest first."""
    history = facts["default_by_version"]
    if facts["name"] == "log_level":
        return [["", "NOTICE"]]  # in the form of a written one; -tt has no word for the default
    if not history:
        return [["", facts["default"]]] if facts["default"] not in (None, "undefined") else []
    steps: list[list[str]] = []
    for version, default in history.items():
        if default not in (None, "undefined") and (not steps or steps[-1][1] != default):
            steps.append([".".join(version.split(".")[:2]) if steps else "", default])
    return steps


def _words(allowed: str) -> list[str]:
    """``"debug warning(warn) LOCAL0..LOCAL7 (any case)"`` as the words, in lower case."""
    words: list[str] = []
    for word in re.split(r"[ ()]+", allowed.replace("(any case)", "").strip()):
        first, _, last = word.partition("..")
        if last:
            words += [f"{first[:-1]}{number}" for number in range(int(first[-1]), int(last[-1]) + 1)]
        elif word:
            words.append(word)
    return [word.lower() for word in words]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("facts", type=Path)
    arguments.add_argument("--date", default=date.today().isoformat())
    given = arguments.parse_args()
    catalog = compact(json.loads(given.facts.read_text("utf-8")), given.date)
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps(catalog, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
