"""Crunchy's operator: a ``PostgresCluster`` is a cluster under Patroni, with PgBouncer as its proxy if asked for.

https://access.crunchydata.com/documentation/postgres-operator/latest/references/crd/; what the operator adds is that of
its version 6.0 (internal/postgres, internal/pgbouncer, internal/controller/postgrescluster/postgres.go).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pgfpmlint.catalog.version import POSTGRESQL, newest
from pgfpmlint.manifests.crunchy.records import records
from pgfpmlint.manifests.documents import SCALAR, entries, inside, items, text
from pgfpmlint.manifests.draft import Draft
from pgfpmlint.manifests.machine import OPTIONS, Machine, Manifest, Part, Told
from pgfpmlint.manifests.patroni.parameters import IGNORED, Parameters, options, wal_kept
from pgfpmlint.manifests.plain import loaded
from pgfpmlint.manifests.resources import FIXED, Resource, quantity, resources
from pgfpmlint.resolve.postgres.judge import Judge
from pgfpmlint.source.excerpt import Excerpt

GROUP = "postgres-operator.crunchydata.com"

DEFAULTS = {
    "archive_timeout": "60s",
    "huge_pages": "off",
    "jit": "off",
    "log_directory": "/pgdata/logs/postgres",
    "password_encryption": "scram-sha-256",
}

MANDATORY = {
    "archive_command": 'pgbackrest --stanza=db archive-push "%p"',
    "archive_mode": "on",
    "log_file_mode": "0660",
    "ssl": "on",
    "ssl_ca_file": "/pgconf/tls/ca.crt",
    "ssl_cert_file": "/pgconf/tls/tls.crt",
    "ssl_key_file": "/pgconf/tls/tls.key",
    "unix_socket_directories": "/tmp/postgres",
    "wal_level": "logical",
}

REFUSED = frozenset({
    "archive_command", "archive_mode", "cluster_name", "config_file", "data_directory", "external_pid_file", "hba_file",
    "hot_standby", "ident_file", "listen_addresses", "log_file_mode", "logging_collector", "port", "primary_conninfo",
    "primary_slot_name", "recovery_min_apply_delay", "recovery_target", "restore_command", "ssl",
    "synchronous_standby_names", "wal_log_hints",
})  # fmt: skip
"""What the schema refuses in ``config.parameters``, besides families of names."""

FAMILIES = ("recovery_target_", "unix_socket_")

TLS_OF_USERS = ("ssl_groups", "ssl_ecdh_curve")

PLACES = {
    "spec": (("parameters", "spec.config.parameters"), ("pg_hba", "spec.authentication.rules")),
    "spec.patroni.dynamicConfiguration": (
        ("parameters", "spec.patroni.dynamicConfiguration.postgresql.parameters"),
        ("pg_hba", "spec.patroni.dynamicConfiguration.postgresql.pg_hba"),
    ),
    "spec.patroni": (("postgresql", "spec.patroni.dynamicConfiguration"),),
    "spec.proxy": (("pgbouncer", "spec.proxy.pgBouncer"),),
}
"""Keys that are often put where nothing reads them, and their places."""


def expand(manifests: Sequence[Manifest]) -> Iterator[Machine]:
    for found in resources(manifests, "Crunchy's operator", GROUP):
        if found.kind == "PostgresCluster":
            from pgfpmlint.manifests.crunchy.pooler import poolers

            yield from Cluster(found).machines()
            yield from poolers(found)


class Cluster:
    """The servers of one resource: the primary is reached as NAME-primary, its replicas as NAME-replicas."""

    def __init__(self, found: Resource) -> None:
        self._found = found
        self._versions = found.version(POSTGRESQL, "postgresVersion")
        self._judge = Judge(self._versions.get(POSTGRESQL, newest(POSTGRESQL)))
        asked = {key.value: (key, value) for key, value in self._asked()}
        self._parameters = Parameters(found.source, self._judge, list(asked.values()), [])

    def _asked(self) -> Iterator[tuple[Any, Any]]:
        """The parameters of both sections, those of the newer one last: they win."""
        found = self._found
        for key, value in entries(found.at("patroni", "dynamicConfiguration", "postgresql", "parameters")):
            if key.value not in MANDATORY:
                yield key, value
            elif value.id == SCALAR and text(value) != MANDATORY[key.value]:
                instead = f"the operator sets it to {MANDATORY[key.value]}"
                values = {"name": key.value, "instead": instead, "advice": "remove the line"}
                found.object(IGNORED, (key, value), values)
        for key, value in entries(found.at("config", "parameters")):
            name = key.value
            tls = name.startswith("ssl_") and name not in TLS_OF_USERS
            if name in REFUSED or name.startswith(FAMILIES) or tls:
                found.object(FIXED, (key, value), {"name": name})
            elif name == "wal_level" and text(value) != "logical":
                found.refuse((key, value), text(value), "it takes logical", "logical")
            elif name not in MANDATORY and value.id == SCALAR:
                told = loaded(found.source.text, value)
                if isinstance(told, bool) or not isinstance(told, (int, str)):
                    found.no_text(key, value)
                yield key, value

    def machines(self) -> Iterator[Machine]:
        found = self._found
        for path, keys in PLACES.items():
            for key, right in keys:
                found.misplaced(path, key.__eq__, right)
        files = {
            "/pgdata/postgresql.conf": Part("postgresql.conf", self._settings(), f"of PostgresCluster {found.name}"),
            "/pgdata/options": Part(OPTIONS, self._options(), f"what Patroni starts {found.name} with"),
            "/pgdata/pg_hba.conf": Part("pg_hba.conf", records(found), f"pg_hba of PostgresCluster {found.name}"),
        }
        sets = items(found.at("instances"))
        memory = {quantity(text(inside(one, "resources", "limits", "memory"))) for one in sets}
        told = Told(
            self._versions,
            addresses=found.services(f"{found.name}-primary", f"{found.name}-ha"),
            memory=memory.pop() if len(memory) == 1 else None,
            place=found.place(found.section),
            problems=(*found.problems, *self._parameters.problems),
        )
        yield Machine(found.name, f"PostgresCluster/{found.name}", found.source.path, files, told)
        if sum(int(number) if (number := text(inside(one, "replicas"))).isdecimal() else 1 for one in sets) == 2:
            name = f"{found.name}-replicas"
            replica = told._replace(addresses=found.services(name), problems=())
            yield Machine(name, f"PostgresCluster/{name}", found.source.path, files, replica)

    def _settings(self) -> Excerpt:
        found, written = self._found, self._parameters.of_dcs
        draft = Draft(found.source, f"{found.name}/postgresql.conf", found.section).glue("# by Patroni\n")
        names = {one.name.lower() for one in written}
        libraries = next((one.text for one in written if one.name == "shared_preload_libraries"), "")
        preloaded = ",".join(filter(None, ("pgaudit", libraries)))
        for name, value in {**DEFAULTS, "shared_preload_libraries": preloaded}.items():
            if name not in names or name == "shared_preload_libraries":
                draft.given(f"{name} = '{value}'\n")
        kept = wal_kept(self._parameters, self._judge.version)
        if isinstance(kept, str):
            draft.given(kept)
        else:
            draft.rendered(kept.key, f"{kept.name} = '{kept.text}'\n")
        for one in written:
            if one.name != "shared_preload_libraries":
                draft.setting(one.key, one.value, one.text)
        for name, value in MANDATORY.items():
            if name != "wal_level":
                draft.given(f"{name} = '{value}'\n")
        return draft.excerpt()

    def _options(self) -> Excerpt:
        found = self._found
        draft = Draft(found.source, f"{found.name}/options", found.section).glue("# by Patroni\n")
        port = found.at("port")
        draft.given(f"listen_addresses = '*'\nport = '{text(port) or 5432}'\n", port)
        return options(draft, self._parameters, certain=True, defaults={"wal_level": "logical"}).excerpt()
