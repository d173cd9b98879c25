"""Every recorded answer of a real server about pg_hba.conf and pg_ident.conf, on every version that gave it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pgfpmlint.catalog.version import POSTGRESQL, ServerVersion
from pgfpmlint.catalog.version import parse as parse_version
from pgfpmlint.model.hba_match import Connection, decide
from pgfpmlint.model.ident_map import allows
from pgfpmlint.resolve import hba, ident
from pgfpmlint.resolve.hba.options import SECRETS
from pgfpmlint.source.memory import MemoryTree

DATA = "/var/lib/postgresql/data"
VECTORS = sorted((Path(__file__).parent.parent / "fixtures/vectors").glob("pg-hba*.cases.json"))
CASES: list[tuple[dict[str, Any], ServerVersion]] = [
    (case, parse_version(POSTGRESQL, version, "the vector"))
    for path in VECTORS
    for case in json.loads(path.read_text())
    for version in case["versions"]
]
IDS = [f"{case['id']}-{version}{version.build}" for case, version in CASES]
HBA = [(case, version) for case, version in CASES if "pg_hba.conf" in case["files"]]


def root_of(case: dict[str, Any]) -> Any:
    files = {f"{DATA[1:]}/{name}": text.encode() for name, text in case["files"].items()}
    return MemoryTree(files).root("db", "", complete=True)


def read_hba(case: dict[str, Any], version: ServerVersion) -> hba.HbaReading:
    # oauth_validator_libraries was at its default on every server that was asked
    return hba.read(root_of(case), f"{DATA}/pg_hba.conf", version, oauth_validators=())


def read(case: dict[str, Any], version: ServerVersion) -> hba.HbaReading | ident.IdentReading:
    if "pg_hba.conf" in case["files"]:
        return read_hba(case, version)
    return ident.read(root_of(case), f"{DATA}/pg_ident.conf", version)


def said(case: dict[str, Any]) -> list[tuple[int | None, str]]:
    """The objections in a case's ``error``, with their lines where it tells them."""
    found: list[tuple[int | None, str]] = []
    for line in (case["error"] or "").replace("<datadir>", DATA).split("\n"):
        if line.startswith("line "):
            number, _, message = line[5:].partition(": ")
            found.append((int(number), message))
        elif line.startswith("CONTEXT:  line "):
            found[-1] = (int(line.split()[2]), found[-1][1])
        elif line and not line.endswith("was not reloaded"):
            found.append((None, line.removeprefix("LOG:  ")))
    return found


@pytest.mark.parametrize(("case", "version"), CASES, ids=IDS)
def test_accepted_or_refused_as_the_server_does(case: dict[str, Any], version: ServerVersion) -> None:
    assert read(case, version).reading.accepted == case["accepted"]


@pytest.mark.parametrize(("case", "version"), CASES, ids=IDS)
def test_refused_in_the_words_of_the_server(case: dict[str, Any], version: ServerVersion) -> None:
    problems = [(problem.place.line, problem.says) for problem in read(case, version).reading.problems]
    assert [says for _, says in problems] == [says for _, says in said(case)]
    for (line, _), (expected, _) in zip(problems, said(case)):
        assert expected in (None, line) or counts_otherwise(case)


def counts_otherwise(case: dict[str, Any]) -> bool:
    """Whether the server's lines are not the file's: some are joined, or one is too long for its buffer. A problem
    then stands where its words are; that the rows have the server's number is asked below."""
    text = next(iter(case["files"].values()))
    return "\\\n" in text or "\0" in text or max(map(len, text.split("\n"))) > 10000


@pytest.mark.parametrize(("case", "version"), CASES, ids=IDS)
def test_shown_as_the_view_shows_it(case: dict[str, Any], version: ServerVersion) -> None:
    expected = case["values"] or {}
    if "matches" in expected:
        return
    found = read(case, version)
    values = hba.values(found) if isinstance(found, hba.HbaReading) else ident.values(found)
    ((kind, rows),) = values.items()
    assert isinstance(rows, list)
    good = json.loads(json.dumps([row for row in rows if "error" not in row]).replace(DATA, "<datadir>"))
    # The vectors hold good rows only, and none of a file whose every line is bad. Secrets are masked in what is
    # shown, so they are compared with what the records hold.
    for row in good:
        for record in found.records if isinstance(found, hba.HbaReading) else ():
            for name, value in record.options:
                if name in SECRETS and f"{name}=********" in row.get("options", ()):
                    row["options"][row["options"].index(f"{name}=********")] = f"{name}={value}"
    if case["accepted"] or expected:
        assert good == expected[kind]
    bad = [(row["line"], row["error"]) for row in rows if "error" in row]
    assert bad == [(line, says) for line, says in said(case) if line is not None]


MATCHES = [(case, version) for case, version in HBA if "matches" in (case["values"] or {})]
MATCH_IDS = [f"{case['id']}-{version}{version.build}" for case, version in MATCHES]
ROLES = {"alice": frozenset({"grp"})}
PASSED = "authenticated without password"


def connection_of(attempt: dict[str, Any]) -> Connection:
    replication = {"true": "physical", "database": "logical"}.get(attempt.get("replication", ""), "none")
    return Connection(
        type="local" if attempt["type"] == "local" else "host",
        database=attempt["database"],
        user=attempt["user"],
        address=attempt.get("addr"),
        tls=attempt["type"] == "hostssl",
        replication=replication,
        roles=ROLES.get(attempt["user"], frozenset()),
    )


@pytest.mark.parametrize(("case", "version"), MATCHES, ids=MATCH_IDS)
def test_the_record_that_decides(case: dict[str, Any], version: ServerVersion) -> None:
    """The servers told the line after a failed login; where none failed, a refusal or a success is what they said."""
    found = read_hba(case, version)
    for attempt in case["values"]["matches"]:
        decision = decide(found.records, connection_of(attempt), version)
        reply = attempt["result"].get("reply")
        assert decision.verdict == ("admitted" if reply in (None, PASSED) else "rejected")
        if decision.verdict == "rejected":
            assert decision.why == reply
        else:
            assert decision.record is not None
            assert decision.record.place.line == attempt["result"]["line"] or reply == PASSED


@pytest.mark.parametrize(
    ("case", "version"),
    [(case, version) for case, version in MATCHES if "pg_ident.conf" in case["files"]],
    ids=[name for name, (case, _) in zip(MATCH_IDS, MATCHES) if "pg_ident.conf" in case["files"]],
)
def test_the_map_lets_in_whom_the_server_lets_in(case: dict[str, Any], version: ServerVersion) -> None:
    maps = ident.read(root_of(case), f"{DATA}/pg_ident.conf", version)
    (record,) = read_hba(case, version).records
    name = dict(record.options)["map"]
    for attempt in case["values"]["matches"]:
        user = attempt["user"]
        passed = allows(maps.mappings, name, "root", user, version, ROLES.get(user, frozenset()))
        assert passed == (attempt["result"].get("reply") == PASSED)
