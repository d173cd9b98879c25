"""StackGres: an ``SGPostgresConfig`` is a part of postgresql.conf, an ``SGPoolingConfig`` one of pgbouncer.ini.

Which clusters take them, and what the operator adds, they do not say: they are read as fragments.
https://stackgres.io/doc/latest/reference/crd/sgpgconfig/, https://stackgres.io/doc/latest/reference/crd/sgpoolconfig/.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.catalog.version import POSTGRESQL
from pgfpmlint.manifests.documents import SCALAR, entries
from pgfpmlint.manifests.draft import Draft
from pgfpmlint.manifests.machine import Machine, Manifest, Part, Told
from pgfpmlint.manifests.pool_settings import setting
from pgfpmlint.manifests.resources import Resource, resources

GROUP = "stackgres.io"

SECTIONS = ("databases", "users", "pgbouncer")


def expand(manifests: Sequence[Manifest]) -> Iterator[Machine]:
    for found in resources(manifests, "StackGres", GROUP):
        made = {"SGPostgresConfig": _settings, "SGPoolingConfig": _pooling}.get(found.kind)
        if made is not None:
            path, part = made(found)
            told = Told(
                found.version(POSTGRESQL, "postgresVersion"),
                place=found.place(found.section),
                problems=tuple(found.problems),
            )
            yield Machine(found.name, f"{found.kind}/{found.name}", found.source.path, {path: part}, told)


def _settings(found: Resource) -> tuple[str, Part]:
    draft = Draft(found.source, f"{found.name}/postgresql.conf", found.section).glue("# of SGPostgresConfig\n")
    for key, value in found.texts("postgresql.conf"):
        draft.setting(key, value)
    why = f"SGPostgresConfig {found.name}"
    return f"/postgresql/conf.d/{found.name}.conf", Part("postgresql.conf", draft.excerpt(), why)


def _pooling(found: Resource) -> tuple[str, Part]:
    draft = Draft(found.source, f"{found.name}/pgbouncer.ini", found.section).glue("; of SGPoolingConfig\n")
    for section in SECTIONS:
        node = found.at("pgBouncer", "pgbouncer.ini", section)
        if node is None or section != "pgbouncer":
            continue
        draft.glue(f"[{section}]\n", node)
        for key, value in entries(node):
            if value.id == SCALAR:
                setting(draft, key, value)
    return f"/pgbouncer/{found.name}.ini", Part("pgbouncer.ini", draft.excerpt(), f"SGPoolingConfig {found.name}")
