r"""SQL scripts, cut into statements as psql cuts them before it sends them.

Only where a statement ends is found out here; what it says is for PostgreSQL's own grammar. The rules are those of
psql's lexer (https://github.com/postgres/postgres/blob/master/src/fe_utils/psqlscan.l): a semicolon counts outside of
parentheses, quotes, comments, ``$tag$`` and BEGIN ATOMIC bodies; a backslash begins a command that ends with its line;
the lines behind COPY … FROM STDIN are data up to ``\.``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Blank, Comment, Document, Node, Statement

_LETTER = r"A-Za-z_\x80-\U0010ffff"
_TOKEN = re.compile(
    rf"(?P<word>[{_LETTER}][{_LETTER}0-9$]*)|(?P<space>\s+)|(?P<line>--[^\n]*)|(?P<block>/\*)|(?P<quote>['\"])"
    rf"|(?P<dollar>\$(?:[{_LETTER}][{_LETTER}0-9]*)?\$)|(?P<plain>\d[\w.]*|::|:=|\\[;:])"
    rf"|(?P<variable>:(?:[{_LETTER}0-9]+|'[{_LETTER}0-9]+'|\"[{_LETTER}0-9]+\"|\{{\?[{_LETTER}0-9]+\}}))|(?P<sign>.)",
    re.DOTALL,
)
_LEAD = re.compile(r"[ \t\r\f\v]*")
_REST = re.compile(r"[ \t\r\f\v]*(--[^\n]*)?(\n|\Z)")
_COMMAND = re.compile(r"\\\\|[^\n]*?(?=\\\\|\n|\Z)")
_FROM_STDIN = re.compile(r"\\?copy\b.*\bfrom\s+p?stdin\b", re.DOTALL | re.IGNORECASE)
_DATA_END = re.compile(r"^\\\.[ \t\r]*(?:\n|\Z)", re.MULTILINE)
_MORE_TEXT = re.compile(r"\s*\n\s*'")

_SENDING = ("g", "gx", "gset", "gdesc", "crosstabview", "watch")
"""Commands that end a statement and send it, as a semicolon does; gexec runs its result as well."""


def parse(source: Source, path: str, version: ServerVersion) -> Document:
    return Document("sql", path, source, tuple(_nodes(source.text)))


def _nodes(text: str) -> Iterator[Node]:
    at = 0
    if text.startswith("\ufeff"):  # psql passes over a byte order mark
        yield Blank(0, 1)
        at = 1
    while at < len(text):
        node = _node(text, at)
        yield node
        at = node.end
        if isinstance(node, Statement) and at < len(text) and _FROM_STDIN.match(text, node.first, node.last):
            yield (node := _data(text, at))
            at = node.end


def _node(text: str, at: int) -> Node:
    match = _LEAD.match(text, at)
    first = match.end() if match else at
    if first == len(text) or text[first] == "\n":
        return Blank(at, min(first + 1, len(text)))
    if text.startswith("--", first):
        return Comment(at, text.find("\n", first) + 1 or len(text), first)
    if text.startswith("/*", first):
        end = _block_end(text, first)
        rest = _REST.match(text, end)
        return Comment(at, rest.end() if rest and not rest[1] else end, first)
    if text[first] == "\\" and text[first + 1 : first + 2] not in (";", ":"):
        command = _COMMAND.match(text, first)
        end = max(command.end() if command else first, first + 1)
        rest = _REST.match(text, end)
        return Statement(at, rest.end() if rest else end, "psql", first, first + len(text[first:end].rstrip()))
    return _statement(text, at, first)


def _data(text: str, at: int) -> Statement:
    """What follows COPY, with the line that ends it."""
    start = at if at == 0 or text[at - 1] == "\n" else text.find("\n", at) + 1 or len(text)
    closing = _DATA_END.search(text, start)
    return Statement(
        at, closing.end() if closing else len(text), "data", start, closing.start() if closing else len(text)
    )


class _Body(NamedTuple):
    """Where the text of a statement ends, and where it starts behind it."""

    last: int
    after: int
    open: bool = False


def _statement(text: str, at: int, first: int) -> Statement:
    variables: list[tuple[int, int]] = []
    body = _body(text, first, variables)
    rest = _REST.match(text, body.after)
    comment = rest.start(1) if rest and rest[1] else None
    end = rest.end() if rest else body.after
    last = first + len(text[first : body.last].rstrip())
    return Statement(at, end, "sql", first, last, body.open, tuple(variables), comment)


def _body(text: str, first: int, variables: list[tuple[int, int]]) -> _Body:
    depth = 0
    blocks = _Blocks()
    at = first
    while (token := _TOKEN.match(text, at)) is not None:
        at = token.end()
        sign = token[0]
        if token.lastgroup == "variable":
            variables.append(token.span())
        elif token.lastgroup == "word" and not depth:
            blocks.take(sign.lower())
        elif sign == "\\":
            command = re.compile(r"\w*").match(text, at)
            return _Body(at - 1, at - 1, command is None or command[0] not in _SENDING)
        elif sign == ";" and depth == 0 and blocks.depth == 0:
            return _Body(at - 1, at)
        depth = max(0, depth + _DEPTH.get(sign, 0))
        at = _end(text, token)
    return _Body(len(text), len(text))


_DEPTH = {"(": 1, ")": -1}


def _end(text: str, token: re.Match[str]) -> int:
    """Behind the token and what it opens: a quote, a comment, ``$tag$``."""
    kind, at = token.lastgroup, token.end()
    if kind == "word" and token[0] in ("e", "E") and text[at : at + 1] == "'":
        return _escaped_end(text, at + 1)
    if kind == "quote":
        return text.find(token[0], at) + 1 or len(text)  # of two quotes that are one, each counts as a string's end
    if kind == "block":
        return _block_end(text, token.start())
    if kind == "dollar":
        closing = text.find(token[0], at)
        return closing + len(token[0]) if closing >= 0 else len(text)
    return at


class _Blocks:
    """How deep in BEGIN ATOMIC … END of CREATE FUNCTION or PROCEDURE, as psql 14 and later count it."""

    __slots__ = ("_count", "_head", "depth")

    def __init__(self) -> None:
        self.depth = 0
        self._count = 0
        self._head = [""] * 4

    def take(self, word: str) -> None:
        if word in ("create", "function", "procedure", "or", "replace") and self._count < 4:
            self._head[self._count] = word[0]
        self._count += 1
        create, second, third, fourth = self._head
        if create == "c" and (second in ("f", "p") or (second + third == "or" and fourth in ("f", "p"))):
            if word == "begin" or (word == "case" and self.depth):
                self.depth += 1
            elif word == "end" and self.depth:
                self.depth -= 1


def _escaped_end(text: str, at: int) -> int:
    r"""Behind a string ``E'…'``, in which a backslash takes the next character, also where it goes on below."""
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text[at] == "'":
            more = _MORE_TEXT.match(text, at + 1)
            if text[at + 1 : at + 2] == "'":
                at += 2
            elif more is not None:
                at = more.end()
            else:
                return at + 1
        else:
            at += 1
    return len(text)


def _block_end(text: str, at: int) -> int:
    """Behind the comment that begins at ``at``; comments nest."""
    depth = 0
    for sign in re.compile(r"/\*|\*/").finditer(text, at):
        depth += 1 if sign[0] == "/*" else -1
        if depth == 0:
            return sign.end()
    return len(text)
