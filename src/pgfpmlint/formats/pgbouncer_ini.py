"""pgbouncer.ini, cut up exactly as PgBouncer cuts it.

In PgBouncer's dialect indentation never continues a line, only ``=`` separates,
a value runs to the end of its line with `` ;`` and quotes in it, a section's bracket may be followed by a key, and
``%include`` reads another file. The dialect is that of libusual's cfparser.c
(https://github.com/libusual/libusual/blob/master/usual/cfparser.c), run in 15 versions; see
tests/fixtures/vectors/pgbouncer.cases.json.
"""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.formats.ini_line import IniLine
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Assignment, Blank, Comment, Document, Include, Malformed, Node, Section, Value

SPACE = " \t\n\v\f\r"
"""What C's isspace() takes for white space; Python's own idea of it is wider."""

_BLANK = " \t"
_KEY = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-*")
_SYNTAX_ERROR = "syntax error in configuration, stopping loading"


class BouncerSection(IniLine):
    """``[name]``; the name is literal, blanks and case count. ``end`` is where the piece ends: behind the bracket,
    or at the line's end when nothing or only a comment follows."""

    def __init__(self, line: str, opening: int, closing: int) -> None:
        comment = closing + 1
        while comment < len(line) and line[comment] in SPACE:
            comment += 1
        sign = line[comment : comment + 1]
        if sign and sign not in ";#":
            line, sign = line[: closing + 1], ""
        self.line = line.rstrip("\n")
        self.name = line[opening + 1 : closing]
        self.name_offset = opening + 1
        self.comment = line[comment + 1 :].rstrip(SPACE) if sign else None
        self.comment_offset = comment if sign else -1
        self.end = len(line)

    @classmethod
    def parse(cls, line: str) -> BouncerSection | None:
        opening = len(line) - len(line.lstrip(SPACE))
        closing = line.find("]", opening)
        return cls(line, opening, closing) if line[opening : opening + 1] == "[" and closing > 0 else None


class BouncerOption(IniLine):
    """``key = value``. The value is everything up to the end of the line, without the white space around it."""

    def __init__(self, line: str, start: int, end: int, separator: int) -> None:
        value = separator + 1
        while value < len(line) and line[value] in _BLANK:
            value += 1
        self.line = line.rstrip("\n")
        self.name = line[start:end]
        self.name_offset = start
        self.value = line[value:].rstrip(SPACE)
        self.value_offset = value

    @classmethod
    def parse(cls, line: str) -> BouncerOption | None:
        start = end = len(line) - len(line.lstrip(SPACE))
        while end < len(line) and line[end] in _KEY:
            end += 1
        separator = _behind(line, end, _BLANK)
        return cls(line, start, end, separator) if line[separator : separator + 1] == "=" else None


class QuotedOption(BouncerOption):
    """``'key' = value``, 1.25 and newer: no escapes, not empty; the quotes may even hold a line end."""

    @classmethod
    def parse(cls, line: str) -> QuotedOption | None:
        start = len(line) - len(line.lstrip(SPACE)) + 1
        end = line.find("'", start)
        separator = _behind(line, end + 1, _BLANK)
        good = line[start - 1 : start] == "'" and end > start and line[separator : separator + 1] == "="
        return cls(line, start, end, separator) if good else None


class IncludeLine(IniLine):
    """``%include`` and a blank, then the file's name up to the end of the line."""

    def __init__(self, line: str, start: int) -> None:
        value = _behind(line, start + len("%include"), _BLANK)
        self.line = line.rstrip("\n")
        self.offset = start
        self.value = line[value:].rstrip(SPACE)
        self.value_offset = value

    @classmethod
    def parse(cls, line: str) -> IncludeLine | None:
        start = len(line) - len(line.lstrip(SPACE))
        return cls(line, start) if line.startswith(("%include ", "%include\t"), start) else None


class BouncerComment(IniLine):
    """A line whose first sign is ``;`` or ``#``."""

    def __init__(self, line: str, sign: int) -> None:
        self.line = line.rstrip("\n")
        self.comment = line[sign + 1 :].rstrip(SPACE)
        self.offset = sign

    @classmethod
    def parse(cls, line: str) -> BouncerComment | None:
        sign = len(line) - len(line.lstrip(SPACE))
        return cls(line, sign) if line[sign : sign + 1] in (";", "#") else None


def parse(source: Source, path: str, version: ServerVersion) -> Document:
    text = source.text
    # C strings end at a NUL, and so does the file for PgBouncer; what follows it is tiled as nothing.
    nul = text.find("\0")
    stop = len(text) if nul < 0 else nul
    quoted_keys = version.at_least(1, 25)
    nodes: list[Node] = []
    at = 0
    while at < stop:
        end = text.find("\n", at, stop) + 1 or stop
        if text[at] not in "\n;#":
            node = _node(text[at:end], at)
            if quoted_keys and isinstance(node, Malformed) and text[node.at] == "'":
                node = _quoted(text, at, end, stop) or node
            nodes.append(node)
            end = node.end
        at = end
    if stop < len(text):
        nodes.append(Blank(stop, len(text)))
    return Document("pgbouncer.ini", path, source, tuple(nodes))


def _node(line: str, at: int) -> Node:
    if not line.strip(SPACE):
        return Blank(at, at + len(line))
    option = BouncerOption.parse(line)
    if option is not None:
        return _assignment(option, at, at + len(line))
    comment = BouncerComment.parse(line)
    if comment is not None:
        return Comment(at, at + len(line), at + comment.offset)
    section = BouncerSection.parse(line)
    if section is not None:
        sign = None if section.comment is None else at + section.comment_offset
        name = Value(section.name, at + section.name_offset, at + section.name_offset + len(section.name))
        return Section(at, at + section.end, name, sign)
    include = IncludeLine.parse(line)
    if include is not None:
        start, target = at + include.offset, at + include.value_offset
        directive = Value("%include", start, start + len("%include"))
        return Include(at, at + len(line), directive, Value(include.value, target, target + len(include.value)))
    body = line.strip(SPACE)
    start = at + line.index(body)
    return Malformed(at, at + len(line), _SYNTAX_ERROR, start, start + len(body))


def _quoted(text: str, at: int, end: int, stop: int) -> Assignment | None:
    """The assignment with a quoted key that starts at ``at``; its key may run over the line end at ``end``."""
    opening = text.index("'", at, end)
    closing = text.find("'", opening + 1, stop)
    if closing >= end:
        end = text.find("\n", closing, stop) + 1 or stop
    option = QuotedOption.parse(text[at:end])
    return None if option is None else _assignment(option, at, end)


def _assignment(option: BouncerOption, at: int, end: int) -> Assignment:
    start = at + option.name_offset
    key = Value(option.name, start, start + len(option.name))
    if isinstance(option, QuotedOption):
        key = Value(option.name, start - 1, key.end + 1, tuple(range(start, key.end)))
    value = at + option.value_offset
    text = str(option.value)
    return Assignment(at, end, key, Value(text, value, value + len(text)))


def _behind(line: str, at: int, blanks: str) -> int:
    """The first offset from ``at`` on where no blank stands."""
    while at < len(line) and line[at] in blanks:
        at += 1
    return at
