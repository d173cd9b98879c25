"""PostgreSQL's own parser, through pglast, for one statement at a time; imported when there is SQL to parse.

pglast carries the grammar of one major version (pglast 7: PostgreSQL 17, pglast 8: 18). Older servers know less, newer
ones more; see `grammar_version`.
"""

from __future__ import annotations

import json

from pgfpmlint.record import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Fields = dict[str, Any]


class Tree(NamedTuple):
    """One statement: the name of its node (``CreateRoleStmt``) and the node's fields, as libpg_query writes them."""

    kind: str
    fields: Fields


class Refused(NamedTuple):
    """PostgreSQL's words and where it stopped, in characters from the statement's first."""

    says: str
    at: int


def calls(fields: object) -> Iterator[tuple[list[str], Fields]]:
    """All calls of functions below ``fields``: the parts of the name, with at least one, and the node's fields."""
    waiting = [fields]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            call = one.get("FuncCall")
            if isinstance(call, dict) and call.get("funcname"):
                yield [str(part.get("String", {}).get("sval", "")) for part in call["funcname"]], call
            waiting += one.values()


def parsed(text: str) -> Tree | Refused | None:
    """The statement of ``text``, or why it is none; None for nothing but blanks, and where several come out."""
    from pglast import parser

    try:
        found = json.loads(parser.parse_sql_json(clean(text)))["stmts"]
    except parser.ParseError as error:
        return _refused(error)
    except RecursionError:
        return None
    if len(found) != 1 or "stmt" not in found[0]:
        return None
    ((kind, fields),) = found[0]["stmt"].items()
    return Tree(kind, fields)


def refusal(text: str) -> Refused | None:
    """Why ``text`` is no SQL, if so: cheaper than `parsed`, for statements that nobody looks into."""
    from pglast import parser

    try:
        parser.split(clean(text), only_slices=True)
    except parser.ParseError as error:
        return _refused(error)
    return None


def grammar_version() -> int:
    """The major version of PostgreSQL whose grammar is asked."""
    from pglast import parser

    major: int = parser.get_postgresql_version()[0]
    return major


def character(text: str, byte: int) -> int:
    """The index of the character at an offset in UTF-8, which is what a tree holds."""
    if text.isascii():
        return byte
    return len(clean(text).encode()[:byte].decode("utf-8", "ignore"))


def clean(text: str) -> str:
    """Without what is no UTF-8, sign for sign."""
    return text.encode("utf-8", "replace").decode().replace("\0", " ")


def _refused(error: Exception) -> Refused:
    says, at = error.args[0], error.args[1] if len(error.args) > 1 else 0
    return Refused(str(says), max(0, int(at or 0)))


def statements(text: str) -> list[Tree]:
    """All statements of ``text``; none where it is refused."""
    from pglast import parser

    try:
        found = json.loads(parser.parse_sql_json(clean(text)))["stmts"]
    except (parser.ParseError, RecursionError):
        return []
    return [Tree(kind, fields) for one in found for kind, fields in one.get("stmt", {}).items()]
