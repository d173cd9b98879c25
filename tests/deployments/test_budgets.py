"""Budgets of whole trees against numbers worked out by hand, as ``budget --format json`` tells them.

The six rows of the table are those of a published capacity-planning guide; its column of free slots subtracts
monitoring in some rows and not in others. Here nothing is declared to monitor: 3 slots are reserved, no more.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pgfpmlint.cli import main

MASTER = "include = /etc/php/8.3/fpm/pool.d/*.conf\n"
POSTGRES = "listen_addresses = '*'\nmax_connections = {limit}\nsuperuser_reserved_connections = 3\n"


def pool(name: str, children: int, env: str = "env[DB_HOST] = db\n") -> str:
    return f"[{name}]\nuser = www-data\nlisten = /run/{name}\npm = static\npm.max_children = {children}\n{env}"


def postgres(limit: int, host: str = "db", major: int = 16, more: str = "") -> dict[str, str]:
    return {f"hosts/{host}/etc/postgresql/{major}/main/postgresql.conf": POSTGRES.format(limit=limit) + more}


def fpm(host: str, *pools: str, main: str = "") -> dict[str, str]:
    return {
        f"hosts/{host}/etc/php/8.3/fpm/php-fpm.conf": main + MASTER,
        f"hosts/{host}/etc/php/8.3/fpm/pool.d/www.conf": "".join(pools),
    }


def bouncer(host: str, databases: str, sizes: str) -> dict[str, str]:
    text = f"[databases]\n{databases}\n[pgbouncer]\nlisten_addr = *\n{sizes}\n"
    return {f"hosts/{host}/etc/pgbouncer/pgbouncer.ini": text}


class Run:
    """What the command says of a tree, and its exit code."""

    def __init__(self, code: int, output: str) -> None:
        self.code = code
        self.said: dict[str, Any] = json.loads(output)

    def instance(self, name: str = "db/16-main") -> dict[str, Any]:
        (found,) = (one for one in self.said["instances"] if one["name"] == name)
        return dict(found)

    def numbers(self, name: str = "db/16-main") -> tuple[int, ...]:
        found = self.instance(name)
        return tuple(found[key] for key in ("usable", "budget", "demand", "headroom", "peak"))


@pytest.fixture
def budget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(files: dict[str, str], config: str = "", *words: str) -> Run:
        for path, text in {**files, ".pgfpmlint.yaml": config or "policy: {headroom: 20%}\n"}.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        monkeypatch.chdir(tmp_path)
        code = main(["budget", "--format", "json", *words])
        return Run(code, capsys.readouterr().out)

    return run


@pytest.mark.parametrize(
    ("servers", "pools", "children", "limit", "numbers", "each"),
    [
        # usable = limit - 3; demand = servers × pools × children; the peak adds one server's workers
        (1, 1, 50, 60, (57, 57, 50, 7, 100), 57),
        (3, 1, 50, 160, (157, 157, 150, 7, 200), 52),
        (3, 1, 25, 85, (82, 82, 75, 7, 100), 27),
        (3, 2, 20, 130, (127, 127, 120, 7, 160), 21),
        (5, 1, 50, 260, (257, 257, 250, 7, 300), 51),
    ],
)
def test_from_comfortable_to_catastrophic(
    budget: Any, servers: int, pools: int, children: int, limit: int, numbers: tuple[int, ...], each: int
) -> None:
    files = {**postgres(limit), **fpm("web", *(pool(f"p{at}", children) for at in range(pools)))}
    run = budget(files, f"hosts: {{web: {{root: hosts/web, count: {servers}}}}}\n")
    assert (run.numbers(), run.instance()["per_pool_limit"], run.code) == (numbers, each, 0)


def test_five_servers_behind_a_pooler(budget: Any) -> None:
    """The sixth row: 250 workers share 20 connections, of 30 - 3; more servers would not change that."""
    through = "env[DB_HOST] = edge\nenv[DB_PORT] = 6432\nenv[DB_DATABASE] = shop\nenv[DB_USERNAME] = shop\n"
    files = {
        **postgres(30),
        **fpm("web", pool("www", 50, through)),
        **bouncer("edge", "shop = host=db", "default_pool_size = 20\nmax_client_conn = 300"),
    }
    run = budget(files, "hosts: {web: {root: hosts/web, count: 5}}\n")
    assert run.numbers() == (27, 27, 20, 7, 20)
    assert [(one["name"], one["connections"], one["via"]) for one in run.instance()["pools"]] == [
        ("edge/pgbouncer", 20, None),
        ("web/www", 250, "edge/pgbouncer"),
    ]
    assert [(one["demand"], one["admitted"]) for one in run.said["poolers"]] == [(250, 300)]


def test_a_primary_and_its_replica(budget: Any) -> None:
    """api: 3 servers, 10 connections each to the primary and 20 to the replica; admin: 15 to the primary. Two for
    monitoring on each. Replication has slots of its own: 100 - 3 - 2 = 95 on both."""
    files = {
        **postgres(100, "primary", more="max_wal_senders = 5\n"),
        **postgres(100, "replica"),
        **fpm("api", pool("write", 10, "env[DB_HOST] = primary\n"), pool("read", 20, "env[DB_HOST] = replica\n")),
        **fpm("admin", pool("admin", 15, "env[DB_HOST] = primary\n")),
    }
    config = (
        "hosts: {api: {root: hosts/api, count: 3}}\n"
        "consumers:\n  - {name: monitoring, to: primary, connections: 2}\n"
        "  - {name: monitoring, to: replica, connections: 2}\n"
    )
    run = budget(files, config)
    # The worst deployment replaces admin (15) or one api server (10 on the primary, 20 on the replica).
    assert run.numbers("primary/16-main") == (97, 95, 45, 50, 60)
    assert run.numbers("replica/16-main") == (97, 95, 60, 35, 80)
    assert run.code == 0


def test_read_and_write_splitting_holds_a_connection_on_each(budget: Any) -> None:
    env = "env[DB_HOST] = primary\nenv[DB_READ_HOST] = replica\n"
    files = {**postgres(100, "primary"), **postgres(100, "replica"), **fpm("web", pool("www", 50, env))}
    run = budget(files)
    assert [run.numbers(f"{host}/16-main")[2] for host in ("primary", "replica")] == [50, 50]


@pytest.mark.parametrize(("kind", "code"), [("{kind: rolling, batch: 1}", 1), ("{kind: none}", 0)])
def test_a_deployment_that_fails_only_while_it_is_deployed(budget: Any, kind: str, code: int) -> None:
    """3 × 50 of 160 fit; one more server's 50 do not, and that is judged where it is declared."""
    files = {**postgres(160), **fpm("web", pool("www", 50))}
    run = budget(files, f"hosts: {{web: {{root: hosts/web, count: 3}}}}\npolicy: {{overlap: {kind}}}\n")
    assert (run.code, run.instance()["fails"], run.instance()["headroom"]) == (code, bool(code), 7)


