"""The recorded answers that our readings are tested with are true: the servers at hand give them again, in full.

Nothing is sampled: 500 cases for each PostgreSQL's postgresql.conf and pg_hba.conf together, PHP-FPM's 175 and
PgBouncer's 164 take seconds.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from servers import cage, found, pgbouncer, php_fpm, postgres, sql, vectors
from servers.answer import Answer, expected
from servers.conftest import REQUIRED, absent
from servers.found import Server
from servers.hba import HbaJudge
from servers.postgres import Cluster
from servers.vectors import Case

pytestmark = pytest.mark.server


def _cases(product: str, name: str, key: str, *kinds: str) -> list[object]:
    """A parameter for each server and case; tests that share a running server stay in one process."""
    parameters: list[object] = []
    for server in found.servers(product):
        for case in vectors.repeatable(name, server):
            if not kinds or case[key] in kinds:
                marks = (
                    [] if "parse" in kinds or product != "postgresql" else [pytest.mark.xdist_group(f"{server}-{name}")]
                )
                parameters.append(pytest.param(server, case, id=f"{server}-{case['id']}", marks=marks))
    return parameters or [absent(product, 2)]


def _agrees(case: Case, answer: Answer) -> None:
    assert answer.accepted == case["accepted"], answer.says
    wanted = case["values"] or {}
    assert {name: answer.values.get(name) for name in wanted} == wanted
    said = {line.removeprefix("LOG:  ") for line in answer.says.splitlines()}
    assert {line.removeprefix("LOG:  ") for line in expected(case["error"])} <= said


def test_every_server_is_here() -> None:
    """What CI must not lose without a word, for whose lack other tests are skipped: Debian's three, two more PostgreSQL
    majors, and the other programs that are asked."""
    majors = {product: {server.major for server in found.servers(product)} for product in ("php-fpm", "pgbouncer")}
    majors["postgresql"] = {server.major for server in found.postgres()}
    wanted = {"php-fpm": {"8.2"}, "pgbouncer": {"1.18"}, "postgresql": {"15", "16", "18"}}
    missing = {
        product: sorted(wanted[product] - majors[product]) for product in wanted if wanted[product] - majors[product]
    }
    programs = {"nginx": found.nginx(), "psql": sql.psql(), "systemd-analyze": shutil.which("systemd-analyze")}
    missing |= {name: ["any"] for name, place in programs.items() if place is None}
    if missing and not REQUIRED:
        pytest.skip(f"servers not found: {missing}; .ci/servers installs them")
    assert not missing


@pytest.mark.parametrize(
    ("server", "case"),
    [
        *_cases("postgresql", "postgresql-conf", "phase", "parse"),
        *_cases("postgresql", "postgresql-conf.found", "phase", "parse"),
    ],
)
def test_postgresql_conf_parse(server: Server, case: Case, folder: Path) -> None:
    cage.write(vectors.files(case, folder), folder)
    cage.give(folder)
    _agrees(case, postgres.parse(server, folder, case["values"] or (), case.get("args", ())))


@pytest.mark.parametrize(("server", "case"), _cases("postgresql", "postgresql-conf", "phase", "start"))
def test_postgresql_conf_start(server: Server, case: Case, cluster: Callable[[Server], Cluster]) -> None:
    judge = cluster(server)
    _agrees(case, judge.start(vectors.files(case, judge.data), case["values"] or ()))


@pytest.mark.parametrize(("server", "case"), _cases("postgresql", "postgresql-conf", "phase", "reload"))
def test_postgresql_conf_reload(server: Server, case: Case, cluster: Callable[[Server], Cluster]) -> None:
    judge = cluster(server)
    before = vectors.files(case, judge.data, "before")
    _agrees(case, judge.reload(before, vectors.files(case, judge.data), case["values"]))


@pytest.mark.parametrize(
    ("server", "case"), [*_cases("postgresql", "pg-hba", "check"), *_cases("postgresql", "pg-hba.found", "check")]
)
def test_pg_hba(server: Server, case: Case, hba_judge: Callable[[Server], HbaJudge]) -> None:
    judge = hba_judge(server)
    files = vectors.files(case, judge.data)
    if case["check"] == "connection attempts":
        attempts = [{key: value for key, value in row.items() if key != "result"} for row in case["values"]["matches"]]
        _agrees(case, judge.matches(files, attempts, case["ssl"]))
    else:
        _agrees(case, judge.load(files, case["ssl"]))


@pytest.mark.parametrize(("server", "case"), _cases("php-fpm", "php-fpm", "phase"))
def test_php_fpm(server: Server, case: Case, folder: Path) -> None:
    cage.write(vectors.files(case, folder), folder)
    _agrees(case, php_fpm.dry_run(server, folder, case.get("args", ())))


@pytest.mark.parametrize(
    ("server", "case"),
    [*_cases("pgbouncer", "pgbouncer", "phase"), *_cases("pgbouncer", "pgbouncer.found", "phase")],
)
def test_pgbouncer(server: Server, case: Case, folder: Path) -> None:
    files = vectors.files(case, folder)
    with pgbouncer.started(server, files, folder, case.get("cwd"), case.get("nofile", 0)) as bouncer:
        if isinstance(bouncer, str):
            _agrees(case, Answer(False, {}, bouncer))
            return
        values = bouncer.values()
        for name, client in case.get("connect", {}).items():
            values[f"connect {name}"] = f"FATAL:  {bouncer.connect(client['user'], client['db'])}"
        _agrees(case, Answer(True, values, bouncer.says()))
        if "reload" in case:
            cage.write(vectors.files(case, folder, "reload"), folder)
            said = bouncer.reload().splitlines()
            after = bouncer.values()
            assert {name: after.get(name) for name in case["values_after"]} == case["values_after"]
            assert set(case["reload_log"]) <= set(said)
