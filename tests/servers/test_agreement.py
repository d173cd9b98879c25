"""What we read is what the servers read, on files that nobody wrote.

The recorded cases are the ones that somebody thought of; these hundreds of generated files are not. The same files
come up in every run; ``PGFPMLINT_AGREEMENT=COUNT:SEED`` asks for others, or for more. ``make judge`` asks every server
that can be had about many thousands of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from pgfpmlint.model.hba_match import Connection, decide
from pgfpmlint.resolve import hba
from servers import found
from servers.conftest import absent, each
from servers.contest import contest, machine, version_of
from servers.found import Server
from servers.hba import HbaJudge
from servers.inputs import FORMATS, access_lists, generated
from servers.judge import PRODUCTS

pytestmark = pytest.mark.server

_COUNT, _, _SEED = os.environ.get("PGFPMLINT_AGREEMENT", "250:0").partition(":")


def _contests() -> list[object]:
    """Every format with every server that reads it."""
    pairs = [(kind, server) for kind in FORMATS for server in found.servers(PRODUCTS[kind])]
    return [pytest.param(*pair, id=f"{pair[1]}-{pair[0]}") for pair in pairs] or [absent("server", 2)]


@pytest.mark.parametrize(("kind", "server"), _contests())
def test_files_that_nobody_wrote(kind: str, server: Server, folder: Path) -> None:
    wrong: list[str] = []
    accepted = 0
    with contest(kind, server, folder) as judge:
        for files in generated(kind, range(int(_COUNT)), f"{_SEED} {server}"):
            answer = judge(files)
            accepted += answer.accepted
            wrong += [f"{files!r}\n    {difference}" for difference in answer.differences]
    assert not wrong, f"{len(wrong)} differences in {_COUNT} files\n" + "\n".join(wrong[:20])
    assert int(_COUNT) // 5 < accepted < int(_COUNT), "files that are all fine, or all bad, prove little"


@pytest.mark.parametrize("server", each("postgresql"))
def test_who_is_let_in(server: Server, hba_judge: Callable[[Server], HbaJudge]) -> None:
    """The record that decides about a connection, where we are sure; else it is among our candidates."""
    judge, version = hba_judge(server), version_of(server)
    wrong: list[str] = []
    sure = total = 0
    for text, attempts in access_lists.generated(int(_COUNT) // 10, int(_SEED or 0)):
        answer = judge.matches({"pg_hba.conf": text.encode()}, attempts, ssl="on")
        assert answer.accepted, answer.says
        records = hba.read(machine(), str(judge.data / "pg_hba.conf"), version).records
        for attempt in answer.values["matches"]:
            decision = decide(records, _connection(attempt), version)
            line, reply = attempt["result"]["line"], attempt["result"].get("reply")
            candidates = [record.place.line for record in decision.candidates]
            total += 1
            sure += decision.record is not None or not candidates
            if decision.verdict == "rejected" and decision.record:  # the server's log does not name it
                right = line is None
            elif decision.record:
                right = line == decision.record.place.line
            elif candidates:
                right = line is None or line in candidates
            else:
                right = line is None and decision.why == reply
            if not right:
                wrong.append(f"{text!r} {attempt}\n    we say {decision}")
    assert not wrong, f"{len(wrong)} of {total}\n" + "\n".join(wrong[:10])
    assert sure > total // 2, "an answer that is never sure proves little"


def _connection(attempt: Mapping[str, Any]) -> Connection:
    return Connection(
        type="local" if attempt["type"] == "local" else "host",
        database=attempt["database"],
        user=attempt["user"],
        address=attempt.get("addr"),
        tls=attempt["type"] == "hostssl",
        replication={"true": "physical", "database": "logical"}.get(attempt.get("replication", ""), "none"),
        roles=frozenset({"grp"} if attempt["user"] == "alice" else ()),
    )
