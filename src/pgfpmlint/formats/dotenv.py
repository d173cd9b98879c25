""".env files: what Symfony's and Laravel's readers take alike, and holes where they differ.

Both follow a shell's habits as far as they go (https://github.com/symfony/symfony/blob/7.3/src/Symfony/Component/Dotenv,
https://github.com/vlucas/phpdotenv/tree/master/src/Parser). A hole with an empty name stands for what one of them
refuses or reads differently, such as blanks without quotes.
"""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Assignment, Blank, Comment, Document, Malformed, Node, Value, Variable

_BLANK = " \t"
_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "v": "\v", "f": "\f"}
UNSURE = ""
"""The name of a hole that nothing fills."""


def parse(source: Source, path: str, version: ServerVersion) -> Document:
    """Tile ``source``; ``version`` does not matter."""
    text = source.text
    nodes: list[Node] = []
    at = 0
    while at < len(text):
        node = _node(text, at)
        nodes.append(node)
        at = node.end
    return Document("env", path, source, tuple(nodes))


def _node(text: str, at: int) -> Node:
    end = text.find("\n", at) + 1 or len(text)
    start = _past(text, at, _BLANK)
    if not text[start:end].strip():
        return Blank(at, end)
    if text[start] == "#":
        return Comment(at, end, start)
    if text.startswith(("export ", "export\t"), start):
        start = _past(text, start + 6, _BLANK)
    stop = _past(text, start, _NAME)
    sign = _past(text, stop, _BLANK)
    if stop == start or text[sign : sign + 1] != "=":
        return _malformed(text, at, end, "no name and = begin the line")
    key = Value(text[start:stop], start, stop)
    start = _past(text, sign + 1, _BLANK)
    if text[start : start + 1] in ("'", '"'):
        return _quoted(text, at, key, start)
    return _bare(text, at, key, start, end)


def _bare(text: str, at: int, key: Value, start: int, end: int) -> Node:
    stop = end
    comment = None
    for sign in (" #", "\t#"):
        found = text.find(sign, max(start - 1, 0), end)
        if 0 <= found < stop:
            stop, comment = found, found + 1
    written = text[start:stop].rstrip() if stop > start else ""
    value = _value(written, start, start + len(written), escapes=False)
    if not {" ", "\t", "#", "'", '"', "`"}.isdisjoint(written):
        value = value._replace(variables=(*value.variables, Variable(len(value.text), UNSURE)))
    return Assignment(at, end, key, value, None, comment)


def _quoted(text: str, at: int, key: Value, start: int) -> Node:
    quote = text[start]
    stop = start + 1
    while stop < len(text) and text[stop] != quote and not (quote == "'" and text[stop] == "\n"):
        stop += 2 if quote == '"' and text[stop] == "\\" else 1
    if text[stop : stop + 1] != quote:
        return _malformed(text, at, text.find("\n", at) + 1 or len(text), "the quote is not closed")
    end = text.find("\n", stop) + 1 or len(text)
    written = text[start + 1 : stop]
    value = _value(written, start, stop + 1, escapes=True) if quote == '"' else Value(written, start, stop + 1)
    rest = text[stop + 1 : end].strip()
    comment = text.index("#", stop + 1) if rest[:1] == "#" else None
    if quote == "'":
        value = value._replace(offsets=tuple(range(start + 1, stop)))
    if rest and comment is None:
        value = value._replace(variables=(*value.variables, Variable(len(value.text), UNSURE)))
    return Assignment(at, end, key, value, None, comment)


def _value(written: str, start: int, end: int, *, escapes: bool) -> Value:
    """``written`` with its holes: ``${NAME}``, ``${NAME:-text}``, ``$NAME`` (to Symfony; the hole keeps its ``$``)."""
    first = start + (1 if escapes else 0)
    letters: list[str] = []
    offsets: list[int] = []
    holes: list[Variable] = []
    at = 0
    while at < len(written):
        sign = written[at]
        width = 1
        if sign == "\\" and escapes and at + 1 < len(written):
            sign, width = _ESCAPED.get(written[at + 1], written[at + 1]), 2
        elif sign == "$":
            hole, width = _hole(written, at, len(letters))
            if hole is not None:
                holes.append(hole)
                at += width
                continue
        letters.append(sign)
        offsets.append(first + at)
        at += width
    text = "".join(letters)
    plain = not escapes and text == written
    return Value(text, start, end, None if plain else tuple(offsets), tuple(holes))


def _hole(written: str, at: int, place: int) -> tuple[Variable | None, int]:
    following = written[at + 1 : at + 2]
    if following == "{":
        stop = written.find("}", at)
        name, sign, fallback = written[at + 2 : stop].partition(":-") if stop > 0 else ("", "", "")
        if not name or not _NAME.issuperset(name):
            return Variable(place, UNSURE), (stop + 1 - at if stop > 0 else 1)
        filling = Value(fallback, 0, 0) if sign else None
        return Variable(place, name, filling), stop + 1 - at
    if following == "(":
        return Variable(place, UNSURE), 1
    stop = _past(written, at + 1, _NAME - {"."})
    name = written[at + 1 : stop]
    if not name or name[0].isdigit():
        return None, 1
    return Variable(place, f"${name}"), stop - at


def _malformed(text: str, at: int, end: int, says: str) -> Malformed:
    body = text[at:end]
    start = at + len(body) - len(body.lstrip())
    return Malformed(at, end, says, start, start + len(body.strip()))


def _past(text: str, at: int, signs: frozenset[str] | str) -> int:
    while at < len(text) and text[at] in signs:
        at += 1
    return at
