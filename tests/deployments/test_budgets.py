"""Budgets of whole trees against numbers worked out by hand, as ``budget --format json`` tells them.

The six rows of the table are those of a published capacity-planning guide; its column of free slots subtracts
monitoring in some rows and not in others. Here nothing is declared to monitor: 3 slots are reserved, no more."""

from __future__ import annotations

from typing import Any

import pytest

from budgets import bouncer, fpm, pool, postgres


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
