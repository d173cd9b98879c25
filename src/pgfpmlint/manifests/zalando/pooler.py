"""The operator's connection poolers: PgBouncer with sizes that it works out from one number.

`getConnectionPoolerEnvVars` of pkg/cluster/connection_pooler.go: maxDBConnections, 60 by default, is divided among the
instances; half of a share is default_pool_size, a quarter reserve_pool_size. The file is pooler/pgbouncer.ini.tmpl.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pgfpmlint.manifests.documents import SCALAR, entry
from pgfpmlint.manifests.draft import Draft
from pgfpmlint.manifests.machine import Machine, Part, Told
from pgfpmlint.manifests.resources import Resource
from pgfpmlint.source.excerpt import Excerpt

INSTANCES, CONNECTIONS, MODE, USER = 2, 60, "transaction", "pooler"
"""The operator's configuration has these by default."""

FIXED = """\
listen_port = 5432
listen_addr = *
auth_dbname = postgres
auth_file = /etc/pgbouncer/userlist.txt
auth_query = SELECT * FROM {schema}.user_lookup($1)
auth_type = md5
admin_users = {user}
logfile = /var/log/pgbouncer/pgbouncer.log
pidfile = /var/run/pgbouncer/pgbouncer.pid
server_tls_sslmode = require
server_tls_ca_file = /etc/ssl/certs/pgbouncer.crt
server_tls_protocols = secure
client_tls_sslmode = require
client_tls_key_file = /etc/ssl/certs/pgbouncer.key
client_tls_cert_file = /etc/ssl/certs/pgbouncer.crt
log_connections = 0
log_disconnections = 0
max_prepared_statements = 200
max_client_conn = 10000
idle_transaction_timeout = 600
server_login_retry = 5
ignore_startup_parameters = extra_float_digits,options
"""


def poolers(found: Resource) -> Iterator[Machine]:
    """One before the primary, one before the replicas: what the manifest asks for."""
    wanted = found.value("enableConnectionPooler").lower()
    if wanted == "true" or (not wanted and found.at("connectionPooler") is not None):
        yield _machine(found, "", "enableConnectionPooler")
    if found.value("enableReplicaConnectionPooler").lower() == "true":
        yield _machine(found, "-repl", "enableReplicaConnectionPooler")


def _machine(found: Resource, role: str, switch: str) -> Machine:
    asked = entry(found.spec, "connectionPooler") or entry(found.spec, switch)
    section = asked[0] if asked is not None else found.section
    name = f"{found.name}-pooler{role}"
    count = found.number("connectionPooler", "numberOfInstances")
    told = Told(
        machines=count or INSTANCES,
        machines_place=found.place_of("connectionPooler", "numberOfInstances") or found.place(section),
        addresses=found.services(name),
        place=found.place(section),
    )
    source = _settings(found, role, section, told.machines)
    files = {"/etc/pgbouncer/pgbouncer.ini": Part("pgbouncer.ini", source, f"connectionPooler of {found.name}")}
    return Machine(name, f"postgresql/{name}", found.source.path, files, told)


def _settings(found: Resource, role: str, section: Any, machines: int) -> Excerpt:
    user = found.value("connectionPooler", "user") or USER
    most = found.at("connectionPooler", "maxDBConnections")
    number = found.number("connectionPooler", "maxDBConnections")
    share = max(0, CONNECTIONS if number is None else number) // machines
    at = section if number is None else most
    draft = Draft(found.source, f"{found.name}-pooler{role}/pgbouncer.ini", section).glue("; by the operator\n")
    target = f"host={found.name}{role} port=5432 auth_user={user}"
    draft.glue(f"[databases]\n* = {target}\npostgres = {target}\n[pgbouncer]\n")
    mode = found.at("connectionPooler", "mode")
    if mode is not None and mode.id == SCALAR:
        draft.glue("pool_mode = ", mode).scalar(mode).glue("\n", mode)
    else:
        draft.given(f"pool_mode = {MODE}\n")
    draft.glue(f"max_db_connections = {share}\n", at)
    draft.glue(f"default_pool_size = {share // 2}\nreserve_pool_size = {share // 4}\n", at)
    schema = found.value("connectionPooler", "schema") or USER
    return draft.given(FIXED.format(schema=schema, user=user)).excerpt()
