"""Machines out of workloads of Kubernetes: their files, their numbers, and the names that Services give them."""

from __future__ import annotations

import pytest

from trees import deployment_of, outcome_of

POOLER = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: pooler-config}
data:
  pgbouncer.ini: |
    [databases]
    shop = host=db.data
    [pgbouncer]
    listen_addr = *
    listen_port = 6432
    default_pool_size = 30
    pool_mode = some
  unused.conf: |
    wrk_mem = 8MB
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: pooler}
spec:
  replicas: 2
  template:
    metadata: {labels: {app: pooler}}
    spec:
      containers:
        - name: pgbouncer
          image: edoburu/pgbouncer:v1.23.1-p2
          volumeMounts:
            - {name: config, mountPath: /etc/pgbouncer/pgbouncer.ini, subPath: pgbouncer.ini}
      volumes:
        - name: config
          configMap: {name: pooler-config}
---
apiVersion: v1
kind: Service
metadata: {name: pgbouncer}
spec:
  selector: {app: pooler}
"""
SCALER = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: pooler}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: pooler}
  minReplicas: 2
  maxReplicas: 5
"""
DATABASE = """\
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: postgres, namespace: data}
spec:
  template:
    metadata: {labels: {app: postgres, tier: db}}
    spec:
      containers:
        - name: postgres
          image: postgres:16
          args: ["-c", "max_connections=50", "-c", "wrk_mem=4MB"]
          resources: {limits: {memory: 2Gi}}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: data}
spec: {selector: {app: postgres}}
"""
PHP = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: nginx
          image: nginx
        - name: php
          image: php:8.3-fpm
          envFrom:
            - configMapRef: {name: web-env}
          env:
            - {name: DB_PORT, value: "6432"}
            - name: DB_PASSWORD
              valueFrom: {secretKeyRef: {name: web, key: password}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web-env}
data:
  DB_HOST: pgbouncer
  DB_DATABASE: shop
"""
FILES = {"k8s/pooler.yaml": POOLER, "k8s/hpa.yaml": SCALER, "k8s/db.yaml": DATABASE, "k8s/web.yaml": PHP}


def test_workloads_are_linked_by_the_names_of_their_services() -> None:
    deployment = deployment_of(FILES)
    links = {(link.client.name, link.server.name) for link in deployment.links.known}
    assert links == {("web/www", "pooler/pgbouncer"), ("pooler/pgbouncer", "postgres/postgresql")}


def test_the_most_replicas_count() -> None:
    hosts = {host.name: host for host in deployment_of(FILES).hosts}
    assert (hosts["pooler"].machines, hosts["web"].machines) == (5, 3)
    place = hosts["pooler"].machines_place
    assert place is not None
    assert (place.path, place.text) == ("k8s/hpa.yaml", "5")
    assert hosts["postgres"].memory == 2 * 1024**3


def test_a_mounted_key_is_linted_once_where_it_is_written() -> None:
    outcome = outcome_of(FILES)
    assert outcome.crashed == ()
    found = sorted(
        (one.rule, one.at.path, one.at.line, one.at.text) for one in outcome.findings if one.severity == "error"
    )
    assert ("pooler/invalid-value", "k8s/pooler.yaml", 12, "some") in found
    assert ("postgres/unknown-parameter", "k8s/db.yaml", 11, "wrk_mem=4MB") in found
    assert len([one for one in found if one[0] == "pooler/invalid-value"]) == 1


@pytest.mark.parametrize(
    "text",
    [
        "kind: Deployment\nspec: {template: {spec: {containers: [postgres]}}}\n",
        "kind: Deployment\nspec: {template: {spec: {containers: {image: postgres}}}}\n",
        "kind: Deployment\nspec: [postgres]\n",
        DATABASE.replace("args: [", "args: [[x], ").replace("image: postgres:16", "image: {}"),
        DATABASE.replace("{name: postgres, namespace: data}", "postgres"),
    ],
)
def test_what_is_no_workload_is_nobodys(text: str) -> None:
    assert outcome_of({"k8s/db.yaml": text, "etc/php/8.3/fpm/php-fpm.conf": ""}).crashed == ()


def test_an_override_for_a_host_holds_for_each_of_one_manifest() -> None:
    """Two ConfigMaps of one file: what is ignored of the first host is told of the second."""
    two = "".join(
        "apiVersion: v1\nkind: ConfigMap\n"
        f"metadata: {{name: {name}}}\ndata:\n  postgresql.conf: |\n    fsync = off\n    port = 5432\n---\n"
        for name in ("first", "second")
    )
    config = "rules:\n  overrides:\n    - hosts: [{}]\n      ignore: [postgres/fsync-off]\n"
    for host, line in (("first", 14), ("second", 6)):
        files = {"k8s/db.yaml": two, ".pgfpmlint.yaml": config.format(host)}
        found = [one for one in outcome_of(files).findings if one.rule == "postgres/fsync-off"]
        assert [one.at.line for one in found] == [line]
