"""Connections that PHP code opens in so many words, ``pg_connect``, ``pg_pconnect`` and ``new PDO``, and what it sends
over them that needs a session.

https://www.php.net/manual/en/function.pg-connect.php, https://www.php.net/manual/en/ref.pdo-pgsql.connection.php
"""

from __future__ import annotations

from pgfpmlint.finding.problem import Label
from pgfpmlint.formats.syntax_tree import every
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.resolve.application import php_sql, session_sql
from pgfpmlint.resolve.application.laravel import DISABLES, EMULATES, PERSISTENT, is_on
from pgfpmlint.resolve.application.php_literal import Evaluator, PhpValue, Scalar, Table
from pgfpmlint.resolve.application.session_sql import NAMED, SessionSql
from pgfpmlint.resolve.connection import Connection, Connections, Loose, Word, of_string

if TYPE_CHECKING:
    from tree_sitter import Node

DSN = "pgsql:"

BEYOND = (session_sql.LISTEN, session_sql.CURSOR)
"""What a transaction around it does not hold together: the first is heard after it, the second made to outlive it."""


def connections(evaluator: Evaluator) -> Connections:
    """Every connection that the file opens with literal strings; of others, that they can't be told."""
    found: list[Connection] = []
    unclear: list[Label] = []
    bound: dict[str, list[tuple[int, int | None]]] = {}
    for node in every(evaluator.code.root):
        if node.type == "function_call_expression":
            name = evaluator.function(node)
            if name not in ("pg_connect", "pg_pconnect"):
                continue
            one = _of_pgsql(evaluator, node, name)
        elif node.type == "object_creation_expression" and _class(evaluator, node) in ("pdo", "pgsql", "mysqli"):
            if _is_other(evaluator, node):
                bound.setdefault(php_sql.assigned(evaluator, node), []).append((php_sql.scope(node), None))
                continue
            one = _of_pdo(evaluator, node)
        else:
            continue
        at = None if one is None else len(found)
        bound.setdefault(php_sql.assigned(evaluator, node), []).append((php_sql.scope(node), at))
        if one is None:
            unclear.append(Label(evaluator.code.place(node), "what it connects to can't be told without running it"))
        else:
            found.append(one)
    loose = _with_statements(evaluator, found, bound)
    return Connections(tuple(found), None, tuple(unclear), loose=tuple(loose))


def _with_statements(
    evaluator: Evaluator, found: list[Connection], bound: dict[str, list[tuple[int, int | None]]]
) -> list[Loose]:
    """Give each connection what is sent over it. ``bound`` are the connections, by what they are assigned to and where;
    None is one that can't be told, or is to something else. Left are statements over none of this file's."""
    loose: list[Loose] = []
    mixed = any(at is None for opened in bound.values() for _, at in opened)
    for sent in php_sql.sent(evaluator):
        needed = _needed(sent)
        if not needed:
            continue
        opened = bound.get(sent.receiver, []) if sent.receiver else []
        if len(opened) > 1:
            opened = [one for one in opened if one[0] == sent.scope]
        at = opened[0][1] if len(opened) == 1 else None
        if at is not None:
            found[at] = found[at].sending(needed)
        elif not mixed and (sent.receiver not in bound or not sent.receiver):
            if sent.scope and not is_facade(sent.receiver):
                # A function that is given its connection may be given it within a transaction.
                needed = tuple(one for one in needed if one.kind in BEYOND)
            loose.append(Loose(sent.receiver, sent.verb, needed))
    return loose


def _needed(sent: php_sql.Sent) -> tuple[SessionSql, ...]:
    if sent.statement:
        return (SessionSql(sent.place, NAMED, sent.verb),)
    needs = session_sql.needs(sent.text)
    kept = [need for need in needs if sent.alone or need.kind in BEYOND]
    return tuple(SessionSql(sent.place, need.kind, need.what) for need in kept)


