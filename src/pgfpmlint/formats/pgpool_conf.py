"""pgpool.conf: names and values as pgpool-II cuts them up.

Near postgresql.conf and not the same: a quote inside quotes can't be written, lines mean nothing between settings, and
what follows a name is its value, whatever it is. A comment ends with a line: in a last line without an end it is none.
See ``src/config/pool_config.l`` of https://github.com/pgpool/pgpool2
"""

from __future__ import annotations

import re

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Assignment, Blank, Comment, Document, Include, Malformed, Node, Value

KIND = "pgpool.conf"

_LETTER = r"[A-Za-z_\x80-\U0010ffff]"
_KEY = rf"{_LETTER}(?:{_LETTER}|[0-9])*"
_STRING = r"'(?:\\.|[^'\n])*'"
_UNQUOTED = rf"{_LETTER}(?:{_LETTER}|[-0-9._:/])*"
_INTEGER = r"[-+]?(?:0x[0-9a-fA-F]+|[0-9]+)[a-zA-Z]*"
_REAL = r"[-+]?[0-9]*\.[0-9]*(?:[Ee][-+]?[0-9]+)?"

# What nearly every line is: a name, a value that blanks, a comment or the end of the line follow.
_LINE = re.compile(
    rf"[ \t\r]*({_KEY})(?:[ \t\r]*=[ \t\r]*|[ \t\r]+)({_STRING}|{_UNQUOTED}|{_INTEGER}|{_REAL})"
    r"(?=[ \t\r\n#]|\Z)[ \t\r]*(?:(#)[^\n]*\n|\n|\Z)"
)
_TOKENS = ("key", _KEY), ("string", _STRING), ("word", _UNQUOTED), ("integer", _INTEGER), ("real", _REAL), ("=", "=")


def parse(source: Source, path: str, version: ServerVersion) -> Document:
    """See `pgfpmlint.formats.Format`."""
    text = source.text
    size = len(text)
    nodes: list[Node] = []
    at = 0
    while at < size:
        end = text.find("\n", at) + 1 or size
        if text[at] not in "#\n" or (text[at] == "#" and text[end - 1] != "\n"):
            line = _LINE.match(text, at)
            if line is not None:
                key = Value(line[1], line.start(1), line.end(1))
                nodes.append(_setting(at, end, key, _value(text, *line.span(2)), line.start(3) if line[3] else None))
            else:
                for node in _odd_line(text, at, end):
                    nodes.append(node)
                    if isinstance(node, Malformed):  # pgpool-II reads no further
                        nodes[-1] = node._replace(end=size)
                        return Document(KIND, path, source, tuple(nodes))
        at = end
    return Document(KIND, path, source, tuple(nodes))


def _setting(start: int, end: int, key: Value, value: Value | None, comment: int | None) -> Node:
    if key.text == "include" and value is not None:
        return Include(start, end, key, value, comment)
    return Assignment(start, end, key, value, None, comment)


def _value(text: str, start: int, end: int) -> Value:
    """The value written there: what is in quotes is taken as it is, backslashes too."""
    if text[start] == "'":
        return Value(text[start + 1 : end - 1], start, end, tuple(range(start + 1, end - 1)))
    return Value(text[start:end], start, end)


def _odd_line(text: str, start: int, end: int) -> list[Node]:
    """The nodes of a line that is not simply one setting."""
    nodes: list[Node] = []
    at = begun = start
    while True:
        kind, first, until = _token(text, at, end)
        if kind == "end":
            if begun < end:
                nodes.append(Comment(begun, end, first) if text[first : first + 1] == "#" else Blank(begun, end))
            return nodes
        if kind != "key":
            return [*nodes, Malformed(begun, end, _says(text, first, until), first, until)]
        key = Value(text[first:until], first, until)
        kind, first, at = _token(text, until, end)
        if kind == "=":
            kind, first, at = _token(text, at, end)
        if kind == "end":  # the end of the line is the value, and none that anybody meant
            return [*nodes, Assignment(begun, end, key, None, None, first if text[first : first + 1] == "#" else None)]
        value = _value(text, first, at)
        after, sign, _ = _token(text, at, end)
        if after == "end":
            comment = sign if text[sign : sign + 1] == "#" else None
            return [*nodes, _setting(begun, end, key, value, comment)]
        nodes.append(_setting(begun, at, key, value, None))
        begun = at


def _token(text: str, at: int, end: int) -> tuple[str, int, int]:
    """The longest token from ``at`` on, as flex takes it, and its extent; ``end`` at the line's end or a comment."""
    while at < end and text[at] in " \t\r":
        at += 1
    if at == end or text[at] == "\n" or (text[at] == "#" and text[end - 1] == "\n"):
        return "end", at, end
    found, until = "?", at + 1
    for kind, pattern in reversed(_TOKENS):
        match = re.compile(pattern).match(text, at, end)
        if match is not None and match.end() > at and match.end() >= until:
            found, until = kind, match.end()
    return found, at, until


def _says(text: str, start: int, end: int) -> str:
    line = text.count("\n", 0, start) + 1
    return f"parse error at line {line} '{text[start:end]}'"
