"""odyssey.conf: words and blocks in braces, without any sign where a directive ends.

A directive is its name and the values behind it: strings in double quotes, numbers, ``yes``, ``no`` and ``default``.
Rules of users may add an address and a kind of connection. See ``sources/cfg/scan.l`` and ``parse.y`` of
https://github.com/yandex/odyssey, and before 1.5 ``sources/parser.h``.
"""

from __future__ import annotations

import re

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.formats.line_tail import line_end, tail
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Blank, Closing, Comment, Directive, Document, Malformed, Node, Value

KIND = "odyssey.conf"

WORDS = frozenset({"yes", "no", "default"})
"""Values that are written without quotes."""

CONNECTIONS = frozenset({"host", "hostssl", "hostnossl", "local"})
"""Kinds of connections that may stand behind the name of a user or a group."""

PAIRS = frozenset({"options", "backend_startup_options"})
"""Blocks of names and values, both in quotes."""

_STRING = re.compile(r'"(?:\\.|[^"\\])*"', re.S)
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NUMBER = re.compile(r"-?[0-9]+(?:[kKmMgG][bB]?|[bB])?(?![A-Za-z0-9_])")


def parse(source: Source, path: str, version: ServerVersion) -> Document:
    """See `pgfpmlint.formats.Format`. What can't be read becomes one `Malformed` up to the end of the file."""
    text = source.text
    nodes: list[Node] = []
    blocks: list[str] = []
    at = 0
    while at < len(text):
        node = _node(text, at, blocks)
        nodes.append(node)
        if isinstance(node, Directive) and node.opens:
            blocks.append(node.words[0].text.lower())
        elif isinstance(node, Closing):
            blocks.pop()
        at = node.end
    return Document(KIND, path, source, tuple(nodes))


def _node(text: str, at: int, blocks: list[str]) -> Node:
    """The node that begins at ``at``, with the blanks before it; ``blocks`` are those around it, outermost first."""
    start = at
    while start < len(text) and text[start] in " \t\r\n":
        start += 1
        if text[start - 1] == "\n":
            return Blank(at, start)
    if start == len(text):
        return Blank(at, start)
    if text[start] == "#":
        return Comment(at, line_end(text, start), start)
    if text[start] == "}" and blocks:
        return Closing(at, *tail(text, start + 1))
    name = _WORD.match(text, start)
    if name is not None:
        words = [Value(name[0], start, name.end())]
    elif blocks and blocks[-1] in PAIRS and (string := _STRING.match(text, start)) is not None:
        words = [_unescaped(text, start, string.end())]
    else:
        return _broken(text, at, start)
    while True:
        start = _skip(text, words[-1].end)
        if text[start : start + 1] == "{":
            end, comment = tail(text, start + 1)
            return Directive(at, end, tuple(words), words[-1].end, True, comment)
        value = _value(text, start, words)
        if value is None:
            break
        words.append(value)
    end, comment = tail(text, words[-1].end)
    return Directive(at, end, tuple(words), words[-1].end, False, comment)


def _value(text: str, start: int, before: list[Value]) -> Value | None:
    """The value at ``start``; None where the next directive begins, or what is none at all."""
    sign = text[start : start + 1]
    if sign == '"':
        string = _STRING.match(text, start)
        return _unescaped(text, start, string.end()) if string is not None else None
    number = _NUMBER.match(text, start)
    if number is not None:
        return Value(number[0], start, number.end())
    word = _WORD.match(text, start)
    if word is None:
        return None
    kind = before[0].text.lower() in ("user", "group") and word[0].lower() in CONNECTIONS and len(before) > 1
    return Value(word[0], start, word.end()) if kind or word[0].lower() in WORDS else None


def _unescaped(text: str, start: int, end: int) -> Value:
    """A string between its quotes; of the escapes only the quote's is undone, as log_format holds others."""
    plain: list[str] = []
    offsets: list[int] = []
    at = start + 1
    while at < end - 1:
        offsets.append(at)
        at += text.startswith('\\"', at)
        plain.append(text[at])
        at += 1
    return Value("".join(plain), start, end, tuple(offsets))


def _broken(text: str, at: int, start: int) -> Malformed:
    sign = text[start]
    if sign == '"':
        says = "a string that no directive stands before" if _STRING.match(text, start) else "a string that never ends"
    else:
        says = "a number that no directive stands before" if sign.isdigit() else f"unexpected character '{sign}'"
    return Malformed(at, len(text), says, start, start + 1)


def _skip(text: str, at: int) -> int:
    """Past blanks and comments."""
    while at < len(text):
        if text[at] == "#":
            at = line_end(text, at)
        elif text[at] in " \t\r\n":
            at += 1
        else:
            break
    return at
