"""The same files with every value spelt otherwise: other units, quotes, case, blanks, columns and comments.

Each spelling is one that the real server takes for the same value: the recorded answers that say so are named where it
is not plain. What is not certain to be the same (a word that PHP might take for a constant, a list, a path) stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

from pgfpmlint.catalog import pgbouncer, php_fpm
from pgfpmlint.catalog.postgresql import catalog
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.formats import connection_string
from pgfpmlint.model.world import World
from pgfpmlint.syntax.document import Assignment, Document, Field, Record, Section


class Respelt(NamedTuple):
    """The characters from ``start`` to ``end`` are written as ``text``; none are for something put in between."""

    start: int
    end: int
    text: str


class Copy(NamedTuple):
    """A file spelt otherwise."""

    text: str
    changes: tuple[Respelt, ...]

    def now(self, start: int, end: int) -> tuple[int, int] | None:
        """Where what stood there stands now; None for a part of something that was respelt as a whole."""
        if any(at.start < one < at.end for one in (start, end) for at in self.changes):
            return None
        return self._moved(start, start), self._moved(end, end - 1)

    def _moved(self, at: int, until: int) -> int:
        """What is put in between at this very place lies before what begins there, and behind what ends there."""
        return at + sum(
            len(one.text) - (one.end - one.start)
            for one in self.changes
            if one.end <= until or one.start < one.end <= at
        )


def respelt(world: World, files: Mapping[str, str]) -> dict[str, Copy]:
    """By path, those of ``files`` that the world's servers read and that can be spelt otherwise."""
    copies: dict[str, Copy] = {}
    for reading in world.readings:
        for document in reading.documents:
            path, text = document.source.path, document.source.text
            if path in copies or document.kind not in SPELLINGS or files.get(path) != text:
                continue
            changes = sorted(set(SPELLINGS[document.kind](document, reading.version)))
            if changes:
                copies[path] = Copy(_written(text, changes), tuple(changes))
    return copies


def _written(text: str, changes: list[Respelt]) -> str:
    pieces, at = [], 0
    for change in changes:
        assert change.start >= at, "two changes of the same characters"
        pieces += [text[at : change.start], change.text]
        at = change.end
    return "".join([*pieces, text[at:]])


def _assignments(document: Document) -> Iterator[tuple[str, Assignment]]:
    """With the section that each is in."""
    section = ""
    for node in document.statements:
        if isinstance(node, Section):
            section = node.name.text
        elif isinstance(node, Assignment):
            section = section or ""
            yield section, node


def _choice(name: str, *choices: str) -> str:
    """One of several spellings, always the same for a name, so that all are met somewhere in the rule book."""
    return choices[crc32(name.encode("utf-8", "surrogateescape")) % len(choices)]


def _is_plain(text: str, more: str = "") -> bool:
    """A word or a number that means the same with quotes around it and without."""
    return text.isascii() and text != "" and all(sign.isalnum() or sign in "_" + more for sign in text)


# --- postgresql.conf ----------------------------------------------------------------------------------------

SMALLER = {
    "GB": (1024, "MB"),
    "MB": (1024, "kB"),
    "h": (60, "min"),
    "min": (60, "s"),
    "s": (1000, "ms"),
    "d": (24, "h"),
}
"""A unit in the next smaller one."""

TRUE, FALSE = ("on", "true", "yes", "1"), ("off", "false", "no", "0")


def _postgresql(document: Document, version: ServerVersion) -> Iterator[Respelt]:
    text, known = document.source.text, catalog(version)
    for _, node in _assignments(document):
        if node.value is None or text[node.key.start : node.key.end] != node.key.text:
            continue
        yield Respelt(node.start, node.start, "  ")
        if "." not in node.key.text:  # of a setting that no extension knows yet the server keeps the name as written
            yield Respelt(node.key.start, node.key.end, node.key.text.upper())
        if text[node.key.end : node.value.start].strip() == "=":
            yield Respelt(node.key.end, node.value.start, "   ")
        if node.comment is None:
            yield Respelt(node.value.end, node.value.end, " # spelt otherwise")
        setting = known.setting(node.key.text)
        if setting is None:
            continue
        quoted, value = text[node.value.start] == "'", node.value.text
        again = _pg_value(setting.name, setting.type, setting.unit, value)
        if again != value or (_is_plain(value) and (quoted or setting.type != "string")):
            # What was quoted goes bare where the lexer takes it for one token: a word, or digits with letters behind.
            bare = quoted and _is_plain(again)
            yield Respelt(node.value.start, node.value.end, again if bare else f"'{again}'")
        elif _is_plain(value):
            yield Respelt(node.value.start, node.value.end, f"'{value}'")


