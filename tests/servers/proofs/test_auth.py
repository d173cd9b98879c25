"""Clients and poolers that are asked for what they don't have."""

from __future__ import annotations

import pytest

from servers.proofs.conftest import Stage
from servers.proofs.test_doors import shown

pytestmark = pytest.mark.server

WRONG_TYPE = "wrong password type"
FAILED = "password authentication failed"


def test_an_md5_hash_where_scram_is_asked_for(stage: Stage) -> None:
    rule = "auth/md5-hash-against-scram"
    bad = {"auth_file from before the move": WRONG_TYPE, "in the entry": WRONG_TYPE}
    shown(stage, rule, "web/www", bad, ["the password itself", "no password is asked for"])


def test_a_scram_secret_without_the_clients_key(stage: Stage) -> None:
    rule = "auth/scram-secret-without-key"
    bad = {"a forced user": WRONG_TYPE, "clients that are trusted": WRONG_TYPE}
    shown(stage, rule, "web/www", bad, ["the password itself"])


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
