"""The outages that rules warn of, made to happen, and mended: a warning that no server bears out is a false one.

The servers run with the settings that the linter reads.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from servers import cage, found, pgbouncer
from servers.fastcgi import request
from servers.found import Server
from servers.pgbouncer import Bouncer
from servers.postgres import Cluster

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(
        not (found.postgres() and found.php_fpm() and found.pgbouncer()),
        reason="needs PostgreSQL, PHP-FPM and PgBouncer together; .ci/servers installs them",
    ),
]

# 0.4 s in the database: long enough for all workers to be busy at once.
PERSISTENT = """<?php
$link = @pg_pconnect("host=" . getenv("PGHOST") . " dbname=shop user=app");
if (!$link) { echo error_get_last()["message"]; exit; }
pg_query($link, "select pg_sleep(0.4)");
echo "ok";
"""

PREPARED = """<?php
try {
    $db = new PDO("pgsql:host=" . getenv("PGHOST") . ";port=6432;dbname=shop", "app", "", [
        PDO::ATTR_PERSISTENT => true, PDO::ATTR_EMULATE_PREPARES => false, PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
    ]);
    $statement = $db->prepare("select pg_sleep(0.02), cast(? as int)");
    $statement->execute([1]);
    echo "ok";
} catch (PDOException $error) { echo $error->getMessage(); }
"""

SETTINGS = """\
unix_socket_directories = '{folder}/postgres'
superuser_reserved_connections = 0
max_connections = {connections}
"""

POOL = """\
[www]
user = www-data
listen = {folder}/fpm.sock
pm = static
pm.max_children = {children}
env[PGHOST] = {sockets}
"""

BOUNCER = """\
[databases]
shop = host={folder}/postgres port=5432
[pgbouncer]
unix_socket_dir = {folder}/bouncer
auth_type = trust
auth_file = {folder}/userlist.txt
pool_mode = {mode}
default_pool_size = {size}
"""


# What no file tells: that the application keeps its connections.
LINK = """\
versions: {pgbouncer: "1.18"}
links:
  - {from: m/www, to: m/pgbouncer, database: shop, user: app, persistent: true}
