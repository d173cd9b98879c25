"""Roles that can't log in, or give away what others log in with."""

from __future__ import annotations

import contextlib

import pytest

from servers.proofs.conftest import Stage
from servers.proofs.scripts import running
from servers.wire import Refused, Session

pytestmark = pytest.mark.server


def test_a_role_without_login(stage: Stage) -> None:
    """The server lets it in nowhere; one with LOGIN it does."""
    rule = "auth/role-cannot-log-in"
    with stage.bad(rule, "created without LOGIN") as site:
        assert not site.down
        site.run_scripts()
        (answer,) = site.ask("web/www", running(""))
        assert 'role "shop" is not permitted to log in' in answer
    with stage.good(rule, "created with it") as site:
        site.run_scripts()
        assert site.ask("web/www", running("")) == ["ok"]


@pytest.mark.parametrize("name", ["a hash from an old server", "a plain password that the server hashes so"])
def test_an_md5_hash_against_scram(stage: Stage, name: str) -> None:
    """The right password is refused."""
    with stage.bad("auth/md5-password-against-scram", name) as site:
        assert not site.down
        site.run_scripts()
        (answer,) = site.ask("web/www", running(""))
        assert 'password authentication failed for user "shop"' in answer


@pytest.mark.parametrize("name", ["a record that takes both", "a plain password that becomes a SCRAM secret"])
def test_an_md5_hash_where_it_is_taken(stage: Stage, name: str) -> None:
    with stage.good("auth/md5-password-against-scram", name) as site:
        site.run_scripts()
        assert site.ask("web/www", running("")) == ["ok"]


def test_a_lookup_function_for_everybody(stage: Stage) -> None:
    """A role that may do nothing else gets the superuser's hash; where EXECUTE is revoked it doesn't."""
    rule = "auth/lookup-function-open-to-all"
    steal = "select phash from user_lookup('postgres')"
    with stage.bad(rule, "nothing taken from PUBLIC") as site:
        site.run_scripts()
        with site.session("db/15-main") as session:
            session.rows("alter role postgres password 'x'")
            session.rows("set session authorization visitor")
            assert str(session.rows(steal)[0]["phash"]).startswith("SCRAM-SHA-256$")
    with stage.good(rule, "for PgBouncer alone") as site:
        site.run_scripts()
        with site.session("db/15-main") as session:
            session.rows("set session authorization visitor")
            with pytest.raises(Refused, match="permission denied for function user_lookup"):
                session.rows(steal)


def test_lookups_without_permission(stage: Stage) -> None:
    """Nobody that auth_file lacks gets in; once the table may be read, PgBouncer asks for the password."""
    rule = "auth/lookup-not-permitted"

    def visit() -> None:
        """Comes as far as a question for a password, if the lookup succeeds."""
        with Session("127.0.0.1", 6432) as session, contextlib.suppress(Refused, AssertionError):
            session.start({"user": "visitor", "database": "shop"}, "secret")

    with stage.bad(rule, "the default query, and a plain role") as site:
        assert not site.down
        site.run_scripts()
        site.machine("localhost").from_here(visit)
        assert "permission denied for" in site.log("localhost/pgbouncer") + site.log("localhost/15-main")
    with stage.good(rule, "granted, and a superuser") as site:
        assert not site.down
        site.run_scripts()
        site.machine("localhost").from_here(visit)
        assert "permission denied for" not in site.log("localhost/pgbouncer") + site.log("localhost/15-main")
