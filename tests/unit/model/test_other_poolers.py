"""Budgets and paths with poolers other than PgBouncer between, added up by hand."""

from __future__ import annotations

import pytest

from pgfpmlint.config import ConfigError
from pgfpmlint.model.budget import Budget, budget
from pgfpmlint.model.passage import Passages
from pgfpmlint.model.takers import takers
from trees import deployment_of

SERVER = {"db/etc/postgresql/16/main/postgresql.conf": "listen_addresses = '*'\nmax_connections = 100\n"}
HOSTS = "hosts: {web: {root: web, count: 2}, db: {root: db}, edge: {root: edge, count: 3}}\n"


def pool(name: str, database: str, user: str = "app", port: int = 6432, host: str = "edge") -> dict[str, str]:
    """A pool of ten workers that comes to the pooler."""
    lines = ("pm = static", "pm.max_children = 10", "user = w", f"listen = /run/{name}.sock")
    asks = {"DB_HOST": host, "DB_PORT": port, "DB_DATABASE": database, "DB_USERNAME": user}
    text = "\n".join([f"[{name}]", *lines, *(f"env[{key}] = {value}" for key, value in asks.items()), ""])
    return {f"web/etc/php/8.3/fpm/pool.d/{name}.conf": text}


POOLS = {**pool("one", "shop"), **pool("two", "shop", "other"), **pool("three", "stats")}


def found(pooler: str, pools: dict[str, str] = POOLS) -> Budget:
    declared = f"{HOSTS}poolers:\n- {{name: p, on: edge, port: 6432, to: db, {pooler}}}\n"
    deployment = deployment_of({".pgfpmlint.yaml": declared, **SERVER, **pools})
    made = budget(deployment.instances[0], deployment)
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("pooler", "total", "at_least"),
    [
        ("server_connections: 7", 7 * 3, False),
        ("server_connections: 7, per: all, databases: [shop, stats]", 7 * 3, False),
        ("server_connections: 7, per: database", 7 * 2 * 3, False),
        ("server_connections: 7, per: database, databases: [shop, stats, more]", 7 * 3 * 3, False),
        ("server_connections: 7, per: user", 7 * 2 * 3, False),
        ("server_connections: 7, per: pool", 7 * 3 * 3, False),
        ("clients: 5", 0, True),
    ],
)
def test_what_a_declared_one_may_open(pooler: str, total: int, at_least: bool) -> None:
    """Two databases, two users, three pairs of them, on three machines."""
    made = found(pooler)
    assert (made.pooled.total, made.pooled.at_least) == (total, at_least)
    assert made.direct.total == 0


def test_who_comes_through_it() -> None:
    declared = f"{HOSTS}poolers:\n- {{name: p, on: edge, port: 6432, to: db, server_connections: 7}}\n"
    deployment = deployment_of({".pgfpmlint.yaml": declared, **SERVER, **POOLS})
    made = budget(deployment.instances[0], deployment)
    assert made is not None
    rows = [
        (one.name, one.kind, one.term.amount if one.term else None, one.via) for one in takers(made, deployment.links)
    ]
    assert rows == [
        ("edge/p", "p", 21, None),
        *((f"web/{name}", "php-fpm", 20, "edge/p") for name in ("one", "three", "two")),
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{name: p, on: egde, to: db}", "on: 'egde' is no host of this tree; there are: db, edge, web"),
        ("{name: p, on: edge, to: nowhere}", "'nowhere' names no node of this tree"),
        ("{name: p, on: edge}", "lacks 'to'"),
        ("{name: p, to: db, per: user}", "says 'per' without 'server_connections'"),
        ("{name: p, to: db, mode: fast}", "mode must be session, transaction or statement"),
    ],
)
def test_what_can_not_be_meant(line: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        deployment_of({".pgfpmlint.yaml": f"{HOSTS}poolers:\n- {line}\n", **SERVER, **POOLS})
    assert says in str(caught.value)


ODYSSEY = """\
listen { host "*" port 6432 }
storage "pg" { type "remote" host "db" port 5432 }
database default { user default { storage "pg" pool "transaction" pool_size 0 } }
"""


def test_without_a_limit_there_are_as_many_as_clients() -> None:
    """Three pools of ten workers on two machines; the sizes of clients are known, and all of them come."""
    deployment = deployment_of(
        {
            ".pgfpmlint.yaml": HOSTS.replace(", count: 3", ""),
            "edge/etc/odyssey/odyssey.conf": ODYSSEY,
            **SERVER,
            **POOLS,
        }
    )
    made = budget(deployment.instances[0], deployment)
    assert made is not None
    assert made.pooled.total == 60


def test_the_step_behind_is_judged() -> None:
    """What the pooler asks of its clients is not read; that PostgreSQL has no record for it, is."""
    hba = {"db/etc/postgresql/16/main/pg_hba.conf": "host elsewhere all all scram-sha-256\n"}
    files = {"edge/etc/odyssey/odyssey.conf": ODYSSEY, **SERVER, **hba, **pool("one", "shop")}
    deployment = deployment_of({".pgfpmlint.yaml": HOSTS, **files})
    (passage,) = Passages(deployment).all
    assert [(leg.client.name, leg.server.name, leg.verdict) for leg in passage.legs] == [
        ("web/one", "edge/odyssey", "unknown"),
        ("edge/odyssey", "db/16-main", "rejected"),
    ]
    assert passage.verdict == "rejected"
