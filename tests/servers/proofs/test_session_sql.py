"""What a session holds, asked of the next server connection that a pooler lends."""

from __future__ import annotations

import pytest

from servers.proofs.conftest import Stage
from servers.proofs.scripts import running
from servers.proofs.site import Site

pytestmark = pytest.mark.server

RULE, OF_SETTINGS = (f"pooling/session-{what}-behind-transaction-pooling" for what in ("sql", "setting"))


def between(first: str, then: str) -> str:
    """A script that runs ``first`` with ``$db`` and ``then``, when another client has begun a transaction in between:
    where server connections are shared, on the one that was free, which is the one that ``first`` had."""
    return running(
        f"""
$db->setAttribute(PDO::ATTR_EMULATE_PREPARES, true);
$other = connect();
$other->setAttribute(PDO::ATTR_EMULATE_PREPARES, true);
{first}
$other->beginTransaction();
$other->query("select 1");
{then}
"""
    )


CURSOR = "DECLARE items CURSOR WITH HOLD FOR SELECT 1"
SAYS = {
    "a temporary table": (
        between('$db->exec("CREATE TEMPORARY TABLE picked (id int)");', '$db->query("SELECT * FROM picked");'),
        'relation "picked" does not exist',
    ),
    "a cursor for later": (
        between(f'$db->beginTransaction(); $db->exec("{CURSOR}"); $db->commit();', '$db->query("FETCH 5 FROM items");'),
        'cursor "items" does not exist',
    ),
    "a statement prepared by SQL": (
        between('$db->exec("PREPARE item AS SELECT 1");', '$db->query("EXECUTE item");'),
        'prepared statement "item" does not exist',
    ),
    "an advisory lock": (
        between(
            '$db->query("SELECT pg_advisory_lock(42)");',
            'if (!$db->query("SELECT pg_advisory_unlock(42)")->fetchColumn()) { echo "still locked, "; }',
        ),
        "still locked, ok",
    ),
    "another role": (
        between(
            '$db->exec("SET ROLE pg_read_all_data");',
            'echo $other->query("SELECT current_user")->fetchColumn(), ", ";',
        ),
        "pg_read_all_data, ok",
    ),
    "waiting for notifications": (
        between(
            '$db->exec("LISTEN orders"); $other->exec("NOTIFY orders");',
            'echo $db->pgsqlGetNotify(PDO::FETCH_ASSOC, 1000) ? "heard, " : "heard nothing, ";',
        ),
        "heard nothing, ok",
    ),
}
IN_A_SESSION = {"an advisory lock": "ok", "another role": "app, ok", "waiting for notifications": "heard, ok"}
SETTING = between(
    """$db->exec("SET statement_timeout = '5s'");""",
    """foreach ([$db, $other] as $one) { echo $one->query("SHOW statement_timeout")->fetchColumn(), ", "; }""",
)


def let_change_role(site: Site) -> None:
    """Where the server is the example's own."""
    for instance in site.deployment.instances:
        with site.session(instance.name) as session:
            session.rows("GRANT pg_read_all_data TO app")


def test_session_sql_behind_transaction_pooling(stage: Stage) -> None:
    """The next server connection knows nothing of it, and where it was sent it stays; in a session of its own all is
    well."""
    for name, (script, says) in SAYS.items():
        with stage.bad(RULE, name) as site:
            assert not site.down
            let_change_role(site)
            (answer,) = site.ask("web/www", script)
            assert says in answer
    with stage.good(RULE, "a session each") as site:
        assert not site.down
        let_change_role(site)
        for name, (script, _) in SAYS.items():
            assert site.ask("web/www", script) == [IN_A_SESSION.get(name, "ok")]


def test_setting_behind_transaction_pooling(stage: Stage) -> None:
    """It holds for somebody else, and not for who made it."""
    with stage.bad(OF_SETTINGS, "a timeout") as site:
        assert site.ask("web/www", SETTING) == ["0, 5s, ok"]
    with stage.good(OF_SETTINGS, "a session each") as site:
        assert site.ask("web/www", SETTING) == ["5s, 0, ok"]
