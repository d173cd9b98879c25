"""Every recorded answer of PostgreSQL 12 to 18 about a postgresql.conf, repeated by our reading."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pgfpmlint.catalog.version import POSTGRESQL, parse
from pgfpmlint.resolve.postgres import PostgresReading, read, values
from pgfpmlint.resolve.postgres.startup import CONFLICT
from pgfpmlint.source.memory import MemoryRoot

VECTORS = sorted((Path(__file__).parent.parent / "fixtures/vectors").glob("postgresql-conf*.cases.json"))
CASES: list[dict[str, Any]] = [case for path in VECTORS for case in json.loads(path.read_text())]
DATA = "/var/lib/postgresql/data"

# The server refuses these for what its machine has or lacks, or for another file than postgresql.conf.
OUT_OF_REACH = {
    "pgconf-x-shared-preload": "whether a library can be loaded is the machine's",
    "pgconf-max-stack-depth": "the limit is that of the process's stack",
    "pgconf-x-hba-bad@12-15": "pg_hba.conf is read by resolve/hba.py",
    "pgconf-x-hba-bad@16-18": "pg_hba.conf is read by resolve/hba.py",
    "pgconf-x-hba-empty@12-15": "pg_hba.conf is read by resolve/hba.py",
    "pgconf-x-hba-empty@16-18": "pg_hba.conf is read by resolve/hba.py",
}

# What the log adds around the objections themselves.
ADDED = re.compile(
    r"contains errors|exited with exit code|terminating any other|aborting startup|is shut down"
    r"|^parameter .* changed to|cannot be changed without restarting"
)


def cases() -> Iterator[Any]:
    for case in CASES:
        for version in case["versions"]:
            yield pytest.param(case, version, id=f"{case['id']}-{version}")


def reading(case: dict[str, Any], version: str) -> PostgresReading:
    files = {}
    for name, text in case["files"].items():
        if text is not None:
            data = base64.b64decode(text) if name in case.get("files_base64", ()) else text.encode()
            files[f"{DATA}/{name}"[1:]] = data
    arguments = dict(pair.split("=", 1) for pair in case.get("args", ()) if "=" in pair)
    root = MemoryRoot("db", "", files, complete=True)
    told = parse(POSTGRESQL, version, "the case says so")
    return read(root, f"{DATA}/{next(iter(case['files']))}", told, command_line=arguments)


@pytest.mark.parametrize(("case", "version"), list(cases()))
def test_the_reading_is_the_servers(case: dict[str, Any], version: str) -> None:
    if case["id"] in OUT_OF_REACH:
        pytest.skip(OUT_OF_REACH[case["id"]])
    found = reading(case, version)
    # `postgres -C` reads and judges each value; what the server checks before it opens its doors it does not reach.
    parsed_only = case["phase"] == "parse"
    refusals = [p for p in found.reading.problems if p.refuses and not p.behind]
    objections = [p for p in refusals if not (parsed_only and "too many" in p.says)]
    if case["phase"] == "reload" and "pending_restart" in case:
        # A reload also counts as failed when a value has to wait for a restart; a start does not know that.
        assert not objections
        return
    assert bool(objections) is not case["accepted"], objections
    if case["accepted"]:
        shown = values(found)
        wanted = case["values"]
        if case["phase"] == "reload":
            wanted = {name: value for name, value in wanted.items() if name in found.settings}
        unset = {name: found.setting(name).value for name in wanted if name not in found.settings}
        assert {name: {**shown, **unset}[name] for name in wanted} == wanted
    else:
        assert [problem.says for problem in objections] == [*core_messages(case["error"])]


def core_messages(error: str) -> Iterator[str]:
    """The server's objections without level, file and line, hints and what the log adds."""
    for line in error.splitlines():
        level, _, message = line.partition(":  ")
        if not message:
            message = level.removeprefix("postgres: ")
        elif level not in ("LOG", "FATAL"):
            continue
        if not ADDED.search(message):
            message = message.replace("<datadir>", DATA).replace("<dir>", DATA)
            yield re.sub(r' in file "[^"]*" line \d+', "", message)


def test_conflicts_are_told_from_bad_values() -> None:
    """The cases above judge by text; that each objection stands under its own rule is asked once, here."""
    rules = {
        problem.rule
        for case in CASES
        if case["id"] not in OUT_OF_REACH
        for problem in reading(case, case["versions"][-1]).reading.problems
    }
    assert CONFLICT in rules
    assert len(rules) == 12
