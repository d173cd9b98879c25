"""Clients and poolers that are asked for what they don't have."""

from __future__ import annotations

import pytest

from servers.proofs.conftest import Stage, example
from servers.proofs.test_doors import SELECT, shown

pytestmark = pytest.mark.server

WRONG_TYPE = "wrong password type"
FAILED = "password authentication failed"

POOL = """\
[www]
user = www-data
listen = /run/php/www.sock
pm = static
pm.max_children = 1
env[PGHOST] = {host}
env[PGPORT] = {port}
env[PGDATABASE] = shop
env[PGUSER] = app
"""
INI = """\
[databases]
shop = host=db
[pgbouncer]
listen_addr = *
auth_type = trust
auth_file = {file}
"""
FILES = {
    "db/etc/postgresql/15/main/postgresql.conf": "listen_addresses = '*'\n",
    "db/etc/postgresql/15/main/pg_hba.conf": "host all all all trust\n",
    "web/etc/php/8.2/fpm/php-fpm.conf": POOL.format(host="edge", port=6432),
    "edge/etc/pgbouncer/userlist.txt": '"app" ""\n',
}


def test_an_md5_hash_where_scram_is_asked_for(stage: Stage) -> None:
    rule = "auth/md5-hash-against-scram"
    bad = {"auth_file from before the move": WRONG_TYPE, "in the entry": WRONG_TYPE}
    shown(stage, rule, "web/www", bad, ["the password itself", "no password is asked for"])


def test_a_scram_secret_without_the_clients_key(stage: Stage) -> None:
    rule = "auth/scram-secret-without-key"
    bad = {"a forced user": WRONG_TYPE, "clients that are trusted": WRONG_TYPE}
    shown(stage, rule, "web/www", bad, ["the password itself"])


def test_a_client_key_that_displaces_a_password(stage: Stage) -> None:
    """The password is right: with clients that bring no key the same entry serves."""
    rule = "auth/client-key-before-password"
    failed = 'password authentication failed for user "pool"'
    shown(
        stage, rule, "web/www", {"a forced user behind SCRAM secrets": failed}, ["clients whose passwords are listed"]
    )


def test_a_hash_where_the_password_is_asked_for(stage: Stage) -> None:
    rule = "auth/hash-against-clear-text"
    shown(stage, rule, "web/www", {"a record with password": FAILED}, ["the password itself"])


def test_a_server_user_without_a_password(stage: Stage) -> None:
    rule = "auth/no-password-for-server-user"
    bad = {"a user that auth_file lacks": FAILED, "everybody is let in": FAILED}
    shown(stage, rule, "web/www", bad, ["in the entry", "in auth_file"])


def test_a_client_that_the_pooler_does_not_know(stage: Stage) -> None:
    rule = "auth/unknown-to-pooler"
    shown(stage, rule, "web/www", {"a user of PostgreSQL only": FAILED}, ["it is listed"])


def test_secrets_that_auth_type_can_not_check(stage: Stage) -> None:
    rule = "auth/secret-not-for-auth-type"
    bad = {"hashes under scram-sha-256": "SASL authentication failed", "an empty password": FAILED}
    shown(stage, rule, "web/www", bad, ["hashes under md5", "passwords under scram-sha-256"])


def test_anybody_with_no_user_to_connect_as(stage: Stage) -> None:
    rule = "auth/any-without-forced-user"
    shown(stage, rule, "web/www", {"no user in the entry": "bouncer config error"}, ["the entry names one"])


def test_peer_for_another_account(stage: Stage) -> None:
    rule = "auth/peer-for-another-user"
    failed = 'Peer authentication failed for user "app"'
    bad = {"the stock line": failed, "a map without it": failed}
    shown(stage, rule, "localhost/www", bad, ["a map", "by password", "the role has the account's name"])


def test_an_auth_user_that_can_not_log_in(stage: Stage) -> None:
    """Somebody whom auth_file does not list waits in vain, and the pooler's log says why."""
    rule = "auth/auth-user-can-not-log-in"
    for name, says in (
        ("nothing to log in with", 'password authentication failed for user "app"'),
        ("no record for it", 'user "lookup", database "shop"'),
    ):
        with stage.bad(rule, name) as site:
            assert not site.down
            assert site.ask("web/www", SELECT) != ["ok"]
            assert says in site.log("edge/pgbouncer")
    shown(stage, rule, "web/www", {}, ["it is listed"])


def test_a_pooler_that_knows_nobody(stage: Stage) -> None:
    """With auth_type trust too."""
    with stage.play(
        {**FILES, "edge/etc/pgbouncer/pgbouncer.ini": INI.format(file="/etc/pgbouncer/nobody.txt")}
    ) as site:
        (answer,) = site.ask("web/www", SELECT)
        assert '"trust" authentication failed' in answer
    with stage.play(
        {**FILES, "edge/etc/pgbouncer/pgbouncer.ini": INI.format(file="/etc/pgbouncer/userlist.txt")}
    ) as site:
        assert site.ask("web/www", SELECT) == ["ok"]


def test_passwords_stored_for_another_method(stage: Stage) -> None:
    """A password set under password_encryption = md5 does not get in by a record with scram-sha-256."""
    for stored, says in (("md5", FAILED), ("scram-sha-256", "ok")):
        files = {
            "db/etc/postgresql/15/main/postgresql.conf": f"listen_addresses = '*'\npassword_encryption = '{stored}'\n",
            "db/etc/postgresql/15/main/pg_hba.conf": "local all all trust\nhost all all all scram-sha-256\n",
            "web/etc/php/8.2/fpm/php-fpm.conf": POOL.format(host="db", port=5432),
        }
        with stage.play(files) as site:
            with site.session("db/15-main") as session:
                session.rows("alter role app password 'secret'")
            (answer,) = site.ask("web/www", SELECT)
            assert says in answer


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        ("auth/md5-for-scram-secrets", "a secret in the script"),
        ("auth/md5-for-scram-secrets", "a password that the server keeps as a SCRAM secret"),
        ("auth/pooler-md5-for-scram-secrets", "one user"),
    ],
)
def test_scram_in_the_place_of_md5(stage: Stage, rule: str, name: str) -> None:
    """Who has a SCRAM secret gets in by either method: what the fix changes nobody notices."""
    for files in (example(rule, "bad", name), example(rule, "bad", name) | example(rule, "bad", name, "fixed")):
        with stage.play(files) as site:
            assert not site.down, site.down
            site.run_scripts()
            assert site.ask("web/www", SELECT) == ["ok"]
