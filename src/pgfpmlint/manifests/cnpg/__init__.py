"""CloudNativePG: a ``Cluster`` is a primary and its replicas, a ``Pooler`` is PgBouncer before one of their services.

What the operator writes is that of its version 1.30 (pkg/postgres/configuration.go, pkg/management/pgbouncer/config);
https://cloudnative-pg.io/documentation/current/postgresql_conf/ says the same in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.manifests.machine import Machine, Manifest
from pgfpmlint.manifests.resources import resources

GROUP = "postgresql.cnpg.io"


def expand(manifests: Sequence[Manifest]) -> Iterator[Machine]:
    for found in resources(manifests, "CloudNativePG", GROUP):
        if found.kind == "Cluster":
            from pgfpmlint.manifests.cnpg.cluster import machines

            yield from machines(found)
        elif found.kind == "Pooler":
            from pgfpmlint.manifests.cnpg.pooler import machine

            yield machine(found)