def test_too_much(budget: Any) -> None:
    """The interface's example: 3 × 50 = 150 of 120 - 3 - 2 = 115."""
    files = {**postgres(120), **fpm("web", pool("www", 50))}
    config = "hosts: {web: {root: hosts/web, count: 3}}\nconsumers: [{name: monitoring, to: db, connections: 2}]\n"
    run = budget(files, config)
    assert (run.code, run.numbers(), run.instance()["per_pool_limit"]) == (1, (117, 115, 150, -35, 200), 38)


def test_the_promised_keys(budget: Any) -> None:
    run = budget({**postgres(120), **fpm("web", pool("www", 50))})
    assert run.said["schema"] == 1
    assert run.instance().keys() >= {
        "name", "version", "path", "max_connections", "reserved", "usable", "consumers", "budget", "pools",
        "demand", "headroom", "peak", "per_pool_limit", "unaccounted",
    }  # fmt: skip
    (www,) = run.instance()["pools"]
    assert www.items() >= {
        "name": "web/www", "kind": "php-fpm", "per_process": 1, "processes": 50, "hosts": 1, "connections": 50,
        "at_least": False, "via": None, "path": "hosts/web/etc/php/8.3/fpm/pool.d/www.conf", "line": 5,
        "evidence": "env[DB_HOST]",
    }.items()  # fmt: skip


