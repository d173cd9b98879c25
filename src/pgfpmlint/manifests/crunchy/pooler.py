"""``proxy.pgBouncer`` of a ``PostgresCluster``: the operator's settings below those of ``config.global``."""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.catalog.pgbouncer import load
from pgfpmlint.catalog.version import PGBOUNCER
from pgfpmlint.manifests.documents import MAPPING
from pgfpmlint.manifests.draft import Draft
from pgfpmlint.manifests.machine import Machine, Part, Told
from pgfpmlint.manifests.pool_settings import setting
from pgfpmlint.manifests.resources import Resource
from pgfpmlint.source.excerpt import Excerpt

AT = ("proxy", "pgBouncer")

DEFAULTS = {
    "ignore_startup_parameters": "extra_float_digits",
    "auth_file": "/etc/pgbouncer/~postgres-operator/users.txt",
    "auth_query": "SELECT username, password from pgbouncer.get_auth($1)",
    "auth_user": "_crunchypgbouncer",
    "client_tls_sslmode": "require",
    "client_tls_cert_file": "/etc/pgbouncer/~postgres-operator-frontend/tls.crt",
    "client_tls_key_file": "/etc/pgbouncer/~postgres-operator-frontend/tls.key",
    "client_tls_ca_file": "/etc/pgbouncer/~postgres-operator-frontend/ca.crt",
    "listen_addr": "*",
    "server_tls_sslmode": "verify-full",
    "server_tls_ca_file": "/etc/pgbouncer/~postgres-operator-backend/ca.crt",
    "unix_socket_dir": "",
}


def poolers(found: Resource) -> Iterator[Machine]:
    asked = found.at(*AT)
    if asked is None or asked.id != MAPPING:
        return
    known = load().parameters
    found.misplaced("spec.proxy.pgBouncer.config", known.__contains__, "spec.proxy.pgBouncer.config.global")
    files = {"/etc/pgbouncer/pgbouncer.ini": Part("pgbouncer.ini", _settings(found), f"proxy of {found.name}")}
    replicas = found.number(*AT, "replicas")
    name = f"{found.name}-pgbouncer"
    told = Told(
        found.version(PGBOUNCER, *AT, "image"),
        machines=1 if replicas is None else max(1, replicas),
        machines_place=found.place_of(*AT, "replicas"),
        addresses=found.services(name),
        place=found.place(found.section),
        problems=tuple(found.problems),
    )
    yield Machine(name, f"PostgresCluster/{name}", found.source.path, files, told)


def _settings(found: Resource) -> Excerpt:
    draft = Draft(found.source, f"{found.name}-pgbouncer/pgbouncer.ini", found.section).glue("; by the operator\n")
    draft.glue("[pgbouncer]\n")
    if found.at(*AT, "config", "files") is not None:
        draft.glue("%include /etc/pgbouncer/pgbouncer.ini\n")
    given = {key.value: (key, value) for key, value in found.texts(*AT, "config", "global")}
    port = found.value(*AT, "port") or "5432"
    for name, text in {**DEFAULTS, "listen_port": port}.items():
        if name not in given:
            draft.given(f"{name} = {text}\n")
    for key, value in given.values():
        setting(draft, key, value)
    databases = list(found.texts(*AT, "config", "databases"))
    draft.glue("[databases]\n")
    for key, value in databases:
        setting(draft, key, value)
    if not databases:
        draft.glue(f"* = host={found.name}-primary port={found.value('port') or '5432'}\n")
    users = list(found.texts(*AT, "config", "users"))
    if users:
        draft.glue("[users]\n")
        for key, value in users:
            setting(draft, key, value)
    return draft.excerpt()
