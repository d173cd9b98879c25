"""php.ini and the files of its conf.d, in the words of syntax/.

The same language as php-fpm.conf's, but read as a whole: a quoted value may span lines
(https://github.com/php/php-src/blob/master/Zend/zend_ini_scanner.l). Most lines end what they begin, so each is tried
alone first; where one leaves a quote open, the rest of the file is read in one go.
"""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.formats.zend_ini import ERROR, NOTHING, SECTION, Statement, moved, statements
from pgfpmlint.formats.zend_scanner import Scanner
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Assignment, Blank, Comment, Document, Malformed, Node, Section


def parse(source: Source, path: str, version: ServerVersion) -> Document:
    """Tile ``source`` as PHP of that version reads it."""
    text = source.text
    nodes: list[Node] = []
    start, size, find = 0, len(text), text.find
    plain = "\n" if "\r" in text else "\n;"  # a lone CR ends a comment
    while start < size:
        end = find("\n", start) + 1 or size
        if text[start] not in plain:
            line = text[start:end]
            if _runs_on(line, version):
                end = size
                line = text[start:end]
            nodes += _nodes(line, start, version)
        start = end
    return Document("php.ini", path, source, tuple(nodes))


def _runs_on(line: str, version: ServerVersion) -> bool:
    """Whether the line leaves something open that a later one may close."""
    if "'" not in line and '"' not in line and "${" not in line:
        return False
    return Scanner(line, version).leaves_open()


def _nodes(text: str, at: int, version: ServerVersion) -> list[Node]:
    body = text.lstrip(" \t")
    inner = body.rstrip("\r\n")
    if not inner:
        return [Blank(at, at + len(text))]
    if inner[0] == ";" and "\r" not in inner:
        return [Comment(at, at + len(text), at + len(text) - len(body))]
    return [_node(found, at) for found in statements(text, version)] or [Blank(at, at + len(text))]


def _node(found: Statement, at: int) -> Node:
    start, end = at + found.start, at + found.end
    comment = None if found.comment is None else at + found.comment
    if found.kind == NOTHING:
        return Blank(start, end) if comment is None else Comment(start, end, comment)
    if found.kind == ERROR or found.key is None:
        return Malformed(start, end, found.says, at + found.at, at + found.until)
    key = moved(found.key, at)
    if found.kind == SECTION:
        return Section(start, end, key, comment)
    value = None if found.value is None else moved(found.value, at)
    subscript = None if found.subscript is None else moved(found.subscript, at)
    return Assignment(start, end, key, value, subscript, comment)
