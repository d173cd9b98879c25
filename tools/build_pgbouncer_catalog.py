"""Makes src/pgfpmlint/catalog/data/pgbouncer.json from facts collected from running PgBouncers.

Usage: python tools/build_pgbouncer_catalog.py FOLDER [--date YYYY-MM-DD]

FOLDER holds ``pgbouncer.json`` (SHOW CONFIG of every version side by side, types and first versions from the parameter
tables of the release tags) and, as a cross-check, ``pgbouncer-show-config-VERSION.json`` (SHOW CONFIG of one version).
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

OUTPUT = Path(__file__).resolve().parent.parent / "src/pgfpmlint/catalog/data/pgbouncer.json"

# SHOW CONFIG shows "" both for an empty default and for none. Without one, a second [pgbouncer] leaves the value alone:
# fill_defaults() in libusual's cfparser.c passes over it. From the table in src/main.c; run on 1.18 for those it has.
WITHOUT_DEFAULT = frozenset(
    [
        "auth_dbname",
        "auth_file",
        "auth_ident_file",
        "auth_ldap_options",
        "auth_user",
        "client_tls13_ciphers",
        "conffile",
        "server_tls13_ciphers",
        "tcp_defer_accept",
        "user",
        "verbose",
    ]
)

GOT_A_DEFAULT = {"tcp_defer_accept": "1.17"}

# Debian's 1.18.0-1+deb12u1 backports the auth_query of 1.24.1 (CVE-2025-2291).
DEBIAN = {"auth_query": {"1.18": "1.24.1"}}


def compact(facts: dict[str, Any], stamp: str) -> dict[str, Any]:
    return {
        "stamp": {"product": "pgbouncer", "versions": facts["versions_run"], "date": stamp},
        "parameters": {parameter["name"]: _parameter(parameter) for parameter in facts["parameters"]},
        "databases": _keys(facts["database_keys"]),
        "users": _keys(facts["user_keys"]),
        "peers": _keys(facts["peer_keys"]),
    }


def _parameter(facts: dict[str, Any]) -> dict[str, Any]:
    """Only what differs from the usual is kept: a string that RELOAD changes and that has one default, ``""``."""
    history = facts["default_history"] or [{"from": "", "default": facts["default"]}]
    defaults = [[_version(step["from"]) if number else "", step["default"]] for number, step in enumerate(history)]
    out: dict[str, Any] = {"since": _version(facts["since"])}
    if facts["type"] != "string":
        out["type"] = facts["type"]
    if defaults != [["", ""]]:
        out["defaults"] = defaults
    if facts["removed"]:
        out["removed"] = _version(facts["removed"])
    if facts["unit"] in ("s", "ms", "bytes"):
        out["unit"] = facts["unit"]
    if facts["allowed"]:
        out["words"] = [_word(word) for word in facts["allowed"]]
    if not facts["reloadable"]:
        out["reloadable"] = None
    elif facts["reloadable_history"]:
        out["reloadable"] = _version(next(step["from"] for step in facts["reloadable_history"] if step["reloadable"]))
    if facts["name"] in WITHOUT_DEFAULT:
        out["kept until"] = GOT_A_DEFAULT.get(facts["name"], "")
    for debian, upstream in DEBIAN.get(facts["name"], {}).items():
        out["debian"] = [debian, next(step["default"] for step in history if step["from"] == upstream)]
    return out


def _keys(facts: list[dict[str, Any]]) -> dict[str, str]:
    return {key["name"]: _version(key["since"]) for key in facts}


def _word(text: str) -> list[str]:
    """``"ldap (1.25+, build option)"`` as word and first version."""
    word, _, note = text.partition(" (")
    return [word, note.partition("+")[0] if "+" in note else ""]


def _version(text: str) -> str:
    """``"<=1.5"`` and ``"1.19.0"`` as ``"1.5"`` and ``"1.19"``."""
    return text.removeprefix("<=").removesuffix(".0")


def cross_check(catalog: dict[str, Any], version: str, shown: dict[str, Any]) -> list[str]:
    """Where the catalog and one version's own SHOW CONFIG disagree."""
    number = _number(version)
    wrong = []
    for name, facts in catalog["parameters"].items():
        known = _number(facts["since"]) <= number and ("removed" not in facts or number < _number(facts["removed"]))
        if known != (name in shown):
            wrong.append(f"{version}: {name} is {'not ' if known else ''}there")
        elif known:
            steps = facts.get("defaults", [["", ""]])
            default = [text for since, text in steps if not since or _number(since) <= number][-1]
            if facts.get("debian", [""])[0] == ".".join(version.split(".")[:2]):
                default = facts["debian"][1]
            if default != shown[name]["default"] and name not in WITHOUT_DEFAULT:
                wrong.append(f"{version}: {name} defaults to {shown[name]['default']!r}, not {default!r}")
    return wrong + [f"{version}: {name} is not in the catalog" for name in shown if name not in catalog["parameters"]]


def _number(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--date", default=date.today().isoformat())
    given = arguments.parse_args()
    facts = json.loads((given.folder / "pgbouncer.json").read_text("utf-8"))
    catalog = compact(facts, given.date)
    wrong: list[str] = []
    for path in sorted(given.folder.glob("pgbouncer-show-config-*.json")):
        one = json.loads(path.read_text("utf-8"))
        wrong += cross_check(catalog, one["version"], one["parameters"])
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        return 1
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps(catalog, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
