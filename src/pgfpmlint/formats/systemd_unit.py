"""Units of systemd and their drop-ins: ``[Section]``, then ``Key=value``.

A comment sign counts at the start of a line only, and there even where a backslash at the end of the line before joins
the two. See systemd.syntax(7) and ``config_parse()`` in https://github.com/systemd/systemd/blob/main/src/shared/conf-parser.c
"""

from __future__ import annotations

from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Assignment, Blank, Comment, Document, Malformed, Node, Section, Value

KIND = "systemd"

_BLANKS = " \t\r"


def parse(source: Source, path: str) -> Document:
    """Tile ``source``. Lines that systemd passes over with a word in the log become `Malformed`."""
    text = source.text
    nodes: list[Node] = []
    at = 0
    while at < len(text):
        node = _node(text, at)
        nodes.append(node)
        at = node.end
    return Document(KIND, path, source, tuple(nodes))


def _node(text: str, at: int) -> Node:
    end = _line_end(text, at)
    start = _past_blanks(text, at, end)
    if not text[start:end].strip():
        return Blank(at, end)
    if text[start] in "#;":
        return Comment(at, end, start)
    line, letters, end = _logical_line(text, start, end)
    if not line:
        return _malformed(at, end, start, start + 1, "Missing '='")
    if line[0] == "[":
        if line[-1] != "]" or letters[-1] != start + len(line) - 1:
            return _malformed(at, end, start, letters[-1] + 1, f"Invalid section header '{line}'")
        return Section(at, end, Value(line[1:-1], start + 1, letters[-1]))
    sign = line.find("=")
    if sign < 0:
        return _malformed(at, end, start, letters[-1] + 1, "Missing '='")
    key = line[:sign].rstrip()
    if not key or letters[len(key) - 1] != start + len(key) - 1:
        return _malformed(at, end, start, letters[-1] + 1, "Missing key name before '='")
    return Assignment(at, end, Value(key, start, start + len(key)), _value(line, letters, sign + 1))


def _value(line: str, letters: list[int], first: int) -> Value:
    while first < len(line) and line[first] in " \t":
        first += 1
    offsets = letters[first:]
    if not offsets:
        end = letters[-1] + 1
        return Value("", end, end)
    whole = offsets[-1] + 1 - offsets[0] == len(offsets)
    return Value(line[first:], offsets[0], offsets[-1] + 1, None if whole else tuple(offsets))


def _logical_line(text: str, start: int, end: int) -> tuple[str, list[int], int]:
    """The text of a line with those that it goes on in, without blanks at its end, the offsets of its characters, and
    where the last of these lines ends. A backslash that joins two counts as a blank."""
    line = ""
    letters: list[int] = []
    while True:
        stop = end - 1 if text[end - 1 : end] == "\n" else end
        while stop > start and text[stop - 1] == "\r":
            stop -= 1
        line += text[start:stop]
        letters += range(start, stop)
        slashes = stop
        while slashes > start and text[slashes - 1] == "\\":
            slashes -= 1
        joins = (stop - slashes) % 2 == 1
        if joins:
            line = line[:-1] + " "
        if not joins or end == len(text):
            line = line.rstrip(_BLANKS)
            return line, letters[: len(line)], end
        start, end = _next_line(text, end)


def _next_line(text: str, at: int) -> tuple[int, int]:
    """Where the words of the next line that is no comment begin, and where it ends."""
    while at < len(text):
        end = _line_end(text, at)
        start = _past_blanks(text, at, end)
        if text[start : start + 1] not in ("#", ";"):
            return start, end
        at = end
    return at, at


def _past_blanks(text: str, at: int, end: int) -> int:
    while at < end and text[at] in _BLANKS:
        at += 1
    return at


def _line_end(text: str, at: int) -> int:
    return text.find("\n", at) + 1 or len(text)


def _malformed(start: int, end: int, at: int, until: int, says: str) -> Malformed:
    return Malformed(start, end, says, at, until)
