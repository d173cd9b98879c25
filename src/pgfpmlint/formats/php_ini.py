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
from pgfpmlint.syntax.document import Assignment, Blank, Comment, Document, Malformed, Node, Section, Value

_LABEL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")
_PLAIN = _LABEL | frozenset("/,:@%+*<>")
_TRUE, _FALSE = ("on", "yes", "true"), ("off", "no", "false", "none", "null")


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
            simple = _simple(line, start)
            if simple is not None:
                nodes.append(simple)
            else:
                if _runs_on(line, version):
                    end = size
                    line = text[start:end]
                nodes += _nodes(line, start, version)
        start = end
    return Document("php.ini", path, source, tuple(nodes))


def _simple(line: str, at: int) -> Assignment | None:
    """What nearly every line says, without the scanner: a name, ``=`` and one plain word or nothing. A word that begins
    with a capital may be a constant, which is the scanner's to tell."""
    written, sign, rest = line.partition("=")
    name, word = written.strip(" \t"), rest.strip(" \t\r\n")
    lower = word.lower()
    if not sign or not name or name[0] == ";" or not _LABEL.issuperset(name) or not _PLAIN.issuperset(word):
        return None
    if name.lower() in _TRUE or name.lower() in _FALSE or rest.count("\r") > rest.endswith("\r\n"):
        return None
    start = at + len(written) - len(written.lstrip(" \t"))
    begin = at + len(written) + 1 + (len(rest) - len(rest.lstrip(" \t")) if word else 0)
    if lower in _TRUE or lower in _FALSE:
        text = "1" if lower in _TRUE else ""
        value = Value(text, begin, begin + len(word), (begin,) * len(text))
    elif word[:1].isalpha() and (word[0].isupper() or word[0] in "tyfon"):
        return None
    else:
        value = Value(word, begin, begin + len(word))
    return Assignment(at, at + len(line), Value(name, start, start + len(name)), value)


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
