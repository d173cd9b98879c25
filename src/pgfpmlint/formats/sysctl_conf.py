"""sysctl.conf: ``key = value``. A comment sign counts at the start of a line only; a ``-`` before the key says that the
kernel need not know it. See sysctl.d(5) and sysctl.conf(5)."""

from __future__ import annotations

from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Assignment, Blank, Comment, Document, Malformed, Node, Value

KIND = "sysctl.conf"

_BLANKS = " \t\r"


def parse(source: Source, path: str) -> Document:
    """Tile ``source``, a node for each line."""
    text = source.text
    nodes: list[Node] = []
    at = 0
    while at < len(text):
        end = text.find("\n", at) + 1 or len(text)
        nodes.append(_node(text, at, end))
        at = end
    return Document(KIND, path, source, tuple(nodes))


def _node(text: str, at: int, end: int) -> Node:
    line = text[at:end]
    start = at + len(line) - len(line.lstrip(_BLANKS))
    stop = at + len(line.rstrip(_BLANKS + "\n"))
    if start >= stop:
        return Blank(at, end)
    if text[start] in "#;":
        return Comment(at, end, start)
    sign = text.find("=", start, stop)
    if sign < 0:
        return Malformed(at, end, "no '=' after the key", start, stop)
    first = start + (text[start] == "-")
    key = text[first:sign].rstrip(_BLANKS)
    value = text[sign + 1 : stop].lstrip(_BLANKS)
    return Assignment(at, end, Value(key, first, first + len(key)), Value(value, stop - len(value), stop))
