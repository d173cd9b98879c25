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
FREED_INSIDE = running(
    """
$db->setAttribute(PDO::ATTR_EMULATE_PREPARES, false);
$db->beginTransaction();
$statement = $db->prepare("select cast(? as int)");
$statement->execute([1]);
$statement = null;
$db->query("select 1");
$db->commit();
"""
)
TIMEOUT = running(
    """
$db->setAttribute(PDO::ATTR_EMULATE_PREPARES, true);
echo $db->query("show statement_timeout")->fetchColumn(), ", ";
"""
)
KEEP_TWO = """<?php
[$address, $base] = [strtr($_SERVER["ADDRESS"], ";", " "), $_SERVER["DATABASE"]];
foreach (["first", "second"] as $name) {
    $words = "$address dbname=$base user=$_SERVER[ROLE] password=$_SERVER[SECRET] application_name=$name";
    if (!@pg_pconnect($words)) { echo error_get_last()["message"]; exit; }
}
echo "ok";
"""
# Emulated: PgBouncer 1.18 does not follow what PDO prepares on the server.
SELECT = running('$db->setAttribute(PDO::ATTR_EMULATE_PREPARES, true); $db->query("select 1");')


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
        assert site.ask_together().count("ok") == 3
        answers = site.ask("web/www", SELECT, 24)
        assert any("query_wait_timeout" in answer for answer in answers), answers
    with stage.good(rule, "three workers for three connections") as site:
        assert not site.down
        assert set(site.ask_together()) == {"ok"}
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


def test_native_prepares_behind_transaction_pooling(stage: Stage) -> None:
    """Without connections that are kept, too: one step meets a server connection that doesn't know the other's."""
    rule = "pooling/native-prepares-behind-transaction-pooling"
    with stage.bad(rule, "Laravel as it comes") as site:
        assert not site.down
        answers = site.ask("web/www", PREPARED, 120)
        assert any('prepared statement "pdo_stmt_' in answer for answer in answers), answers
    with stage.good(rule, "a server connection for each worker") as site:
        assert not site.down
        assert set(site.ask("web/www", PREPARED, 120)) == {"ok"}
    with stage.good(rule, "emulated") as site:
        emulated = PREPARED.replace("ATTR_EMULATE_PREPARES, false", "ATTR_EMULATE_PREPARES, true")
        assert set(site.ask("web/www", emulated, 120)) == {"ok"}


def test_startup_options_that_a_pooler_refuses(stage: Stage) -> None:
    """Nobody gets in with them; where they are ignored, or none are sent, everybody does."""
    rule = "pooling/startup-options-refused"
    with stage.bad(rule, "options, to an old PgBouncer") as site:
        assert not site.down
        answers = site.ask("web/www", SELECT, 2)
        assert all("unsupported startup parameter: options" in answer for answer in answers), answers
    for name in ("ignored", "no options"):
        with stage.good(rule, name) as site:
            assert site.ask("web/www", SELECT, 2) == ["ok", "ok"]


def test_startup_options_that_a_pooler_drops(stage: Stage) -> None:
    """Everybody gets in, and without the timeout that they ask for; PgBouncer itself can set it."""
    rule = "pooling/startup-options-dropped"
    for kind, name, timeout in ((stage.bad, "a timeout", "0"), (stage.good, "set by PgBouncer", "5s")):
        with kind(rule, name) as site:
            assert not site.down
            assert site.ask("web/www", TIMEOUT, 2) == [f"{timeout}, ok"] * 2


def test_more_persistent_links_than_php_allows(stage: Stage) -> None:
    """A worker that may keep none gets none; with room for both it gets both."""
    rule = "php/persistent-links-exceed-limit"
    with stage.bad(rule, "none at all") as site:
        assert not site.down
        answers = site.ask("web/www", KEEP_TWO, 2)
        assert all("Too many open persistent links" in answer for answer in answers), answers
    with stage.good(rule, "as many as there are") as site:
        assert site.ask("web/www", KEEP_TWO, 2) == ["ok", "ok"]


def test_statements_freed_by_deallocate(stage: Stage) -> None:
    """PHP before 8.4 frees a statement within a transaction, PgBouncer's server doesn't know it, the rest fails."""
    rule = "pooling/deallocate-behind-transaction-pooling"
    with stage.bad(rule, "PHP 8.2") as site:
        assert not site.down
        answers = site.ask("web/www", FREED_INSIDE, 6)
        assert all("current transaction is aborted" in answer for answer in answers), answers
    with stage.good(rule, "emulated") as site:
        emulated = FREED_INSIDE.replace("PREPARES, false", "PREPARES, true")
        assert set(site.ask("web/www", emulated, 6)) == {"ok"}
