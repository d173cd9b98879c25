"""Settings of a pooler that PHP does not survive, or gets nothing from."""

from __future__ import annotations

import pytest

from servers.proofs.conftest import Stage
from servers.proofs.scripts import running

pytestmark = pytest.mark.server

BACKEND = """echo $db->query("select pg_backend_pid()")->fetchColumn(), " ";"""
EMULATED = "$db->setAttribute(PDO::ATTR_EMULATE_PREPARES, true);"
TRANSACTION = running("""$db->beginTransaction(); $db->exec("create temp table t ()"); $db->commit();""")
WRITE = running("""$db->exec("create temp table t ()"); usleep(100000);""")


def test_a_transaction_in_statement_mode(stage: Stage) -> None:
    """BEGIN costs the connection; in transaction mode it doesn't."""
    rule = "pooling/transactions-in-statement-mode"
    with stage.bad(rule, "the fastest of the three, somebody thought") as site:
        assert not site.down
        (answer,) = site.ask("web/www", TRANSACTION)
        assert "transaction blocks not allowed in statement pooling mode" in answer
    with stage.good(rule, "transaction mode") as site:
        assert site.ask("web/www", TRANSACTION) == ["ok"]


def test_simple_queries_that_are_refused(stage: Stage) -> None:
    """BEGIN costs the connection; by default it doesn't."""
    rule = "pooling/simple-queries-refused"
    with stage.bad(rule, "hardened beyond use") as site:
        assert not site.down
        (answer,) = site.ask("web/www", TRANSACTION)
        assert "PQexec disallowed" in answer
    with stage.good(rule, "the default") as site:
        assert site.ask("web/www", TRANSACTION) == ["ok"]


def test_connections_that_are_used_once(stage: Stage) -> None:
    """Two queries of one client run in two processes of the server; with a lifetime of a day in one."""
    rule = "pooling/connections-used-once"
    script = running(EMULATED + BACKEND + BACKEND)
    for played, count in (
        (stage.bad(rule, "without end, somebody thought"), 2),
        (stage.good(rule, "a day"), 1),
    ):
        with played as site:
            assert not site.down
            (answer,) = site.ask("web/www", script)
            *backends, end = answer.split()
            assert (len(set(backends)), end) == (count, "ok")


def test_writes_that_reach_a_standby(stage: Stage) -> None:
    """Some of twelve writes meet a read-only server; through the primary alone none does."""
    rule = "pooling/writes-reach-standby"
    with stage.bad(rule, "two addresses for one database") as site:
        assert not site.down
        answers = site.ask("web/www", WRITE, 12)
        assert any("in a read-only transaction" in answer for answer in answers), answers
    with stage.good(rule, "the primary alone") as site:
        assert set(site.ask("web/www", WRITE, 12)) == {"ok"}
