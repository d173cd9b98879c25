"""Clients that come to no server, to no database, or to no record."""

from __future__ import annotations

import pytest

from servers.proofs.conftest import Stage
from servers.proofs.scripts import running

pytestmark = pytest.mark.server

SELECT = running('$db->query("select 1");')


def shown(stage: Stage, rule: str, pool: str, bad: dict[str, str], good: list[str]) -> None:
    """What the one request of a worker gets in each bad example, and that it gets through in the good ones."""
    for name, says in bad.items():
        with stage.bad(rule, name) as site:
            assert not site.down, site.down
            (answer,) = site.ask(pool, SELECT)
            assert says in answer, (name, answer)
    for name in good:
        with stage.good(rule, name) as site:
            assert not site.down, site.down
            assert site.ask(pool, SELECT) == ["ok"], name


def test_a_database_that_the_pooler_does_not_have(stage: Stage) -> None:
    rule = "reach/no-such-database"
    bad = {"a name that only PostgreSQL knows": "no such database: shop"}
    shown(stage, rule, "web/www", bad, ["the name that the pooler has", "any name will do"])


def test_an_address_that_nobody_listens_on(stage: Stage) -> None:
    """The system refuses; through a pooler, clients wait until it gives up."""
    rule = "reach/address-not-listened-on"
    bad = {"PostgreSQL on loopback only": "Connection refused", "a pooler on loopback only": "Connection refused"}
    shown(stage, rule, "web/www", bad, ["everywhere", "there as well", "the pooler too"])
    with stage.bad(rule, "an entry of the pooler") as site:
        assert not site.down
        assert site.ask("web/www", SELECT) != ["ok"]
        assert "connect failed" in site.log("edge/pgbouncer")


def test_a_socket_that_nobody_makes(stage: Stage) -> None:
    rule = "reach/no-socket"
    bad = {"the network only": "No such file or directory"}
    shown(stage, rule, "localhost/www", bad, ["it makes one there", "through loopback"])


def test_a_client_that_no_record_is_for(stage: Stage) -> None:
    rule = "reach/no-record"
    bad = {
        "the web host lies in another network": 'no pg_hba.conf entry for host "10.77.1.10"',
        "the entry logs in as another user": 'no pg_hba.conf entry for host "10.77.1.20", user "pool"',
    }
    shown(stage, rule, "web/www", bad, ["its network", "the entry and the record agree"])


def test_a_client_that_a_record_rejects(stage: Stage) -> None:
    rule = "reach/reject-record"
    bad = {"the exception swallows the rule": 'pg_hba.conf rejects connection for host "10.77.1.10"'}
    shown(stage, rule, "web/www", bad, ["the exception first"])


def test_a_client_that_the_poolers_own_records_turn_away(stage: Stage) -> None:
    rule = "reach/pooler-access-refused"
    bad = {"no record is for it": "login rejected", "a record rejects it": "login rejected"}
    shown(stage, rule, "web/www", bad, ["its record first", "everybody"])


def test_a_port_where_nothing_listens(stage: Stage) -> None:
    rule = "reach/nothing-at-this-port"
    bad = {"the port of the pooler at the database": 'to server at "10.77.2.5", port 6432 failed: Connection refused'}
    shown(stage, rule, "web/www", bad, ["the right port"])


def test_a_socket_in_another_folder(stage: Stage) -> None:
    rule = "reach/socket-elsewhere"
    bad = {"the default of another build": "No such file or directory"}
    shown(stage, rule, "localhost/www", bad, ["the same folder", "under its other name"])


def test_a_pooler_that_leads_to_itself(stage: Stage) -> None:
    """Each connection waits for the next, until all have waited too long."""
    rule = "reach/pooler-leads-to-itself"
    with stage.bad(rule, "the port of the wrong one") as site:
        assert not site.down
        assert site.ask("localhost/www", SELECT) != ["ok"]
        assert site.log("localhost/pgbouncer").count("login attempt: db=shop user=app") > 1
    with stage.good(rule, "the port of PostgreSQL") as site:
        assert not site.down
        assert site.ask("localhost/www", SELECT) == ["ok"]


def test_a_standby_that_refuses_clients(stage: Stage) -> None:
    """Who gets in at the primary comes to the other server."""
    rule = "reach/standby-refuses-clients"
    more = {"ADDRESS": "host=10.77.2.6"}
    with stage.bad(rule, "a record that only the primary has") as site:
        assert site.ask("web/www", SELECT) == ["ok"]
        (answer,) = site.ask("web/www", SELECT.replace('said("PGHOST"', 'said("NONE"'), more=more)
        assert 'no pg_hba.conf entry for host "10.77.1.10"' in answer
    with stage.good(rule, "the same records") as site:
        assert site.ask("web/www", SELECT.replace('said("PGHOST"', 'said("NONE"'), more=more) == ["ok"]