def test_many_hosts_behind_two_poolers(budget: Any) -> None:
    """Two PgBouncers before one instance, one of them on two machines with a cap and a reserve:

    edge:  app (20 + 5) × 2 users = 50, report 8 (its own pool_size, user=) + 5 = 13, together 63, × 2 hosts = 126
    side:  so_reuseport, so at least 10
    job:   12 workers × 3 connections = 36, straight; process.max does not bind
    """
    through = "env[DB_HOST] = edge\nenv[DB_PORT] = 6432\nenv[DB_DATABASE] = app\nenv[DB_USERNAME] = {}\n"
    files = {
        **postgres(300, more="reserved_connections = 7\n"),
        **fpm("web", pool("www", 60, through.format("www")), pool("api", 40, through.format("api"))),
        **fpm("job", pool("job", 12), main="process.max = 50\n"),
        **bouncer(
            "edge",
            "app = host=db\nreport = host=db user=report pool_size=8",
            "default_pool_size = 20\nreserve_pool_size = 5\nmax_client_conn = 150",
        ),
        **bouncer("side", "app = host=db user=side", "default_pool_size = 10\nso_reuseport = 1"),
    }
    config = (
        "hosts: {web: {root: hosts/web, count: 4}, edge: {root: hosts/edge, count: 2}}\n"
        "links: [{from: job/job, to: db, connections_per_worker: 3}]\n"
        "consumers: [{name: backup, to: db, connections: 1}, {name: grafana, to: db, connections: 4}]\n"
    )
    run = budget(files, config)
    found = run.instance()
    assert (found["reserved"], found["usable"], found["budget"]) == (10, 290, 285)
    own = {(one["name"], one.get("database")): one for one in found["pools"] if one["via"] is None}
    assert {key: one["connections"] for key, one in own.items()} == {
        ("job/job", None): 36,
        ("edge/pgbouncer", "app"): 100,
        ("edge/pgbouncer", "report"): 26,
        ("side/pgbouncer", "app"): 10,
    }
    assert {key[0] for key, one in own.items() if one["at_least"]} == {"side/pgbouncer"}
    assert (found["demand"], found["at_least"], found["headroom"]) == (172, True, 113)
    # 400 clients, 2 × 150 admitted
    edge = next(one for one in run.said["poolers"] if one["name"] == "edge/pgbouncer")
    assert (edge["demand"], edge["admitted"]) == (400, 300)


def test_clients_are_admitted_by_database_and_user_too(budget: Any) -> None:
    """2 × 30 of app and 2 × 10 of report: 80 of 100; app's 60 of 2 × 25, the user report's 20 of 2 × 5."""
    through = "env[DB_HOST] = edge\nenv[DB_PORT] = 6432\nenv[DB_DATABASE] = {0}\nenv[DB_USERNAME] = {0}\n"
    files = {
        **postgres(100),
        **fpm("web", pool("app", 30, through.format("app")), pool("report", 10, through.format("report"))),
        **bouncer(
            "edge",
            "app = host=db max_db_client_connections=25\nreport = host=db",
            "default_pool_size = 10\nmax_client_conn = 50\n[users]\nreport = max_user_client_connections=5",
        ),
    }
    config = "hosts: {web: {root: hosts/web, count: 2}, edge: {root: hosts/edge, count: 2}}\n"
    (edge,) = budget(files, config).said["poolers"]
    assert [(one["setting"], one["of"], one["clients"], one["admitted"]) for one in edge["limits"]] == [
        ("max_client_conn", None, 80, 100),
        ("max_db_client_connections", "database app", 60, 50),
        ("max_user_client_connections", "user report", 20, 10),
    ]


