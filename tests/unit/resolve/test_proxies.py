"""pgcat.toml, pgpool.conf and odyssey.conf: what their lanes come to, counted by hand after each product's manual."""

from __future__ import annotations

import pytest

from pgfpmlint.catalog.version import newest
from pgfpmlint.discover.versions import PRODUCTS
from pgfpmlint.resolve.proxy import Lane, ProxyReading, serving
from pgfpmlint.resolve.proxy.products import read
from pgfpmlint.source.memory import MemoryTree

PGCAT = """\
[general]
port = 6432
admin_username = "a"
admin_password = "b"
prepared_statements_cache_size = 500

[pools.shop]
pool_mode = "session"
[pools.shop.users.0]
username = "web"
password = "x"
pool_size = 20
[pools.shop.users.1]
username = "jobs"
server_username = "worker"
password = "x"
pool_size = 5
pool_mode = "transaction"
[pools.shop.shards.0]
database = "shop0"
servers = [["db1", 5432, "primary"], ["db2", 5433, "replica"]]
[pools.shop.shards.1]
database = "shop1"
servers = [["db1", 5432, "primary"]]
mirrors = [["db3", 5432, 0]]
"""

PGPOOL = """\
listen_addresses = '*'
backend_hostname0 = 'db1'
backend_port0 = 5432
backend_hostname1 = 'db2'   # no port
include = 'more.conf'
num_init_children = 100
"""

ODYSSEY = """\
client_max 500
listen {
  host "10.0.0.1,10.0.0.2:6433"
}
shared_pool "both" { pool_size 7 }
storage "pg" { type "remote" host "[db1]:5433,db2" port 5432 }
storage "console" { type "local" }
database "shop" {
  user "web" { storage "pg" storage_db "shop0" storage_user "app" pool "transaction" pool_size 30 client_max 20 }
  user default { storage "pg" pool "session" pool_size 0 }
}
database "stats" { user "a" { storage "pg" pool "statement" shared_pool "both" } }
database "console" { user default { storage "console" pool "session" } }
"""


def reading(kind: str, text: str, **further: str) -> ProxyReading:
    files = {f"etc/{kind}": text, **{f"etc/{name}.conf": other for name, other in further.items()}}
    tree = MemoryTree({path: text.encode() for path, text in files.items()})
    return read(kind, tree.root("localhost", "", complete=True), f"/etc/{kind}", newest(PRODUCTS[kind]))


def told(lane: Lane) -> tuple[object, ...]:
    size = (lane.size.amount, lane.size.words) if lane.size is not None else None
    return lane.key, lane.server_user, lane.mode.value, size, [(one.host, one.port) for one in lane.backends]


def test_pgcat() -> None:
    found = reading("pgcat.toml", PGCAT)
    servers = [("db1", 5432), ("db2", 5433), ("db1", 5432), ("db3", 5432)]
    assert [told(lane) for lane in found.lanes] == [
        ("shop user web", "web", "session", (20, "20 pool_size"), servers),
        ("shop user jobs", "worker", "transaction", (5, "5 pool_size"), servers),
    ]
    assert [one.database for one in found.lanes[0].backends] == ["shop0", "shop0", "shop1", "shop1"]
    assert found.listens == (("0.0.0.0", 6432),)
    assert found.clients is None
    assert all(lane.prepares is not None and lane.prepares.value == "true" for lane in found.lanes)
    assert found.reading is not None
    assert not found.reading.problems


def test_pgpool() -> None:
    found = reading("pgpool.conf", PGPOOL, more="max_pool = 2\nreserved_connections = 1\nnum_init_children = 3\n")
    assert [told(lane) for lane in found.lanes] == [
        ("*", None, "session", (200, "100 num_init_children × 2 max_pool"), [("db1", 5432), ("db2", None)])
    ]
    assert found.clients is not None
    assert (found.clients.amount, found.clients.words, found.queues) == (
        99,
        "100 num_init_children - 1 reserved_connections",
        False,
    )
    assert found.listens == (("*", 9999),)


@pytest.mark.parametrize("off", ["off", "'false'", "no", "0", "f"])
def test_pgpool_without_a_cache(off: str) -> None:
    found = reading("pgpool.conf", f"backend_hostname0 = 'db'\nconnection_cache = {off}\n")
    assert found.lanes[0].size is not None
    assert (found.lanes[0].size.amount, found.lanes[0].size.words) == (32, "32 num_init_children by default")
    assert found.queues


def test_odyssey() -> None:
    found = reading("odyssey.conf", ODYSSEY)
    servers = [("db1", 5433), ("db2", 5432)]
    assert [told(lane) for lane in found.lanes] == [
        ("shop user web", "app", "transaction", (20, "20 client_max"), servers),
        ("shop", None, "session", (500, "500 client_max"), servers),
        ("stats user a", None, "statement", (7, "7 pool_size"), servers),
    ]
    assert found.lanes[2].shared == "both"
    assert found.listens == (("10.0.0.1", 6432), ("10.0.0.2", 6433))
    assert found.clients is not None
    assert found.clients.amount == 500


def test_who_serves_whom() -> None:
    found = reading("odyssey.conf", ODYSSEY)
    assert [lane.key for lane in serving(found, "shop", "web")] == ["shop user web"]
    assert [lane.key for lane in serving(found, "shop", "other")] == ["shop"]
    assert [lane.key for lane in serving(found, "shop", None)] == ["shop user web", "shop"]
    assert serving(found, "elsewhere", "web") == ()


def test_passwords_are_not_kept() -> None:
    found = reading("pgcat.toml", PGCAT)
    assert found.settings["general.admin_password"].value == "********"
    found = reading("pgpool.conf", "backend_hostname0 = 'db'\nsr_check_password = 'hunter2'\n")
    assert found.settings["sr_check_password"].value == "********"
