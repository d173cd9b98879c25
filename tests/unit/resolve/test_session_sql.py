"""What SQL needs of its session, and which of it PHP code sends over which connection; read off the texts by hand."""

from __future__ import annotations

import pytest

from pgfpmlint.formats.php_code import Code
from pgfpmlint.resolve.application.php_calls import connections
from pgfpmlint.resolve.application.php_literal import Evaluator
from pgfpmlint.resolve.application.session_sql import needs
from pgfpmlint.resolve.connection import Connections
from pgfpmlint.resolve.environment import Environment
from pgfpmlint.source.text import Source

OPEN = "$db = new PDO('pgsql:host=edge');\n"


def read(code: str) -> Connections:
    return connections(Evaluator(Code(Source("worker.php", "<?php\n" + code)), Environment()))


def sent(code: str) -> list[str]:
    """What goes over the first connection."""
    return [one.what for one in read(OPEN + code).known[0].session_sql]


@pytest.mark.parametrize(
    ("sql", "needed"),
    [
        ("LISTEN orders", ["LISTEN"]),
        ("listen orders; unlisten *", []),
        ("SELECT pg_advisory_lock(1)", ["pg_advisory_lock"]),
        ("SELECT 1 WHERE pg_catalog.pg_try_advisory_lock_shared(1, 2)", ["pg_try_advisory_lock_shared"]),
        ("SELECT pg_advisory_xact_lock(1), pg_advisory_unlock(2)", []),
        ("SELECT 'pg_advisory_lock(1)'", []),
        ("SELECT pg_advisory_lock(1); SELECT pg_advisory_unlock(1)", []),
        ("CREATE TEMP TABLE a (b int)", ["a temporary table"]),
        ("CREATE TEMPORARY TABLE IF NOT EXISTS a ON COMMIT DELETE ROWS AS SELECT 1", ["a temporary table"]),
        ("SELECT 1 AS b INTO TEMP a", ["a temporary table"]),
        ("CREATE TABLE pg_temp.a (b int)", ["a temporary table"]),
        ("CREATE TEMP TABLE a (b int) ON COMMIT DROP", []),
        ("CREATE TEMP TABLE a (b int); DROP TABLE a", []),
        ("CREATE TABLE a (temporary int)", []),
        ("DECLARE a CURSOR WITH HOLD FOR SELECT 1", ["a cursor WITH HOLD"]),
        ("DECLARE a CURSOR WITHOUT HOLD FOR SELECT 1", []),
        ("PREPARE a AS SELECT 1", ["PREPARE"]),
        ("PREPARE TRANSACTION 'a'", []),
        ("SET search_path TO a", ["search_path"]),
        ("set session statement_timeout = 5", ["statement_timeout"]),
        ("SET LOCAL statement_timeout = 5", []),
        ("SET TRANSACTION READ ONLY", []),
        ("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", ["session characteristics"]),
        ("SET a.b = 1; RESET a.b", []),
        ("SET NAMES 'UTF8'", ["client_encoding"]),
        ("SET ROLE alice", ["role"]),
        ("SELECT set_config('a.b', 'c', false)", ["a.b"]),
        ("SELECT set_config('a.b', 'c', true)", []),
        ("SELECT set_config('a.b', 'c', d)", []),
        ("RESET ALL", []),
        ("SET nonsense", []),
        ("LISTEN to this", []),
    ],
)
def test_what_a_message_needs(sql: str, needed: list[str]) -> None:
    assert [need.what for need in needs(sql)] == needed