def test_a_chain_of_poolers(budget: Any) -> None:
    """web → local PgBouncer on each of 3 web hosts (10 each) → edge (20) → db: 3 × 10 arrive, 20 pass."""
    through = "env[DB_HOST] = 127.0.0.1\nenv[DB_PORT] = 6432\nenv[DB_DATABASE] = app\nenv[DB_USERNAME] = app\n"
    files = {
        **postgres(100),
        **fpm("web", pool("www", 50, through)),
        **bouncer("web", "app = host=edge port=6432", "default_pool_size = 10"),
        **bouncer("edge", "app = host=db", "default_pool_size = 20"),
    }
    run = budget(files, "hosts: {web: {root: hosts/web, count: 3}}\n")
    assert [(one["name"], one["connections"], one["via"]) for one in run.instance()["pools"]] == [
        ("edge/pgbouncer", 20, None),
        ("web/pgbouncer", 30, "edge/pgbouncer"),
        ("web/www", 150, "web/pgbouncer"),
    ]
    assert run.numbers() == (97, 97, 20, 77, 20)


def test_caps_are_told_apart_from_what_they_cap(budget: Any) -> None:
    """process.max 40 on each of 2 hosts: of 2 × (30 + 30) at most 80."""
    files = {**postgres(100), **fpm("web", pool("a", 30), pool("b", 30), main="process.max = 40\n")}
    run = budget(files, "hosts: {web: {root: hosts/web, count: 2}}\n")
    found = run.instance()
    assert [one["connections"] for one in found["pools"]] == [60, 60]
    assert [(one["connections"], one["of"]) for one in found["caps"]] == [(80, ["web/a", "web/b"])]
    assert (found["demand"], found["headroom"], found["peak"]) == (80, 17, 120)


def test_what_nobody_can_count_is_listed(budget: Any) -> None:
    files = {
        **postgres(100),
        **fpm("web", pool("a", 30), pool("b", 30, "env[DB_HOST] = rds.example.net\n")),
        **bouncer("edge", "x = host=db user=x pool_size=0\ny = host=10.9.9.9", "default_pool_size = 5"),
    }
    found = budget(files).instance()
    assert [one["name"] for one in found["unaccounted"]] == [
        "edge/pgbouncer database x",
        "web/b",
        "edge/pgbouncer database y",
    ]
    assert (found["demand"], found["fails"]) == (30, True)  # x has no limit, from 1.24


def test_the_memory_side(budget: Any) -> None:
    """150 × 2 × 32 MB = 9600 MB; a quarter of 16384 - 128 MB is 4064 MB, for which 13.5 MB each would do."""
    more = "work_mem = 32MB\nshared_buffers = 128MB\nhash_mem_multiplier = 1\n"
    found = budget({**postgres(150, more=more)}, "hosts: {db: {root: hosts/db, memory: 16GB}}\n").instance()
    assert found["memory"] == {
        "work_mem_kb": 32768,
        "hash_mem_multiplier": 1.0,
        "need_mb": 9600,
        "allowed_mb": 4064,
        "fitting_work_mem_kb": 13871,
    }


def test_shared_buffers_beyond_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    files = {**postgres(100, more="work_mem = 4MB\nshared_buffers = 8GB\nhash_mem_multiplier = 1\n")}
    words = words_of(tmp_path, monkeypatch, capsys, files, "hosts: {db: {root: hosts/db, memory: 4GB}}\n")
    assert "= 800 MB at worst, and 8192 MB shared_buffers leave nothing of 4096 MB for it" in words


def test_nothing_to_speak_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["budget"]) == 2
    assert capsys.readouterr().err == "pgfpmlint: no budget in .: there is no postgresql.conf\n"
    (tmp_path / "postgresql.conf").write_text("max_connections = ${MAX}\n")
    assert main(["budget"]) == 2
    assert "its max_connections can't be known" in capsys.readouterr().err


def words_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, files: dict[str, str], config: str) -> str:
    """The text for people, its lines joined."""
    for path, text in {**files, ".pgfpmlint.yaml": config}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    monkeypatch.chdir(tmp_path)
    assert main(["budget"]) in (0, 1)
    return " ".join(capsys.readouterr().out.split())


