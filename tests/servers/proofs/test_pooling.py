"""What a pooler between breaks."""

from __future__ import annotations

import pytest

from servers.proofs.conftest import Stage
from servers.proofs.scripts import running

pytestmark = pytest.mark.server

PREPARED = running(
    """
$db->setAttribute(PDO::ATTR_EMULATE_PREPARES, false);
$statement = $db->prepare("select pg_sleep(0.02), cast(? as int)");
$statement->execute([1]);
"""
)
SELECT = running('$db->query("select 1");')


def test_prepared_statements_behind_transaction_pooling(stage: Stage) -> None:
    """PDO's native prepares fail where transactions share three server connections, and work where each worker keeps
    one of its own."""
    rule = "pooling/persistent-behind-transaction-pooling"
    with stage.bad(rule, "six workers share three connections") as site:
        assert not site.down
        answers = site.ask("web/www", PREPARED, 120)
        lost = [answer for answer in answers if 'prepared statement "pdo_stmt_' in answer]
        assert any("does not exist" in answer for answer in lost), answers
    with stage.good(rule, "six workers with a connection each") as site:
        assert not site.down
        assert set(site.ask("web/www", PREPARED, 120)) == {"ok"}


def test_kept_connections_starve_a_session_pool(stage: Stage) -> None:
    """Three of six workers keep the three server connections although they are idle; the others wait and are sent away.
    With as many workers as connections nobody waits."""
    rule = "pooling/persistent-starves-session-pool"
    with stage.bad(rule, "six workers for three connections") as site:
        assert not site.down
        assert site.ask_together(patience=8).count("ok") == 3
        answers = site.ask("web/www", SELECT, 24)
        assert any("query_wait_timeout" in answer for answer in answers), answers
    with stage.good(rule, "three workers for three connections") as site:
        assert not site.down
        assert set(site.ask_together(patience=8)) == {"ok"}
        assert set(site.ask("web/www", SELECT, 24)) == {"ok"}


def test_an_auth_query_that_is_no_sql(stage: Stage) -> None:
    """PgBouncer starts, and nobody can log in. With the query mended everybody can."""
    rule = "pooler/query-is-no-sql"
    with stage.bad(rule, "a slip of the finger where everybody's password comes from") as site:
        assert not site.down
        assert "ok" not in site.ask("localhost/www", SELECT, 2)
        assert "bouncer config error" in site.log("localhost/pgbouncer")
    with stage.good(rule, "mended") as site:
        assert not site.down
        assert site.ask("localhost/www", SELECT, 2) == ["ok", "ok"]
