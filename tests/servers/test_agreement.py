"""What we read is what the servers read, on files that nobody wrote.

The recorded cases are the ones that somebody thought of; these hundreds of generated files are not. The same files
come up in every run; ``PGFPMLINT_AGREEMENT=COUNT:SEED`` asks for others, or for more.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from pgfpmlint.catalog.version import ServerVersion, parse
from pgfpmlint.model.hba_match import Connection, decide
from pgfpmlint.resolve import fpm, hba, ident
from pgfpmlint.resolve import pgbouncer as pgbouncer_ini
from pgfpmlint.resolve import postgres as postgresql_conf
from pgfpmlint.resolve.settings import Reading
from pgfpmlint.source.disk import DiskRoot
from servers import pgbouncer, php_fpm, postgres
from servers.answer import Answer
from servers.conftest import each
from servers.found import Server
from servers.hba import HbaJudge
from servers.inputs import access_lists, generated
from servers.postgres import Cluster

pytestmark = pytest.mark.server

_COUNT, _, _SEED = os.environ.get("PGFPMLINT_AGREEMENT", "300:0").partition(":")

# No file tells how a server was built, which users the machine has, nor in which folder PgBouncer was started, where
# it looks for its includes.
_UNKNOWABLE = ("not supported by this build", "cannot get uid for user", "could not load file")


class Ours:
    """What a reading makes of a file, in the shape of a server's answer."""

    def __init__(self, reading: Reading, values: Mapping[str, Any]) -> None:
        self.accepted = reading.accepted
        self.values = values
        self.says = [problem.says for problem in reading.problems if not problem.behind]


def _version(server: Server) -> ServerVersion:
    product = {"php-fpm": "php"}.get(server.product, server.product)
    return parse(product, f"{server.version} (Debian)" if server.debian else server.version, "the server under test")


def _machine() -> DiskRoot:
    """The machine itself: what a file names is looked for where the server looks."""
    return DiskRoot("machine", "/", where="/", complete=True)


def _texts(kind: str) -> Iterable[str]:
    return generated(kind, int(_COUNT), int(_SEED or 0))


def _differences(ours: Ours, real: Answer) -> list[str]:
    if ours.accepted != real.accepted:
        return [f"we {_verdict(ours.accepted)} it: {ours.says}; the server {_verdict(real.accepted)} it: {real.says}"]
    if not real.accepted:
        return []
    return [
        f"{name}: we read {value!r}, the server {real.values.get(name)!r}"
        for name, value in ours.values.items()
        if value != real.values.get(name)
    ]


def _verdict(accepted: bool) -> str:
    return "accept" if accepted else "refuse"


def _hangs_on_the_machine(text: str, says: str) -> bool:
    """Whether a refusal may come from what no file tells; ``${…}`` is the environment that PHP-FPM was started in."""
    return "${" in text or any(words in says for words in _UNKNOWABLE)


def _compare(kind: str, ours: Callable[[bytes], Ours], real: Callable[[bytes], Answer]) -> None:
    wrong: list[str] = []
    accepted = total = 0
    for text in _texts(kind):
        data = text.encode("utf-8", "surrogateescape")
        answer = real(data)
        accepted += answer.accepted
        total += 1
        mine = ours(data)
        if mine.accepted and not answer.accepted and _hangs_on_the_machine(text, answer.says):
            continue
        wrong += [f"{text!r}\n    {difference}" for difference in _differences(mine, answer)]
    assert not wrong, f"{len(wrong)} differences in {total} files\n" + "\n".join(wrong[:20])
    assert total // 5 < accepted < total, "files that are all fine, or all bad, prove little"


@pytest.mark.parametrize("server", each("postgresql"))
def test_pg_hba(server: Server, hba_judge: Callable[[Server], HbaJudge]) -> None:
    judge, version = hba_judge(server), _version(server)

    def ours(_: bytes) -> Ours:
        reading = hba.read(_machine(), str(judge.data / "pg_hba.conf"), version)
        return Ours(reading.reading, hba.values(reading))

    _compare("pg_hba.conf", ours, lambda data: judge.load({"pg_hba.conf": data}))


@pytest.mark.parametrize("server", each("postgresql", oldest=15))
def test_pg_ident(server: Server, hba_judge: Callable[[Server], HbaJudge]) -> None:
    judge, version = hba_judge(server), _version(server)

    def ours(_: bytes) -> Ours:
        reading = ident.read(_machine(), str(judge.data / "pg_ident.conf"), version)
        return Ours(reading.reading, ident.values(reading))

    _compare("pg_ident.conf", ours, lambda data: judge.load({"pg_ident.conf": data}))


@pytest.mark.parametrize("server", each("postgresql"))
def test_who_is_let_in(server: Server, hba_judge: Callable[[Server], HbaJudge]) -> None:
    """The record that decides about a connection, where we are sure; else it is among our candidates."""
    judge, version = hba_judge(server), _version(server)
    wrong: list[str] = []
    sure = total = 0
    for text, attempts in access_lists(int(_COUNT) // 10, int(_SEED or 0)):
        answer = judge.matches({"pg_hba.conf": text.encode()}, attempts, ssl="on")
        assert answer.accepted, answer.says
        records = hba.read(_machine(), str(judge.data / "pg_hba.conf"), version).records
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


@pytest.mark.parametrize("server", each("postgresql"))
def test_postgresql_conf(server: Server, folder: Path, cluster: Callable[[Server], Cluster]) -> None:
    """The server's own parse decides; where we see further, in what settings do to each other, a real start does."""
    version, main = _version(server), folder / "postgresql.conf"

    def ours(data: bytes) -> Ours:
        main.write_bytes(data)
        reading = postgresql_conf.read(_machine(), str(main), version)
        written = {setting.name for setting in reading.settings.values()}
        shown = postgresql_conf.values(reading)
        return Ours(reading.reading, {name: value for name, value in shown.items() if name in written})

    def real(data: bytes) -> Answer:
        mine = ours(data)
        answer = postgres.parse(server, folder, mine.values if mine.accepted else ())
        if answer.accepted and not mine.accepted:
            return cluster(server).start({"postgresql.conf": data}, ())
        return answer

    _compare("postgresql.conf", ours, real)


@pytest.mark.parametrize("server", each("php-fpm"))
def test_php_fpm(server: Server, folder: Path) -> None:
    version, main = _version(server), folder / "php-fpm.conf"

    def ours(_: bytes) -> Ours:
        reading = fpm.read(_machine(), (str(main),), version)
        return Ours(reading.reading, fpm.values(reading))

    def real(data: bytes) -> Answer:
        main.write_bytes(data)
        return php_fpm.dry_run(server, folder)

    _compare("php-fpm", ours, real)


@pytest.mark.parametrize("server", each("pgbouncer"))
def test_pgbouncer(server: Server, folder: Path) -> None:
    version, main = _version(server), folder / "pgbouncer.ini"

    def ours(_: bytes) -> Ours:
        reading = pgbouncer_ini.read(_machine(), str(main), version, started_in=str(folder))
        return Ours(reading.reading, pgbouncer_ini.values(reading))

    _compare("pgbouncer.ini", ours, lambda data: pgbouncer.start(server, {"pgbouncer.ini": data}, folder))