def _pg_value(name: str, type_: str, unit: str, value: str) -> str:
    """Another spelling of the value, or the same one."""
    lower = value.lower()
    if type_ == "bool" and lower in TRUE + FALSE:
        words = TRUE if lower in TRUE else FALSE
        return _choice(name, *(word for word in words if word != lower)).title()
    if type_ == "enum" and value.isalpha():
        return value.upper()
    digits = value.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ")
    if type_ not in ("integer", "real") or not digits.isdecimal() or digits[0] == "0":
        return value
    written = value[len(digits) :].strip()
    if written in SMALLER and unit:
        factor, smaller = SMALLER[written]
        return f"{int(digits) * factor}{smaller}"
    if not written and unit in ("kB", "MB", "ms", "s", "min"):
        return f"{digits}{unit}"
    if not written and unit == "8kB":
        return f"{int(digits) * 8}kB"
    return value


# --- pg_hba.conf --------------------------------------------------------------------------------------------

KEYWORDS = ("all", "sameuser", "samerole", "samegroup", "replication", "samehost", "samenet")
"""Whose meaning quotes take away (pghba-quoted-all)."""


def _pg_hba(document: Document, version: ServerVersion) -> Iterator[Respelt]:
    text = document.source.text
    continues = version.at_least(14) and not version.assumed and "\r" not in text  # pghba-continuation
    for node in document.statements:
        if not isinstance(node, Record):
            continue
        fields = node.fields
        for number, (left, right) in enumerate(pairwise(fields)):
            between = text[left.end : right.start]
            if between and not between.strip(" \t"):
                yield Respelt(left.end, right.start, " \\\n\t" if continues and number == 1 else "\t ")
        for number, field in enumerate(fields):
            if len(field.values) == 1 and not field.quoted[0]:
                yield from _hba_word(text, field, address=number == 3 and fields[0].values[0].text != "local")
        if node.comment is None:
            yield Respelt(fields[-1].end, fields[-1].end, "  # spelt otherwise")


def _hba_word(text: str, field: Field, *, address: bool) -> Iterator[Respelt]:
    word = text[field.start : field.end]
    if word != field.values[0].text or word in KEYWORDS or not word.isascii():
        return
    if address and "/" in word:
        yield Respelt(field.start, field.end, _masked(word))
    elif _is_plain(word, "-.="):
        yield Respelt(field.start, field.end, f'"{word}"')  # pghba-quoted-part, pghba-opt-quoted


def _masked(word: str) -> str:
    """The address and its mask in columns of their own (pghba-host-mask)."""
    import ipaddress

    try:
        network = ipaddress.ip_network(word, strict=False)
    except ValueError:
        return word
    return f"{word.partition('/')[0]} {network.netmask}"


# --- php-fpm.conf and php.ini -------------------------------------------------------------------------------

PHP_TRUE, PHP_FALSE = ("yes", "on", "true"), ("no", "off", "false")
"""Which of them makes no difference to the INI scanner (fpm-bool-…); case doesn't either."""

SIZES = {"G": (1024, "M"), "M": (1024, "K")}
SIZED = ("memory_limit", "post_max_size", "upload_max_filesize")


def _php_fpm(document: Document, _: ServerVersion) -> Iterator[Respelt]:
    known = php_fpm.load()
    for section, node in _assignments(document):
        name = node.key.text
        if node.subscript is not None:
            type_ = "bool" if name in ("php_flag", "php_admin_flag") else "string"
            name = node.subscript.text
        else:
            directives = known.globals if section.lower() == "global" else known.pool
            type_ = directives[name].type if name in directives else ""
        yield from _ini(document, node, name, type_)


