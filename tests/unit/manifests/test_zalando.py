"""Resources of Zalando's operator. Pools by its formula: 60 connections among 2 instances are 30 each, half of these
the pool's size and a quarter its reserve (pkg/cluster/connection_pooler.go)."""

from __future__ import annotations

import pytest

from operator_manifests import ZALANDO
from trees import outcome_of, world_of


def test_a_cluster() -> None:
    primary, replica = world_of({"shop.yaml": ZALANDO}).deployment.instances
    assert (primary.name, replica.name) == ("acid-shop/postgresql", "acid-shop-repl/postgresql")
    assert primary.host.addresses[:2] == ("acid-shop", "acid-shop.shop")
    assert (primary.host.memory, primary.host.cpus) == (1500 * 1024**2, None)
    found = primary.postgres
    expected = {"max_connections": "80", "shared_buffers": "4096", "wal_level": "logical", "log_statement": "ddl"}
    assert {name: found.setting(name).value for name in expected} == expected
    assert found.reading.version.number == (16,)
    assert primary.hba is not None
    assert [record.method for record in primary.hba.records] == ["scram-sha-256"]


def test_what_spilo_works_out_from_the_memory() -> None:
    """1500 MB: a fifth for shared_buffers, in pages of 8 kB; 1500 / 30 connections, and 100 at least."""
    asks = ("      shared_buffers: 32MB\n", '      max_connections: "80"\n')
    bare = ZALANDO.replace(asks[0], "").replace(asks[1], "")
    found = world_of({"shop.yaml": bare}).deployment.instances[0].postgres
    assert (found.setting("shared_buffers").value, found.setting("max_connections").value) == ("38400", "100")
    unlimited = bare.replace("  resources: {limits: {cpu: 500m, memory: 1500Mi}}\n", "")
    found = world_of({"shop.yaml": unlimited}).deployment.instances[0].postgres
    assert (found.setting("shared_buffers").value, found.setting("max_connections").value) == (None, None)


@pytest.mark.parametrize(
    ("written", "machines", "most", "size", "reserve", "mode"),
    [
        ("", 3, "30", "15", "7", "session"),
        ("    maxDBConnections: 90\n", 3, "20", "10", "5", "session"),
        ("    numberOfInstances: 3\n    maxDBConnections: 90\n    mode: session\n", 2, "30", "15", "7", "transaction"),
    ],
)
def test_a_pooler(written: str, machines: int, most: str, size: str, reserve: str, mode: str) -> None:
    """Without the lines in ``written``."""
    deployment = world_of({"shop.yaml": ZALANDO.replace(written, "")}).deployment
    (pooler,) = deployment.poolers
    assert (pooler.name, pooler.host.machines, pooler.host.addresses[0]) == (
        "acid-shop-pooler/pgbouncer",
        machines,
        "acid-shop-pooler",
    )
    names = ("max_db_connections", "default_pool_size", "reserve_pool_size", "pool_mode")
    assert tuple(pooler.bouncer.setting(name).value for name in names) == (most, size, reserve, mode)
    assert {link.server.name for link in deployment.links.known} == {"acid-shop/postgresql"}


def test_a_pool_that_is_too_large_is_told_at_the_number_that_it_comes_from() -> None:
    """Two entries of 3 x 30 connections against 80 - 3."""
    outcome = outcome_of({"shop.yaml": ZALANDO})
    found = next(one for one in outcome.findings if one.rule == "capacity/pool-outgrows-server")
    assert found.at.text == 'max_connections: "80"'
    assert "90" in {label.place.text for label in found.related}
    assert outcome.crashed == ()


@pytest.mark.parametrize(
    ("written", "instead", "rule", "text"),
    [
        ('max_connections: "80"', "max_connections: 80", "manifest/value-is-no-text", "max_connections: 80"),
        ('max_connections: "80"', 'max_connections: "20"', "manifest/replaced-value", 'max_connections: "20"'),
        ("mode: session", "mode: statement", "manifest/refused-value", "mode: statement"),
        ("    pg_hba:", "    parameters: {a: b}\n    pg_hba:", "manifest/misplaced-key", "parameters"),
        ("wal_level: logical", "port: '6543'", "manifest/ignored-parameter", "port: '6543'"),
    ],
)
def test_an_objection(written: str, instead: str, rule: str, text: str) -> None:
    outcome = outcome_of({"shop.yaml": ZALANDO.replace(written, instead)})
    assert [found.at.text for found in outcome.findings if found.rule == rule] == [text]
