"""Resources of Crunchy's operator, and parts of configuration that StackGres keeps."""

from __future__ import annotations

import pytest

from operator_manifests import CRUNCHY
from trees import outcome_of, world_of

POOLING = """\
apiVersion: stackgres.io/v1
kind: SGPoolingConfig
metadata: {name: pooling}
spec:
  pgBouncer:
    pgbouncer.ini:
      pgbouncer:
        pool_mode: session
        max_client_con: '500'
---
apiVersion: stackgres.io/v1
kind: SGPostgresConfig
metadata: {name: settings}
spec:
  postgresVersion: "16"
  postgresql.conf:
    wrk_mem: '8MB'
    fsync: 'off'
"""


def test_a_cluster() -> None:
    primary, replica = world_of({"hippo.yaml": CRUNCHY}).deployment.instances
    assert (primary.name, replica.name) == ("hippo/postgresql", "hippo-replicas/postgresql")
    assert primary.host.addresses[:3] == ("hippo-primary", "hippo-primary.zoo", "hippo-primary.zoo.svc")
    assert primary.host.memory == 4 * 1024**3
    found = primary.postgres
    expected = {"work_mem": "8192", "max_connections": "60", "shared_buffers": "131072", "wal_level": "logical"}
    expected |= {"jit": "off", "ssl": "on", "port": "5433", "shared_preload_libraries": "pgaudit"}
    assert {name: found.setting(name).value for name in expected} == expected
    assert found.reading.version.number == (17,)


def test_access_records() -> None:
    primary, _ = world_of({"hippo.yaml": CRUNCHY}).deployment.instances
    assert primary.hba is not None
    written = [record.place.text for record in primary.hba.records if not record.place.is_given]
    assert written == [
        'hostssl "shop","a b" all all scram-sha-256 clientcert="verify-ca"',
        "hostnossl all all all reject",
        "hostssl all all all scram-sha-256",
    ]
    assert primary.hba.reading.problems == ()


def test_a_pooler_outgrows_the_server() -> None:
    """2 x 40 connections against 60 - 3."""
    deployment = world_of({"hippo.yaml": CRUNCHY}).deployment
    (pooler,) = deployment.poolers
    assert pooler.bouncer.reading.version.number == (1, 21)
    assert (pooler.name, pooler.host.machines) == ("hippo-pgbouncer/pgbouncer", 2)
    assert [link.server.name for link in deployment.links.known] == ["hippo/postgresql"]
    outcome = outcome_of({"hippo.yaml": CRUNCHY})
    found = next(one for one in outcome.findings if one.rule == "capacity/pool-outgrows-server")
    assert found.at.text == "max_connections: 60"
    assert {'default_pool_size: "40"', "replicas: 2"} <= {label.place.text for label in found.related}
    assert outcome.crashed == ()


@pytest.mark.parametrize(
    ("written", "instead", "rule", "text"),
    [
        ("ssl: off", "ssl: off", "manifest/ignored-parameter", "ssl: off"),
        ("      work_mem: 8MB", '      port: "1"', "manifest/fixed-parameter", 'port: "1"'),
        ("      work_mem: 8MB", "      wal_level: replica", "manifest/refused-value", "wal_level: replica"),
        ("      work_mem: 8MB", "      jit: on", "manifest/value-is-no-text", "jit: on"),
        ("        global:", "        max_client_conn: 5\n        global:", "manifest/misplaced-key", "max_client_conn"),
        ('"40"', "40", "manifest/value-is-no-text", "default_pool_size: 40"),
    ],
)
def test_an_objection(written: str, instead: str, rule: str, text: str) -> None:
    outcome = outcome_of({"hippo.yaml": CRUNCHY.replace(written, instead)})
    assert [found.at.text for found in outcome.findings if found.rule == rule] == [text]


def test_parts_that_stackgres_keeps() -> None:
    outcome = outcome_of({"parts.yaml": POOLING})
    places = {found.rule: found.at.text for found in outcome.findings}
    assert places["pooler/unknown-parameter"] == "max_client_con"
    assert places["postgres/unknown-parameter"] == "wrk_mem: '8MB'"
    assert places["postgres/fsync-off"] == "fsync: 'off'"
    assert outcome.crashed == ()