def _php_ini(document: Document, _: ServerVersion) -> Iterator[Respelt]:
    for _section, node in _assignments(document):
        yield from _ini(document, node, node.key.text, "string")


def _ini(document: Document, node: Assignment, name: str, type_: str) -> Iterator[Respelt]:
    text = document.source.text
    value = node.value
    if value is None or value.variables or value.start == value.end:
        return
    before = text.rfind("=", node.key.end, value.start)
    behind = text[value.end : node.end if node.comment is None else node.comment]
    if before < 0 or text[before + 1 : value.start].strip() or behind.strip() or text[node.end - 1 : node.end] != "\n":
        return  # part of a line that PHP does not take as written
    left = len(text[:before].rstrip(" \t"))
    yield Respelt(left, value.start, "=" if value.start - left == 3 else " =   ")
    if node.comment is None:
        yield Respelt(value.end, value.end, " ; spelt otherwise")
    word = text[value.start : value.end]
    again = _ini_value(name, type_, word)
    if again != word:
        yield Respelt(value.start, value.end, again)


def _ini_value(name: str, type_: str, word: str) -> str:
    lower = word.lower()
    for words in (PHP_TRUE, PHP_FALSE):
        if lower in words:
            return _choice(name, *(other for other in words if other != lower)).upper()
    if type_ == "time" and word[:-1].isdecimal() and word[-1] == "m":
        return f"{int(word[:-1]) * 60}s"
    if type_ == "time" and word.isdecimal():
        return f"{word}s" if int(word) % 60 or word == "0" else f"{int(word) // 60}m"
    if type_ == "time" and word[:-1].isdecimal() and word[-1] == "s":
        return word[:-1]
    if type_ == "enum" and word.isalpha():
        return word.title()
    if name in SIZED and word[:-1].isdecimal() and word[-1].upper() in SIZES:
        factor, unit = SIZES[word[-1].upper()]
        return f"{int(word[:-1]) * factor}{unit.lower()}"
    if type_ in ("string", "int") and _is_plain(word, "./:-") and not word.isupper() and word not in ("none", "null"):
        return f'"{word}"'
    if word[:1] == word[-1:] == '"' and _is_plain(word[1:-1], "./:-") and word[1:-1].isdecimal():
        return word[1:-1]
    return word


# --- pgbouncer.ini ------------------------------------------------------------------------------------------


def _pgbouncer(document: Document, version: ServerVersion) -> Iterator[Respelt]:
    text, known = document.source.text, pgbouncer.load().parameters
    for section, node in _assignments(document):
        value = node.value
        if value is None or not value.text:
            continue
        between = text[node.key.end : value.start]
        if between.strip(" \t") == "=":
            yield Respelt(node.key.end, value.start, "=" if between == " = " else " =\t ")
        if text[node.start : node.key.start] == "":
            yield Respelt(node.start, node.start, "  ")
        if section == "pgbouncer" and node.key.text in known:
            again = _pooler_value(known[node.key.text].type, value.text)
            if again != value.text and text[value.start : value.end] == value.text:
                yield Respelt(value.start, value.end, again)
        elif section in ("databases", "users", "peers"):
            found = connection_string.parse(text[value.start : value.end], value.start)
            if found.broken is None:
                for pair in found.pairs:
                    if _is_plain(pair.value.text, ".-/_,*"):
                        again = pair.value.text if pair.quoted else f"'{pair.value.text}'"
                        yield Respelt(pair.value.start, pair.value.end, again)


def _pooler_value(type_: str, value: str) -> str:
    """C's base 0 takes hexadecimal digits, strtod() a fraction, and the words of an enum may have any case."""
    if type_ in ("int", "uint") and value.isdecimal() and value[0] != "0":
        return hex(int(value))
    if type_ == "seconds" and value.isdecimal() and value[0] != "0":
        return f"{value}.0"
    return value.upper() if type_ == "enum" and value.isalpha() else value


SPELLINGS: Mapping[str, Callable[[Document, ServerVersion], Iterator[Respelt]]] = {
    "postgresql.conf": _postgresql,
    "pg_hba.conf": _pg_hba,
    "php-fpm": _php_fpm,
    "php.ini": _php_ini,
    "pgbouncer.ini": _pgbouncer,
}
