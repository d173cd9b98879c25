"""Statements that leave something on the server's side of a connection, or need what an earlier one left there.

What PgBouncer says of them: https://www.pgbouncer.org/features.html#sql-feature-map-for-pooling-modes
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Place

LISTEN, LOCK, TABLE, CURSOR, PREPARED, SETTING = "listen", "lock", "table", "cursor", "prepared", "setting"
NAMED = "named"
"""A statement that is prepared by the protocol, under a name: poolers may follow these."""

WORDS = ("listen", "advisory_lock", "temp", "with hold", "prepare", "set_config", "; set ", ";set ")
"""Without one of these, and not beginning with SET, a text is none of ours, and is not parsed."""

LOCKING = ("pg_advisory_lock", "pg_advisory_lock_shared", "pg_try_advisory_lock", "pg_try_advisory_lock_shared")
"""https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADVISORY-LOCKS; those with ``xact`` in their
names end with the transaction."""

WITH_HOLD = 32
"""CURSOR_OPT_HOLD of PostgreSQL's parsenodes.h, 14 and newer."""

UNDOES = {
    "pg_advisory_unlock": LOCK,
    "pg_advisory_unlock_all": LOCK,
    "pg_advisory_unlock_shared": LOCK,
    "DropStmt": TABLE,
    "ClosePortalStmt": CURSOR,
    "DeallocateStmt": PREPARED,
    "UnlistenStmt": LISTEN,
    "VAR_RESET": SETTING,
    "VAR_RESET_ALL": SETTING,
    "VAR_SET_DEFAULT": SETTING,
}
"""What takes back in the same message what another statement of it did: a message is one transaction."""


class Need(NamedTuple):
    """``what`` people call it: ``LISTEN``, ``pg_advisory_lock``; for a setting its name, in small letters."""

    kind: str
    what: str


class SessionSql(NamedTuple):
    """A statement in code that needs its session; see `Need`. Of `NAMED` ``what`` is the function that names it."""

    place: Place
    kind: str
    what: str


def needs(text: str) -> list[Need]:
    """What one message to the server needs of its session beyond its own end; nothing where PostgreSQL can't parse it.

    A transaction that the message opens and closes itself, or opens for what follows, is the caller's to know."""
    plain = " ".join(text.lower().split())
    if not plain.startswith("set ") and not any(word in plain for word in WORDS):
        return []
    from pgfpmlint.resolve.sql.grammar import statements

    found: list[Need] = []
    for tree in statements(text):
        undone = _undone(tree.kind, tree.fields)
        found = [one for one in found if one.kind not in undone]
        found += _of_statement(tree.kind, tree.fields)
    return list(dict.fromkeys(found))


def _of_statement(kind: str, fields: dict[str, Any]) -> Iterator[Need]:
    if kind == "ListenStmt":
        yield Need(LISTEN, "LISTEN")
    elif kind == "DeclareCursorStmt" and int(fields.get("options", 0)) & WITH_HOLD:
        yield Need(CURSOR, "a cursor WITH HOLD")
    elif kind == "PrepareStmt":
        yield Need(PREPARED, "PREPARE")
    elif kind == "CreateStmt" and _is_kept(fields.get("relation", {}), fields.get("oncommit")):
        yield Need(TABLE, "a temporary table")
    elif kind in ("CreateTableAsStmt", "SelectStmt"):
        yield from _of_query(fields)
    elif kind == "VariableSetStmt" and not fields.get("is_local"):
        name = str(fields.get("name", ""))
        if fields.get("kind") == "VAR_SET_VALUE" or name == "SESSION CHARACTERISTICS":
            yield Need(SETTING, name.lower())


def _of_query(fields: dict[str, Any]) -> Iterator[Need]:
    into = fields.get("into") or fields.get("intoClause") or {}
    if _is_kept(into.get("rel", {}), into.get("onCommit")):
        yield Need(TABLE, "a temporary table")
    from pgfpmlint.resolve.sql.grammar import calls

    for (*_, name), call in calls(fields):
        setting = _for_session(call) if name == "set_config" else ""
        if name in LOCKING or setting:
            yield Need(SETTING, setting) if setting else Need(LOCK, name)


def _is_kept(relation: dict[str, Any], at_the_end: object) -> bool:
    """Whether it is a temporary table that outlives its transaction."""
    temporary = relation.get("relpersistence") == "t" or relation.get("schemaname") == "pg_temp"
    return temporary and at_the_end != "ONCOMMIT_DROP"


def _for_session(call: dict[str, Any]) -> str:
    """The setting that set_config(…, …, false) changes for more than the transaction; empty where that isn't plain."""
    args = call.get("args", [])
    if len(args) != 3 or args[2].get("A_Const", {}).get("boolval") != {}:
        return ""
    return str(args[0].get("A_Const", {}).get("sval", {}).get("sval", "")).lower()


def _undone(kind: str, fields: dict[str, Any]) -> set[str]:
    from pgfpmlint.resolve.sql.grammar import calls

    marks = {kind, *(name for (*_, name), _ in calls(fields))}
    if kind == "VariableSetStmt":
        marks.add(str(fields.get("kind")))
    elif kind == "DiscardStmt":
        return set(UNDOES.values())
    return {undone for mark, undone in UNDOES.items() if mark in marks}
