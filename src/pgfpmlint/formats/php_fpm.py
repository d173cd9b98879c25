"""php-fpm.conf and pool files, in the words of syntax/.

FPM hands each line alone to Zend's INI parser (fpm_conf_load_ini_file in
https://github.com/php/php-src/blob/master/sapi/fpm/fpm/fpm_conf.c), so nothing spans lines, while one line may hold
several statements (``[www] pm = static``). The pieces are iniparse's line types in that dialect: an indented line
continues nothing, ``:``, ``#`` and ``rem`` are letters, ``;`` needs no blank before it, and values are worked out.
What names and types mean is not the format's business.
"""

from __future__ import annotations

from iniparse.ini import CommentLine, LineType, OptionLine, SectionLine

from pgfpmlint.catalog.version import PHP, ServerVersion, newest
from pgfpmlint.formats.zend_ini import ARRAY, ENTRY, ERROR, NOTHING, SECTION, Statement, moved, statements
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Assignment, Blank, Comment, Document, Include, Malformed, Node, Section


class FpmSection(SectionLine):
    """``[name]``: a pool, or ``[global]``."""

    statement: Statement

    def __init__(self, statement: Statement) -> None:
        name = statement.key.text if statement.key else ""
        # iniparse's own __setattr__ would forget ``line``, which is what makes an object print as it was written.
        self.__dict__.update(statement=statement, line=statement.written, name=name, **_remark(statement))

    @classmethod
    def parse(cls, line: str) -> FpmSection | None:
        found = _first(line, SECTION)
        return None if found is None else cls(found)

    def node(self, at: int) -> Node:
        """The node of the line that starts at offset ``at``."""
        found = self.statement
        assert found.key is not None
        return Section(at + found.start, at + found.end, moved(found.key, at), _sum(at, found.comment))


class FpmOption(OptionLine):
    """``key = value``, ``key[subscript] = value``, or a key with nothing behind it."""

    statement: Statement

    def __init__(self, statement: Statement) -> None:
        key, value = statement.key, statement.value
        name = statement.text[key.start : key.end] if key else ""
        separator = statement.text[key.end : value.start] if key and value else ""
        self.__dict__.update(statement=statement, line=statement.written, name=name, separator=separator)
        self.__dict__.update(value=value.text if value else None, **_remark(statement))

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


class FpmComment(CommentLine):
    """A comment that shares its physical line, behind a byte order mark or a lone CR; or nothing at all there."""

    statement: Statement

    def __init__(self, statement: Statement) -> None:
        sign = len(statement.text) if statement.comment is None else statement.comment
        comment = statement.text[sign + 1 : statement.end].rstrip("\r\n")
        self.__dict__.update(statement=statement, line=statement.written, comment=comment, separator=";")

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


class FpmRejected(LineType):
    """What Zend's parser refuses, up to the end of the line."""

    statement: Statement

    def __init__(self, statement: Statement) -> None:
        self.__dict__.update(statement=statement, line=statement.written)

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


def _remark(statement: Statement) -> dict[str, object]:
    """iniparse's fields for the comment behind a section or an option."""
    sign = statement.comment
    if sign is None:
        return {"comment": None, "comment_separator": None, "comment_offset": -1}
    comment = statement.text[sign + 1 : statement.end].rstrip("\r\n")
    return {"comment": comment, "comment_separator": ";", "comment_offset": sign - statement.start}


def _sum(at: int, offset: int | None) -> int | None:
    return None if offset is None else at + offset
