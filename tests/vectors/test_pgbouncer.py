"""Every recorded answer of fifteen real PgBouncers, repeated by our reading of the same files."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from pgfpmlint.catalog import version
from pgfpmlint.resolve.pgbouncer import BouncerReading, read, values
from pgfpmlint.resolve.pgbouncer import hba as pgbouncer_hba
from pgfpmlint.resolve.pgbouncer import ident as pgbouncer_ident
from pgfpmlint.source.memory import MemoryRoot

HERE = Path(__file__).parent.parent / "fixtures/vectors"
FOLDER = "/etc/pgbouncer"

# Refusals that the machine decides, not the files.
OF_THE_HOST = {
    "pgb-user-unknown": "the account does not exist on that machine",
    "pgb-logfile-bad": "the folder of the log does not exist there",
    "pgb-pidfile-bad": "the folder of the pid file does not exist there",
    "pgb-include-relative-cwd": "started in /, while the included file lies beside the configuration: no file tells "
    "the working directory, so the file beside it is read",
}

# What only a client's attempt shows, not the configuration.
UNKNOWABLE = ("connect ",)


CASES = [case for path in sorted(HERE.glob("pgbouncer*.cases.json")) for case in json.loads(path.read_text("utf-8"))]


def named(case: dict[str, Any]) -> str:
    return str(case["id"])


def reading(case: dict[str, Any], running: str) -> BouncerReading:
    """The case's first file, read with the others beside it. A case with a reload counts up to its first load only:
    what a running PgBouncer keeps of its old settings is no question of one set of files."""
    files: dict[str, bytes] = {}
    for name, text in case["files"].items():
        encoded = name in case.get("files_base64", ())
        data = base64.b64decode(text) if encoded else text.replace("<dir>", FOLDER).encode("utf-8", "surrogateescape")
        files[f"etc/pgbouncer/{name}"] = data
    root = MemoryRoot("edge", "", files, complete=True)
    main = next(iter(case["files"]))
    there = version.parse(version.PGBOUNCER, running, "the vector")
    return read(root, f"{FOLDER}/{main}", there, marks=())  # the server gets the file as it is


def of_the_host(case: dict[str, Any]) -> bool:
    return "of_machine" in case or case["id"].partition("@")[0] in OF_THE_HOST


@pytest.mark.parametrize("case", CASES, ids=named)
def test_accepted_and_values(case: dict[str, Any]) -> None:
    wanted = {name: value for name, value in (case["values"] or {}).items() if not name.startswith(UNKNOWABLE)}
    for running in case["versions"]:
        found = reading(case, running)
        assert found.reading.accepted == (case["accepted"] or of_the_host(case)), (running, found.reading.problems)
        shown = values(found)
        assert {name: shown.get(name) for name in wanted} == wanted, running


@pytest.mark.parametrize("case", [one for one in CASES if not one["accepted"] and not of_the_host(one)], ids=named)
def test_what_the_server_says(case: dict[str, Any]) -> None:
    """Our first objection is in the server's own words, and on the line that it names."""
    said = [line.partition(" ")[2].replace("<dir>", FOLDER) for line in case["error"].splitlines()]
    at = re.compile(rf" \({FOLDER}/([^:]*):(\d+)\)")
    plain = {re.sub(r"^@src/\S+ in function \S+ ", "", at.sub("", line)) for line in said}
    places = {(name, int(line)) for line in said for name, line in at.findall(line)}
    for running in case["versions"]:
        first = next(problem for problem in reading(case, running).reading.problems if problem.refuses)
        if "getaddrinfo" in first.says:  # how a name fails to resolve is the network's affair
            assert first.says.partition(" = ")[0] in {line.partition(" = ")[0] for line in plain}, running
        else:
            assert first.says in plain, running
        assert not places or (first.place.path.removeprefix("etc/pgbouncer/"), first.place.line) in places, running


IGNORED = re.compile(r"could not parse (hba|ident) config line (\d+)")


@pytest.mark.parametrize("case", [one for one in CASES if "hba.conf" in one["files"] and one["accepted"]], ids=named)
def test_its_own_access_files(case: dict[str, Any]) -> None:
    """The lines that PgBouncer passes over, in its own words."""
    log = "\n".join(case.get("log", ()))
    for running in case["versions"]:
        there = version.parse(version.PGBOUNCER, running, "the vector")
        files = {f"etc/pgbouncer/{name}": text.encode() for name, text in case["files"].items()}
        root = MemoryRoot("edge", "", files, complete=True)
        maps: frozenset[str] = frozenset()
        said: list[tuple[str, str]] = []
        problems = []
        if "auth_ident_file" in case["files"]["pgbouncer.ini"]:
            mappings = pgbouncer_ident.read(root, f"{FOLDER}/ident.conf", there)
            maps, problems = mappings.maps or maps, [*mappings.reading.problems]
            said += [("ident", str(number)) for number in mappings.ignored]
        records = pgbouncer_hba.read(root, f"{FOLDER}/hba.conf", there, maps)
        said += [("hba", str(number)) for number in records.ignored]
        problems += records.reading.problems
        assert said == IGNORED.findall(log), running
        assert all(problem.says in log for problem in problems), running
        outside = [problem for problem in problems if problem.rule == "pooler/hba-address-never-matches"]
        assert len(outside) == log.count("address does not match mask"), running


@pytest.mark.parametrize("case", [one for one in CASES if one.get("log") and "connect" not in one], ids=named)
def test_what_the_server_logs(case: dict[str, Any]) -> None:
    """A database or user that 1.15 and older pass over with an error in the log is objected to in the same words."""
    for running in case["versions"]:
        for problem in reading(case, running).reading.problems:
            assert problem.says in "\n".join(case["log"]), running