def is_facade(receiver: str) -> bool:
    """Whether it is Laravel's: ``DB``, ``DB::connection('reports')``."""
    return receiver.partition("::")[0].rpartition("\\")[2] == "DB"


def _class(evaluator: Evaluator, node: Node) -> str:
    return evaluator.code.text(node.named_children[0]).rpartition("\\")[2].lower() if node.named_children else ""


def _is_other(evaluator: Evaluator, node: Node) -> bool:
    """Whether it is plainly a connection to something else than PostgreSQL."""
    if _class(evaluator, node) == "mysqli":
        return True
    given = evaluator.arguments(node)
    if not given:
        return False
    text = evaluator.code.text(given[0]).strip("'\"")
    return ":" in text and text.partition(":")[0].isalpha() and not text.startswith((DSN, "uri:"))


def _of_pgsql(evaluator: Evaluator, node: Node, name: str) -> Connection | None:
    given = evaluator.arguments(node)
    written = evaluator.value(given[0]) if given else None
    found = _read(written, name, "pgsql")
    if found is not None and name == "pg_pconnect":
        place = evaluator.code.place(node.child_by_field_name("function") or node)
        found = found._replace(persistent=Label(place, "pg_pconnect keeps connections between requests"))
    return found


def _of_pdo(evaluator: Evaluator, node: Node) -> Connection | None:
    given = [evaluator.value(one) for one in evaluator.arguments(node)]
    written = given[0] if given else None
    if not isinstance(written, Scalar) or not (written.text or "").startswith(DSN):
        return None
    found = _read(written._replace(value=(written.text or "")[len(DSN) :]), "the DSN", "pdo")
    if found is None:
        return None
    user = given[1] if len(given) > 1 else None
    if isinstance(user, Scalar) and user.text and found.user is None:
        found = found._replace(user=Word(user.text, user.place, "the DSN's user"))
    options = given[3] if len(given) > 3 else None
    return found._replace(persistent=_persistent(options), native_prepares=_prepares(evaluator, node, options))


def _read(written: PhpValue | None, shown: str, driver: str) -> Connection | None:
    if not isinstance(written, Scalar) or written.text is None:
        return None
    found = of_string(Word(written.text, written.place, written.variable or shown))
    return found._replace(driver=driver) if found is not None else None


def _persistent(options: PhpValue | None) -> Label | None:
    found = options.get(PERSISTENT) if isinstance(options, Table) else None
    return Label(found.place, f"{PERSISTENT} keeps connections between requests") if found and is_on(found) else None


def _prepares(evaluator: Evaluator, node: Node, options: PhpValue | None) -> Label | None:
    """PDO has the server prepare unless told otherwise; code that never prepares needs no warning of it."""
    if options is not None and not (isinstance(options, Table) and options.whole):
        return None
    if isinstance(options, Table) and any(
        options.get(name) is not None and is_on(options.get(name)) is not False for name in (EMULATES, *DISABLES)
    ):
        return None
    if "->prepare(" not in evaluator.code.source.text or _is_emulated_later(evaluator):
        return None
    return Label(evaluator.code.place(node), "PDO has the server prepare statements unless told to emulate it")


def _is_emulated_later(evaluator: Evaluator) -> bool:
    """Whether the code may switch native statements off on an open connection, or for single statements."""
    for node in every(evaluator.code.root):
        if node.type != "member_call_expression":
            continue
        name = node.child_by_field_name("name")
        verb = evaluator.code.text(name).lower() if name is not None else ""
        given = evaluator.arguments(node) if verb in ("setattribute", "prepare") else []
        if len(given) != 2:
            continue
        if verb == "prepare":
            options = evaluator.value(given[1])
            if not isinstance(options, Table) or any(is_on(options.get(one)) for one in (EMULATES, *DISABLES)):
                return True
        elif evaluator.code.text(given[0]).lstrip("\\") in (EMULATES, *DISABLES):
            return is_on(evaluator.value(given[1])) is not False
    return False
