"""CloudNativePG's resources become the servers that the operator makes of them, with the files of its version 1.30."""

from __future__ import annotations

from pathlib import Path

import pytest

from operator_manifests import CNPG
from pgfpmlint.cli import main
from trees import outcome_of, world_of


def test_a_cluster() -> None:
    primary, replicas = world_of({"k8s/orders.yaml": CNPG}).deployment.instances
    assert (primary.name, replicas.name) == ("orders/postgresql", "orders-ro/postgresql")
    assert (primary.host.machines, replicas.host.machines) == (1, 1)
    assert (primary.host.memory, primary.host.cpus) == (2 * 1024**3, 2)
    assert primary.host.addresses[:4] == (
        "orders-rw",
        "orders-rw.shop",
        "orders-rw.shop.svc",
        "orders-rw.shop.svc.cluster.local",
    )
    assert replicas.host.addresses[0] == "orders-ro"
    found = primary.postgres
    assert found.reading.version.number == (17, 5)
    expected = {
        "max_connections": "60",
        "max_worker_processes": "32",
        "wal_level": "logical",
        "listen_addresses": "*",
        "allow_alter_system": "off",
        "shared_preload_libraries": "pgaudit,auto_explain",
        "cluster_name": "orders",
        "archive_mode": "on",
    }
    assert {name: found.setting(name).value for name in expected} == expected
    assert found.reading.problems == ()
    place = found.setting("max_connections").place
    assert place is not None
    assert (place.surface.text, place.surface.line) == ('max_connections: "60"', 16)


def test_access_records_are_the_operators_around_the_users() -> None:
    primary, _ = world_of({"k8s/orders.yaml": CNPG}).deployment.instances
    assert primary.hba is not None
    methods = [(record.method, record.place.is_given) for record in primary.hba.records]
    assert methods == [
        *[("peer", True)] * 2,
        *[("cert", True)] * 3,
        ("scram-sha-256", False),
        ("cert", False),
        ("scram-sha-256", True),
    ]
    assert primary.hba.records[6].place.surface.line == 21


def test_a_pooler_reaches_the_service_that_it_names() -> None:
    deployment = world_of({"k8s/orders.yaml": CNPG}).deployment
    (pooler,) = deployment.poolers
    assert (pooler.name, pooler.host.machines) == ("orders-pool/pgbouncer", 2)
    assert pooler.bouncer.reading.version.number == (1, 24, 1)
    expected = {
        "pool_mode": "transaction",
        "default_pool_size": "40",
        "ignore_startup_parameters": "extra_float_digits,options,search_path",
        "auth_type": "hba",
        "server_tls_sslmode": "verify-ca",
        "listen_port": "5432",
    }
    assert {name: pooler.bouncer.setting(name).value for name in expected} == expected
    (link,) = deployment.links.known
    assert (link.client.name, link.server.name) == ("orders-pool/pgbouncer", "orders-ro/postgresql")


def test_too_many_connections_are_told_at_the_lines_of_the_manifest() -> None:
    """2 poolers x 40 connections are more than 60 - 3 of one replica: each line that this follows from is shown."""
    outcome = outcome_of({"k8s/orders.yaml": CNPG})
    found = next(one for one in outcome.findings if one.rule == "capacity/pool-outgrows-server")
    shown = {found.at.text, *(label.place.text for label in found.related)}
    assert {'max_connections: "60"', 'default_pool_size: "40"', "instances: 2"} <= shown
    assert outcome.crashed == ()


def test_a_value_is_mended_where_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "orders.yaml"
    file.write_text(
        CNPG.replace('max_connections: "60"', 'max_connections: "60"\n        fsync: "off"  # for the tests')
    )
    assert main(["check", str(tmp_path), "--fix", "--unsafe-fixes", "--select", "postgres/fsync-off"]) == 0
    assert '        fsync: "on"  # for the tests\n' in file.read_text()


@pytest.mark.parametrize(
    "spec",
    [
        "[]",
        "{postgresql: {parameters: [a], pg_hba: a, shared_preload_libraries: {a: b}}, instances: x, imageName: [x]}",
        "{postgresql: {parameters: {a: {b: c}, work_mem: ~}, pg_hba: [~, [a], {a: b}]}, resources: {limits: x}}",
        "{cluster: x, pgbouncer: y, type: [z], instances: -1}",
        "{cluster: {name: [x]}, pgbouncer: {poolMode: [x], parameters: {max_client_conn: [1]}, pg_hba: {a: b}}}",
    ],
)
@pytest.mark.parametrize("kind", ["Cluster", "Pooler"])
def test_nothing_breaks(kind: str, spec: str) -> None:
    text = f"apiVersion: postgresql.cnpg.io/v1\nkind: {kind}\nmetadata: {{name: x}}\nspec: {spec}\n"
    assert outcome_of({"x.yaml": text}).crashed == ()
