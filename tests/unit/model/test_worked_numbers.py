"""The arithmetic of the deployment model against numbers worked out by hand.

Those with three servers, api and admin pools come from a published capacity-planning guide for PHP and PostgreSQL;
where it subtracts replication from the slots it is right only before PostgreSQL 12, and the numbers here are not.
"""

from __future__ import annotations

import pytest

from pgfpmlint.model.budget import Budget, budget
from trees import deployment_of

POOL = """\
[{name}]
user = www-data
listen = /run/php/{name}.sock
pm = static
pm.max_children = {children}
env[DB_HOST] = {host}
"""
MASTER = "include = /etc/php/8.3/fpm/pool.d/*.conf\n"


def fpm(pools: dict[str, int], host: str = "db") -> dict[str, str]:
    """A web host whose pools connect straight to ``host``."""
    files = {"hosts/web/etc/php/8.3/fpm/php-fpm.conf": MASTER}
    for name, children in pools.items():
        text = POOL.format(name=name, children=children, host=host)
        files[f"hosts/web/etc/php/8.3/fpm/pool.d/{name}.conf"] = text
    return files


def postgres(max_connections: int, host: str = "db", major: int = 16) -> dict[str, str]:
    text = f"listen_addresses = '*'\nmax_connections = {max_connections}\nsuperuser_reserved_connections = 3\n"
    return {f"hosts/{host}/etc/postgresql/{major}/main/postgresql.conf": text}


def configured(web_hosts: int = 1, monitoring: int = 2, more: str = "") -> dict[str, str]:
    return {
        ".pgfpmlint.yaml": f"hosts:\n  web: {{root: hosts/web, count: {web_hosts}}}\n  db: {{root: hosts/db}}\n"
        f"consumers:\n  - {{name: monitoring, to: db, connections: {monitoring}}}\n{more}"
    }


def budget_of(files: dict[str, str], instance: str = "db/16-main") -> Budget:
    deployment = deployment_of(files)
    found = budget(next(node for node in deployment.instances if node.name == instance), deployment)
    assert found is not None
    return found


def test_usable_and_budget() -> None:
    found = budget_of(postgres(120) | configured() | fpm({"www": 1}))
    assert (found.slots.usable, found.budget) == (117, 115)


@pytest.mark.parametrize(
    ("servers", "pools", "limit"),
    [(1, ["www"], 115), (3, ["www"], 38), (2, ["api", "admin"], 28)],
)
def test_per_pool_limit(servers: int, pools: list[str], limit: int) -> None:
    found = budget_of(postgres(120) | configured(servers) | fpm(dict.fromkeys(pools, 5)))
    assert found.per_pool_limit == limit


def test_a_primary_with_two_groups_of_pools() -> None:
    files = postgres(100) | configured(3, more="  - {name: admin, to: db, connections: 15}\n") | fpm({"api": 10})
    found = budget_of(files)
    # The admin pool of the fourth host is declared here, so that it takes from the budget instead of adding demand.
    assert (found.direct.total, found.budget) == (30, 80)


def test_a_replica_has_its_own_budget() -> None:
    found = budget_of(postgres(100) | configured(3) | fpm({"api": 20}))
    assert (found.direct.total, found.budget, found.headroom) == (60, 95, 35)


def test_wal_senders_take_no_slots() -> None:
    files = postgres(100) | configured(3) | fpm({"api": 20})
    files["hosts/db/etc/postgresql/16/main/postgresql.conf"] += "max_wal_senders = 20\n"
    assert budget_of(files).budget == 95


def test_three_servers_of_fifty() -> None:
    found = budget_of(postgres(160) | configured(3) | fpm({"www": 50}))
    assert (found.direct.total, found.headroom) == (150, 5)


def test_reserved_connections_count_from_sixteen() -> None:
    files = postgres(100) | configured() | fpm({"www": 1})
    files["hosts/db/etc/postgresql/16/main/postgresql.conf"] += "reserved_connections = 7\n"
    assert budget_of(files).slots.usable == 90


def test_process_max_caps_all_pools_of_a_master() -> None:
    files = postgres(100) | configured(2) | fpm({"api": 30, "www": 30})
    files["hosts/web/etc/php/8.3/fpm/php-fpm.conf"] = "process.max = 40\n" + MASTER
    assert budget_of(files).direct.total == 80


PGBOUNCER = """\
[databases]
{databases}
[pgbouncer]
listen_addr = *
default_pool_size = 20
reserve_pool_size = 5
{more}
"""


def pooled(databases: str, more: str = "", version: str = "1.24") -> Budget:
    files = {
        ".pgfpmlint.yaml": f'versions: {{pgbouncer: "{version}"}}\n',
        "hosts/edge/etc/pgbouncer/pgbouncer.ini": PGBOUNCER.format(databases=databases, more=more),
    }
    return budget_of(postgres(200) | files)


@pytest.mark.parametrize(
    ("databases", "more", "total"),
    [
        ("shop = host=db user=shop", "", 25),
        ("shop = host=db user=shop\napi = host=db user=shop dbname=shop", "", 50),
        ("shop = host=db user=shop pool_size=7", "", 12),
        ("shop = host=db user=shop pool_size=7 reserve_pool=0", "", 7),
        ("shop = host=db user=shop pool_size=-1", "", 25),
        ("shop = host=db user=shop max_db_connections=10", "", 10),
        ("shop = host=db user=shop", "max_db_connections = 18", 18),
        ("shop = host=db user=shop", "max_user_connections = 9", 9),
        ("shop = host=db user=shop", "[users]\nshop = pool_size=3 max_user_connections=100", 8),
    ],
)
def test_what_a_pooler_may_open(databases: str, more: str, total: int) -> None:
    found = pooled(databases, more)
    assert (found.pooled.total, found.pooled.at_least, found.pooled.unlimited) == (total, False, None)


def test_unknown_users_make_a_lower_bound() -> None:
    found = pooled("shop = host=db")
    assert (found.pooled.shown, found.pooled.at_least) == ("≥ 25", True)


def test_a_cap_lowers_what_unknown_users_may_open_and_never_raises_it() -> None:
    # One user opens 25 at most; 500 is what twenty of them could, and nothing says that there are twenty.
    assert pooled("shop = host=db", "max_db_connections = 500").pooled.shown == "≥ 25"
    assert pooled("shop = host=db", "max_db_connections = 18").pooled.shown == "18"
    assert pooled("shop = host=db", "max_db_connections = 25").pooled.shown == "25"


def test_pool_size_zero_is_one_before_1_24_and_no_limit_since() -> None:
    assert pooled("shop = host=db user=shop pool_size=0 reserve_pool=0", version="1.23").pooled.total == 1
    assert pooled("shop = host=db user=shop pool_size=0", version="1.24").pooled.unlimited
    capped = pooled("shop = host=db user=shop pool_size=0 max_db_connections=30", version="1.24").pooled
    assert (capped.total, capped.unlimited) == (30, None)


def test_an_unknown_pool_size_is_neither_zero_nor_without_limit() -> None:
    ini = PGBOUNCER.format(databases="shop = host=db user=shop", more="")
    ini = ini.replace("default_pool_size = 20", "%include /etc/pgbouncer/sizes.ini")
    found = budget_of(postgres(200) | {"hosts/edge/etc/pgbouncer/pgbouncer.ini": ini})
    assert (found.pooled.total, found.pooled.unlimited) == (0, None)
    assert found.pooled.unknown == ("edge/pgbouncer database shop",)