def test_what_follows_from_the_sums(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """Sizes of the machines: 4 × 4 cores against 90 connections; 120 × 2 × 64 MB × 1 = 15360 MB against a quarter of
    16384 - 128, which holds work_mem of 4064 MB / 240 = 16.9 MB; (8192 - 512) / 60 = 128 workers, where 30 run."""
    more = "work_mem = 64MB\nshared_buffers = 128MB\nhash_mem_multiplier = 1\nmax_wal_senders = 4\n"
    files = {**postgres(120, more=more), **fpm("web", pool("www", 30))}
    config = (
        "hosts:\n  web: {root: hosts/web, count: 3, memory: 8GB, worker_memory: 60MB}\n"
        "  db: {root: hosts/db, memory: 16GB, cpus: 4}\n"
        "policy: {overlap: {kind: rolling, batch: 1}}\n"
    )
    words = words_of(tmp_path, monkeypatch, capsys, files, config)
    for said in (
        "27 headroom: 117 budget - 90 demand; 24 are to stay free, 20 % of 120 max_connections",
        "peak 120 while 1 of the 3 web hosts is replaced: 90 + 30; 3 more than the budget",
        "per pool 117 budget / 3 pools over all hosts = 39 connections each",
        "cores 4 × 4 cpus = 16, and 90 come without a pooler",
        "120 max_connections × 2 operations × 64MB work_mem × 1 hash_mem_multiplier = 15360 MB at worst, more than"
        " (16384 MB - 128 MB shared_buffers) / 4 = 4064 MB; work_mem = 16MB would fit",
        "standbys 4 WAL senders at most; they have slots of their own since 12",
        "30 workers × 60 MB = 1800 MB at worst",
        "128 fit: (8192 MB memory - 512 MB for the rest) / 60 MB each",
        "memory would hold 128 workers; db/16-main has no connections for more than a part of them",
    ):
        assert said in words


def test_what_is_only_a_lower_bound_is_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    files = {
        **postgres(100),
        **fpm("web", pool("www", 30, "env[DB_HOST] = rds.example.net\n"), pool("job", 30, "")),
        **bouncer("edge", "shop = host=db", "default_pool_size = 20"),
    }
    words = words_of(tmp_path, monkeypatch, capsys, files, "policy: {headroom: 90%}\n")
    for said in (
        "≥ 20 edge/pgbouncer database shop: 20 default_pool_size",
        "= ≥ 20 demand",
        "≤ 77 headroom: 97 budget - 20 demand; 90 are to stay free, 90 % of 100 max_connections",
        "peak 20: deploying the application adds nothing to what poolers open",
        "uncounted web/www: names rds.example.net, port 5432, and no server of this tree is known by that address",
        "uncounted web/job: nothing says to which it connects: db/16-main, edge/pgbouncer",
    ):
        assert said in words


def test_what_was_assumed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    words = words_of(tmp_path, monkeypatch, capsys, {**postgres(100), **fpm("web", pool("www", 30, ""))}, "hosts: {}\n")
    assert "(assumed: db/16-main is the only PostgreSQL that web/www could reach)" in words


@pytest.mark.parametrize(("major", "usable"), [(15, 97), (16, 92)])
def test_slots_are_reserved_only_by_versions_that_know_how(budget: Any, major: int, usable: int) -> None:
    """reserved_connections came with 16; 15 has 100 - 3 whatever the file says (it does not start with it)."""
    run = budget(postgres(100, major=major, more="reserved_connections = 5\n"))
    assert run.numbers(f"db/{major}-main")[0] == usable


def test_a_share_that_is_no_whole_number_is_rounded_up(budget: Any) -> None:
    """20 % of 104 are 20.8: with 104 - 3 - 81 = 20 left, that is missed by one."""
    found = budget({**postgres(104), **fpm("web", pool("www", 81))}).instance()
    assert (found["headroom"], found["headroom_wanted"]) == (20, 21)


@pytest.mark.parametrize(("database", "demand"), [("blog", 60), ("shop", 30)])
def test_each_database_that_a_worker_uses_is_a_connection(budget: Any, database: str, demand: int) -> None:
    """DATABASE_URL leads to shop. Where DB_* say another database of that server, each of the 30 workers holds two."""
    env = f'env[DATABASE_URL] = "postgresql://u@db/shop"\nenv[DB_HOST] = db\nenv[DB_DATABASE] = {database}\n'
    assert budget({**postgres(100), **fpm("web", pool("www", 30, env))}).instance()["demand"] == demand


def test_consumers_of_a_pooler_are_its_clients(budget: Any) -> None:
    """30 workers and 15 jobs come to a PgBouncer that admits 40; the instance's 97 stay whole, and the jobs may come as
    users that nobody knows: 20 is the least that the pooler opens."""
    through = "env[DB_HOST] = edge\nenv[DB_PORT] = 6432\nenv[DB_DATABASE] = shop\nenv[DB_USERNAME] = shop\n"
    files = {
        **postgres(100),
        **fpm("web", pool("www", 30, through)),
        **bouncer("edge", "shop = host=db", "default_pool_size = 20\nmax_client_conn = 40"),
    }
    run = budget(files, "consumers: [{name: jobs, to: edge, connections: 15}]\n")
    (edge,) = run.said["poolers"]
    assert (edge["demand"], edge["admitted"], edge["limits"][0]["clients"]) == (45, 40, 45)
    assert [(one["name"], one["connections"]) for one in edge["consumers"]] == [("jobs", 15)]
    found = run.instance()
    assert (found["consumers"], found["budget"], found["demand"], found["at_least"]) == ([], 97, 20, True)


def test_consumers_of_a_host_with_both_are_its_postgresql_s(budget: Any) -> None:
    files = {**postgres(100), **bouncer("db", "shop = host=127.0.0.1 user=shop", "default_pool_size = 20")}
    run = budget(
        files, "consumers: [{name: cron, to: db, connections: 4}, {name: x, to: db/pgbouncer, connections: 1}]\n"
    )
    assert run.instance()["budget"] == 93
    assert [one["connections"] for one in run.said["poolers"][0]["consumers"]] == [1]


SQL = "hosts/db/docker-entrypoint-initdb.d/init.sql"


@pytest.mark.parametrize(
    ("script", "user", "demand", "caps"),
    [
        ("CREATE DATABASE shop CONNECTION LIMIT 25;", "app", 25, [("database shop", 25, ["web/a", "web/b"])]),
        ("CREATE DATABASE shop CONNECTION LIMIT -1;", "app", 60, []),
        ("CREATE DATABASE shop CONNECTION LIMIT 70;", "app", 60, []),
        ("CREATE ROLE app SUPERUSER LOGIN; CREATE DATABASE shop CONNECTION LIMIT 25;", "app", 60, []),
        ("CREATE ROLE app LOGIN CONNECTION LIMIT 10;", "app", 10, [("role app", 10, ["web/a", "web/b"])]),
        # the smaller of both counts
        (
            "CREATE ROLE app LOGIN CONNECTION LIMIT 30; CREATE DATABASE shop CONNECTION LIMIT 25;",
            "app",
            25,
            [("database shop", 25, ["web/a", "web/b"])],
        ),
    ],
)
def test_limits_of_roles_and_databases(
    budget: Any, script: str, user: str, demand: int, caps: list[tuple[str, int, list[str]]]
) -> None:
    """2 × 30 workers that log in as one role into one database."""
    env = f"env[DB_HOST] = db\nenv[DB_DATABASE] = shop\nenv[DB_USERNAME] = {user}\n"
    files = {**postgres(100), SQL: f"{script}\n", **fpm("web", pool("a", 30, env), pool("b", 30, env))}
    found = budget(files).instance()
    assert found["demand"] == demand
    assert [(one["name"], one["connections"], one["of"]) for one in found["caps"]] == caps


def test_a_limit_below_another_limit(budget: Any) -> None:
    """process.max lets 40 of 2 × 30 workers run, the role lets 10 of those in; both pools are under the one cap."""
    env = "env[DB_HOST] = db\nenv[DB_DATABASE] = shop\nenv[DB_USERNAME] = app\n"
    pools = fpm("web", pool("a", 30, env), pool("b", 30, env), main="process.max = 40\n")
    found = budget({**postgres(100), SQL: "CREATE ROLE app LOGIN CONNECTION LIMIT 10;\n", **pools}).instance()
    assert [(one["connections"], one["of"]) for one in found["caps"]] == [(10, ["web/a", "web/b"])]
    assert (found["demand"], found["headroom"]) == (10, 87)


def test_what_nobody_can_tell_of_a_pooler_is_a_lower_bound(budget: Any) -> None:
    """so_reuseport: each of unknown many processes admits 20 clients and opens 10 connections. auth_user: it asks for
    passwords over connections of its own, unless it asks another database."""
    through = "env[DB_HOST] = edge\nenv[DB_PORT] = 6432\nenv[DB_DATABASE] = shop\nenv[DB_USERNAME] = shop\n"
    files = {**postgres(100), **fpm("web", pool("www", 30, through))}
    for more, at_least, many in (
        ("max_client_conn = 20\nso_reuseport = 1", True, True),
        ("auth_user = asker", True, False),
        ("auth_user = asker\nauth_dbname = postgres", False, False),
        ("auth_user = asker\nmax_db_connections = 10", False, False),
        ("", False, False),
    ):
        run = budget({**files, **bouncer("edge", "shop = host=db", f"default_pool_size = 10\n{more}")})
        assert (run.instance()["demand"], run.instance()["at_least"]) == (10, at_least), more
        assert run.said["poolers"][0]["admitted_at_least"] is many, more


LISTED = "auth_type = md5\nauth_file = /etc/pgbouncer/userlist.txt\n"


@pytest.mark.parametrize(
    ("entries", "settings", "at_least"),
    [
        ("shop = host=db", LISTED, False),
        ("shop = host=db", LISTED + "auth_user = asker", False),  # its client is listed, so nobody asks
        ("shop = host=db user=other", "auth_user = asker", True),  # measured: the forced user's pool and the asker's
        ("shop = host=db user=other auth_user=asker", "", True),
        ("shop = host=db auth_user=asker", "auth_type = pam", False),
        ("shop = host=db auth_dbname=users\nusers = host=db user=asker pool_size=2", "auth_user = asker", True),
    ],
)
def test_who_asks_for_passwords_takes_more(budget: Any, entries: str, settings: str, at_least: bool) -> None:
    """Over connections of a pool of its own, where a client may be none of those that auth_file lists."""
    through = "env[DB_HOST] = edge\nenv[DB_PORT] = 6432\nenv[DB_DATABASE] = shop\nenv[DB_USERNAME] = shop\n"
    files = {**postgres(100), **fpm("web", pool("www", 30, through)), **bouncer("edge", entries, settings)}
    users = {"hosts/edge/etc/pgbouncer/userlist.txt": '"shop" "x"\n"asker" "x"\n'} if LISTED in settings else {}
    assert budget({**files, **users}).instance()["at_least"] is at_least


def test_who_asks_for_passwords_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    files = {
        **postgres(100),
        **bouncer("edge", "shop = host=db", "default_pool_size = 3\nreserve_pool_size = 1\nauth_user = x"),
    }
    said = (
        "uncounted auth_user asks for passwords over connections of a pool of its own: up to (3 default_pool_size + 1"
    )
    assert said in words_of(tmp_path, monkeypatch, capsys, files, "")


def test_consumers_and_shared_ports_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    through = "env[DB_HOST] = edge\nenv[DB_PORT] = 6432\n"
    files = {
        **postgres(100),
        **fpm("web", pool("www", 30, through)),
        **bouncer("edge", "shop = host=db", "max_client_conn = 20\nso_reuseport = 1"),
    }
    config = "consumers: [{name: jobs, to: edge, connections: 15}]\n"
    words = words_of(tmp_path, monkeypatch, capsys, files, config)
    assert "+ 15 jobs .pgfpmlint.yaml:1 = 45 clients" in words
    assert "≥ 20 admitted: 20 max_client_conn for each process that so_reuseport lets share the port" in words
