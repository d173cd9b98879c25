"""Lines of words as PgBouncer cuts up its own access files, which is not how PostgreSQL does it.

A line is a line: nothing joins two. A quote ends a bare word and begins another (``a"b"`` is two), a comma is a word by
itself, and what a quote opens without closing it spoils the line. See next_token() in
https://github.com/pgbouncer/pgbouncer/blob/master/src/hba.c
"""

from __future__ import annotations

from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Blank, Comment, Document, Field, Node, Record, Value

SPACE = " \t\n\v\f\r"
_ENDS = frozenset(SPACE + ',#"')


def parse(kind: str, source: Source, path: str) -> Document:
    """Tile ``source``: each field of a record is one word, or a comma. What no quote closes is a word that begins with
    the quote, which no other bare word does."""
    text = source.text
    size = len(text)
    nodes: list[Node] = []
    start = 0
    while start < size:
        end = text.find("\n", start) + 1 or size
        if text[start] not in "\n#":
            nodes.append(_node(text, start, end))
        start = end
    return Document(kind, path, source, tuple(nodes))


def _node(text: str, start: int, end: int) -> Node:
    nul = text.find("\0", start, end)  # a C string ends there
    stop = end if nul < 0 else nul
    fields: list[Field] = []
    comment = None
    at = start
    while at < stop:
        sign = text[at]
        if sign in SPACE:
            at += 1
            continue
        if sign == "#":
            comment = at
            break
        value = _quoted(text, at, stop) if sign == '"' else _bare(text, at, stop)
        at = value.end
        fields.append(Field(value.start, value.end, (value,), (value.offsets is not None,)))
    if fields:
        return Record(start, end, tuple(fields), comment)
    return Blank(start, end) if comment is None else Comment(start, end, comment)


def _bare(text: str, at: int, stop: int) -> Value:
    end = at + 1
    while text[at] != "," and end < stop and text[end] not in _ENDS:
        end += 1
    return Value(text[at:end], at, end)


def _quoted(text: str, at: int, stop: int) -> Value:
    """The word whose opening quote is at ``at``; two quotes inside are one."""
    offsets: list[int] = []
    here = at + 1
    while True:
        quote = text.find('"', here, stop)
        if quote < 0:
            return Value(text[at:stop].rstrip(SPACE), at, stop)
        offsets.extend(range(here, quote))
        if text[quote + 1 : quote + 2] != '"' or quote + 1 >= stop:
            return Value("".join(map(text.__getitem__, offsets)), at, quote + 1, tuple(offsets))
        offsets.append(quote + 1)
        here = quote + 2
