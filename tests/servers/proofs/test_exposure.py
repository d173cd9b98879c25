"""Doors that stand open: whoever comes from the network is let in without a password."""

from __future__ import annotations

import pytest

from servers.proofs.conftest import Stage

pytestmark = pytest.mark.server

SECRET = "only the application knows it"
WEB = {
    "web/etc/php/8.2/fpm/php-fpm.conf": """\
[www]
user = www-data
listen = /run/php/www.sock
pm = static
pm.max_children = 1
env[DB_HOST] = db
env[DB_PORT] = 5432
env[DB_PASSWORD] = wrong
"""
}
POSTGRES = {"db/etc/postgresql/15/main/postgresql.conf": "listen_addresses = '*'\n"}
POOLER = """\
[databases]
shop = host=/run/postgresql
[pgbouncer]
listen_addr = {address}
listen_port = 5432
auth_type = {method}
"""
LOCAL = "unix_socket_directories = '/run/postgresql'\nlisten_addresses = ''\n"


def test_trust_for_a_network(stage: Stage) -> None:
    """A machine that knows no password gets in as postgres; asked for one, it doesn't."""
    for method, verdict in (("trust", "ok"), ("scram-sha-256", "authentication failed")):
        hba = f"local all all trust\nhost all all 0.0.0.0/0 {method}\n"
        files = {**WEB, **POSTGRES, "db/etc/postgresql/15/main/pg_hba.conf": hba}
        with stage.play(files, SECRET) as site:
            assert not site.down
            (answer,) = site.ask("web/www", more={"ROLE": "app"})
            assert verdict in answer


def test_a_pooler_that_trusts_a_network(stage: Stage) -> None:
    """The same through PgBouncer, on an address that other machines reach, and on loopback."""
    for method, verdict in (("trust", "ok"), ("scram-sha-256", "authentication failed")):
        files = {
            **WEB,
            "db/etc/postgresql/15/main/postgresql.conf": LOCAL,
            "db/etc/pgbouncer/pgbouncer.ini": POOLER.format(address="0.0.0.0", method=method),
        }
        with stage.play(files, SECRET) as site:
            assert not site.down
            (answer,) = site.ask("web/www")
            assert verdict in answer