@pytest.mark.parametrize(
    ("code", "needed"),
    [
        ("$db->exec('LISTEN a');", ["LISTEN"]),
        ('$db->exec("LISTEN $channel");', ["LISTEN"]),
        ("$db->exec('LISTEN ' . $channel);", ["LISTEN"]),
        ("$db->exec(sprintf('LISTEN %s', $channel));", ["LISTEN"]),
        ("$sql = 'LISTEN a'; $db->exec($sql);", ["LISTEN"]),
        ("$sql = 'LISTEN'; $sql .= ' a'; $db->exec($sql);", []),
        ("$db->exec(<<<SQL\nLISTEN a\nSQL);", ["LISTEN"]),
        ("$db->prepare('SELECT pg_advisory_lock(?)');", ["pg_advisory_lock"]),
        ("$db->prepare('SELECT pg_advisory_lock(:id::bigint)');", ["pg_advisory_lock"]),
        ("$db->exec($sql);", []),
        ("$other->exec('LISTEN a');", []),
        ("$log->info('LISTEN a');", []),
        ("// $db->exec('LISTEN a');", []),
        ("$db = new PDO('mysql:host=a'); $db->exec('LISTEN a');", []),
        ("$my = new PDO('mysql:host=a'); $my->exec('CREATE TEMPORARY TABLE a (b int)');", []),
        ("function f() { $db = new PDO('pgsql:host=b'); $db->exec('LISTEN a'); }", []),
        ("$db->beginTransaction(); $db->exec('CREATE TEMP TABLE a (b int)'); $db->commit();", []),
        ("$db->exec('BEGIN'); $db->exec('CREATE TEMP TABLE a (b int)');", []),
        ("$db->beginTransaction(); $db->commit(); $db->exec('SET a.b = 1');", ["a.b"]),
        ("$db->exec('SET a.b = 1'); $db->beginTransaction();", ["a.b"]),
        ("function f() { $x->beginTransaction(); } $db->exec('CREATE TEMP TABLE a (b int)');", []),
        ("$db->beginTransaction(); $db->exec('LISTEN a'); $db->commit();", ["LISTEN"]),
    ],
)
def test_what_code_sends(code: str, needed: list[str]) -> None:
    assert sent(code) == needed


def test_a_statement_with_a_name() -> None:
    (connection,) = read("$c = pg_connect('host=edge');\npg_prepare($c, 'item', 'SELECT $1');").known
    assert connection.native_prepares is not None
    assert connection.native_prepares.place.text == "'SELECT $1'"
    (connection,) = read("$c = pg_connect('host=edge');\npg_prepare($c, '', 'SELECT $1');").known
    assert connection.native_prepares is None


@pytest.mark.parametrize(
    ("code", "native"),
    [
        ("$db->prepare('SELECT 1');", True),
        ("$db->setAttribute(PDO::ATTR_EMULATE_PREPARES, true); $db->prepare('SELECT 1');", False),
        ("$db->setAttribute(PDO::ATTR_EMULATE_PREPARES, $on); $db->prepare('SELECT 1');", False),
        ("$db->setAttribute(PDO::ATTR_EMULATE_PREPARES, false); $db->prepare('SELECT 1');", True),
        ("$db->prepare('SELECT 1', [PDO::ATTR_EMULATE_PREPARES => true]);", False),
        ("$db->prepare('SELECT 1', [PDO::ATTR_CURSOR => 1]);", True),
    ],
)
def test_statements_that_pdo_has_the_server_prepare(code: str, native: bool) -> None:
    (connection,) = read(OPEN + code).known
    assert (connection.native_prepares is not None) == native


def test_statements_over_connections_of_other_files() -> None:
    assert [(one.receiver, one.verb) for one in read("DB::statement('LISTEN a');").loose] == [("DB", "statement")]
    assert [one.receiver for one in read("$this->pdo->exec('LISTEN a');").loose] == ["$this->pdo"]


@pytest.mark.parametrize(
    ("code", "needed"),
    [
        ("$db->exec('SET a.b = 1');", ["a.b"]),
        ("function f(PDO $db) { $db->exec('SET a.b = 1'); }", []),
        ("function f(PDO $db) { $db->exec('LISTEN a'); }", ["LISTEN"]),
        ("function f() { DB::statement('SET a.b = 1'); }", ["a.b"]),
        ("function f() { DB::connection('a')->statement('SET a.b = 1'); }", ["a.b"]),
    ],
)
def test_what_a_function_is_given_may_be_within_a_transaction(code: str, needed: list[str]) -> None:
    assert [one.what for each in read(code).loose for one in each.session_sql] == needed
