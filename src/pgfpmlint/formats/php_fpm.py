"""php-fpm.conf and pool files, in the words of syntax/.

FPM hands each line alone to Zend's INI parser (fpm_conf_load_ini_file in
https://github.com/php/php-src/blob/master/sapi/fpm/fpm/fpm_conf.c), so nothing spans lines, while one line may hold
several statements (``[www] pm = static``). Unlike elsewhere an indented line
continues nothing, ``:``, ``#`` and ``rem`` are letters, ``;`` needs no blank before it, and values are worked out.
What names and types mean is not the format's business.
"""

from __future__ import annotations

from pgfpmlint.catalog.version import PHP, ServerVersion, newest
from pgfpmlint.formats.ini_line import IniLine
from pgfpmlint.formats.zend_ini import ARRAY, ENTRY, ERROR, NOTHING, SECTION, Statement, moved, statements
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Assignment, Blank, Comment, Document, Include, Malformed, Node, Section


class FpmSection(IniLine):
    """``[name]``: a pool, or ``[global]``."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.line = statement.written
        self.name = statement.key.text if statement.key else ""

    @classmethod
    def parse(cls, line: str) -> FpmSection | None:
        found = _first(line, SECTION)
        return None if found is None else cls(found)

    def node(self, at: int) -> Node:
        """The node of the line that starts at offset ``at``."""
        found = self.statement
        assert found.key is not None
        return Section(at + found.start, at + found.end, moved(found.key, at), _sum(at, found.comment))


class FpmOption(IniLine):
    """``key = value``, ``key[subscript] = value``, or a key with nothing behind it."""

    def __init__(self, statement: Statement) -> None:
        key, value = statement.key, statement.value
        self.statement = statement
        self.line = statement.written
        self.name = statement.text[key.start : key.end] if key else ""
        self.value = value.text if value else None

    @classmethod
    def parse(cls, line: str) -> FpmOption | None:
        found = _first(line, ENTRY, ARRAY)
        return None if found is None else cls(found)

    def node(self, at: int) -> Node:
        """The node of the line that starts at offset ``at``."""
        found = self.statement
        assert found.key is not None
        start, end, comment = at + found.start, at + found.end, _sum(at, found.comment)
        key = moved(found.key, at)
        value = None if found.value is None else moved(found.value, at)
        subscript = None if found.subscript is None else moved(found.subscript, at)
        if key.text == "include" and value is not None and subscript is None:
            return Include(start, end, key, value, comment)
        return Assignment(start, end, key, value, subscript, comment)


class FpmComment(IniLine):
    """A comment that shares its physical line, behind a byte order mark or a lone CR; or nothing at all there."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.line = statement.written

    @classmethod
    def parse(cls, line: str) -> FpmComment | None:
        found = _first(line, NOTHING)
        return None if found is None else cls(found)

    def node(self, at: int) -> Node:
        """The node of the line that starts at offset ``at``."""
        found = self.statement
        if found.comment is None:
            return Blank(at + found.start, at + found.end)
        return Comment(at + found.start, at + found.end, at + found.comment)


class FpmRejected(IniLine):
    """What Zend's parser refuses, up to the end of the line."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.line = statement.written

    def node(self, at: int) -> Node:
        """The node of the line that starts at offset ``at``."""
        found = self.statement
        return Malformed(at + found.start, at + found.end, found.says, at + found.at, at + found.until)


def parse(source: Source, path: str, version: ServerVersion) -> Document:
    """Tile ``source`` as PHP-FPM of that version reads it."""
    text = source.text
    nodes: list[Node] = []
    start, size, find = 0, len(text), text.find
    plain = "\n" if "\r" in text else "\n;"  # a lone CR ends a comment
    while start < size:
        end = find("\n", start) + 1 or size
        if text[start] not in plain:
            nodes += _nodes(text[start:end], start, version)
        start = end
    return Document("php-fpm", path, source, tuple(nodes))


_LINES: dict[str, type[FpmSection | FpmOption | FpmComment | FpmRejected]] = {
    SECTION: FpmSection,
    ENTRY: FpmOption,
    ARRAY: FpmOption,
    NOTHING: FpmComment,
    ERROR: FpmRejected,
}


def _nodes(line: str, at: int, version: ServerVersion) -> list[Node]:
    body = line.lstrip(" \t")
    inner = body.rstrip("\r\n")
    if not inner:
        return [Blank(at, at + len(line))]
    # PHP 7.0 took # away: https://www.php.net/manual/en/migration70.incompatible.php
    sign = inner[0] == ";" or (inner[0] == "#" and (version.instead_of or version.number) < (7,))
    if sign and "\r" not in inner:
        return [Comment(at, at + len(line), at + len(line) - len(body))]
    found: list[Node] = []
    for statement in statements(line, version):
        found.append(_LINES[statement.kind](statement).node(at))
    return found or [Blank(at, at + len(line))]


def _first(line: str, *kinds: str) -> Statement | None:
    """What ``line`` says first, if that is of one of the kinds, to the newest PHP."""
    return next((found for found in statements(line, newest(PHP))[:1] if found.kind in kinds), None)


def _sum(at: int, offset: int | None) -> int | None:
    return None if offset is None else at + offset