"""

LOST = 'prepared statement "pdo_stmt_'

Postgres = Callable[[int], contextlib.AbstractContextManager[None]]


@pytest.fixture
def postgres(folder: Path, cluster: Callable[[Server], Cluster]) -> Postgres:
    """PostgreSQL with so many connections, a database shop and a role app, behind the socket ``folder/postgres``."""
    judge = cluster(found.postgres()[0])
    sockets = folder / "postgres"
    sockets.mkdir()
    cage.give(sockets)

    @contextlib.contextmanager
    def run(connections: int) -> Iterator[None]:
        judge.lay({"postgresql.conf": SETTINGS.format(folder=folder, connections=connections).encode()})
        with judge.started() as process:
            assert process, judge.says()
            with judge.session() as session:
                if not session.rows("select from pg_roles where rolname = 'app'"):
                    session.rows("create role app login")
                    session.rows("create database shop")
            yield

    return run


@contextlib.contextmanager
def fpm(folder: Path, children: int, sockets: Path, script: str) -> Iterator[Callable[[int], list[str]]]:
    """A PHP-FPM master; the function sends so many requests at once, as many as there are workers at a time."""
    (folder / "script.php").write_text(script)
    settings = f"[global]\ndaemonize = no\nerror_log = {folder}/fpm.log\n"
    (folder / "php-fpm.conf").write_text(settings + POOL.format(folder=folder, sockets=sockets, children=children))
    listen = folder / "fpm.sock"
    listen.unlink(missing_ok=True)
    cage.give(folder)
    extensions = [word for name in ("pgsql", "pdo", "pdo_pgsql") for word in ("-d", f"extension={name}.so")]
    command = [found.php_fpm()[0].program, "-n", *extensions, "-y", str(folder / "php-fpm.conf"), "-F"]
    with cage.running(cage.as_nobody(command), cage.ENVIRONMENT, folder / "fpm.out", folder) as process:
        assert cage.until(lambda: process.poll() is not None or listen.exists())
        assert process.poll() is None, (folder / "fpm.out").read_text()

        def send(count: int) -> list[str]:
            with ThreadPoolExecutor(children) as pool:
                return list(pool.map(lambda _: request(listen, folder / "script.php"), range(count)))

        yield send


@contextlib.contextmanager
def bouncer(folder: Path, mode: str, size: int) -> Iterator[Bouncer]:
    (folder / "bouncer").mkdir(exist_ok=True)
    files = {
        "pgbouncer.ini": BOUNCER.format(folder=folder, mode=mode, size=size).encode(),
        "userlist.txt": b'"app" ""\n',
    }
    with pgbouncer.started(found.pgbouncer()[0], files, folder) as running:
        assert isinstance(running, Bouncer), running
        yield running


def told(folder: Path, files: dict[str, str]) -> dict[str, str]:
    """Rule to message: what the linter says about a machine's ``files``."""
    tree = folder / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    cage.write({name: text.encode() for name, text in files.items()}, tree)
    source = str(Path(__file__).parents[2] / "src")
    run = subprocess.run(
        [sys.executable, "-m", "pgfpmlint", "check", "--format", "json", "."],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": source},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode in (0, 1), run.stderr
    return {finding["rule"]: finding["message"] for finding in json.loads(run.stdout)["findings"]}


def test_more_persistent_workers_than_connections(folder: Path, postgres: Postgres) -> None:
    """Of eight workers, two find no slot; with eight slots all do. The linter says so beforehand."""
    rule = "capacity/workers-exceed-max-connections"
    pool = POOL.format(folder=folder, sockets=folder / "postgres", children=8)

    def machine(connections: int) -> dict[str, str]:
        return {
            "m/etc/postgresql/15/main/postgresql.conf": SETTINGS.format(folder=folder, connections=connections),
            "m/etc/php/8.2/fpm/php-fpm.conf": pool,
        }

    assert "8 PHP workers may connect straight to m/15-main, which has 6 slots" in told(folder, machine(6))[rule]
    with postgres(6), fpm(folder, 8, folder / "postgres", PERSISTENT) as send:
        answers = send(8)
    assert sorted(answer == "ok" for answer in answers) == [False] * 2 + [True] * 6, answers
    assert all("sorry, too many clients already" in answer for answer in answers if answer != "ok"), answers

    assert rule not in told(folder, machine(8))
    with postgres(8), fpm(folder, 8, folder / "postgres", PERSISTENT) as send:
        assert send(8) == ["ok"] * 8


def test_prepared_statements_behind_transaction_pooling(folder: Path, postgres: Postgres) -> None:
    """PDO's native prepares fail where transactions share three server connections, and work where each worker keeps
    one of its own. The linter says so beforehand."""
    rule = "pooling/persistent-behind-transaction-pooling"
    pool = POOL.format(folder=folder, sockets=folder / "bouncer", children=6)

    def machine(mode: str, size: int) -> dict[str, str]:
        return {
            ".pgfpmlint.yaml": LINK,
            "m/etc/php/8.2/fpm/php-fpm.conf": pool,
            "m/etc/pgbouncer/pgbouncer.ini": BOUNCER.format(folder=folder, mode=mode, size=size),
        }

    with postgres(20):
        assert "native prepared statements fail" in told(folder, machine("transaction", 3))[rule]
        with bouncer(folder, "transaction", 3), fpm(folder, 6, folder / "bouncer", PREPARED) as send:
            answers = send(120)
        assert [answer for answer in answers if "does not exist" in answer and LOST in answer], answers

        assert rule not in told(folder, machine("session", 6))
        with bouncer(folder, "session", 6), fpm(folder, 6, folder / "bouncer", PREPARED) as send:
            assert set(send(120)) == {"ok"}
