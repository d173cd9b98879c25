"""Apache httpd's configuration: one directive a line, ``<Section arguments>`` and ``</Section>`` around some of them.

A backslash at the end of a line joins the next one to it, in comments too; ``#`` begins a comment only where a line
begins. Words are cut at blanks, quotes hold them together, and inside of quotes a backslash takes a quote or a
backslash as it is. See ``ap_varbuf_cfg_getline()`` and ``ap_getword_conf()`` in
https://github.com/apache/httpd/blob/2.4.x/server/util.c
"""

from __future__ import annotations

from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Blank, Closing, Comment, Directive, Document, Malformed, Node, Value

KIND = "apache"

_BLANKS = " \t\r\n\v\f"


def parse(source: Source, path: str) -> Document:
    """Tile ``source``. A section whose head does not end is `Malformed`: Apache does not start then."""
    text = source.text
    nodes: list[Node] = []
    at = 0
    while at < len(text):
        end = _line_end(text, at)
        nodes.append(_node(text, at, end))
        at = end
    return Document(KIND, path, source, tuple(nodes))


def _node(text: str, at: int, end: int) -> Node:
    letters = _letters(text, at, end)
    if not letters:
        return Blank(at, end)
    start, last = letters[0], letters[-1] + 1
    if text[start] == "#":
        return Comment(at, end, start)
    if text[start] == "<":
        inner = letters[1:]
        if text[last - 1] != ">":
            return Malformed(at, end, f"{text[start:last].split()[0]}> directive missing closing '>'", start, last)
        if text[inner[0]] == "/":
            return Closing(at, end)
        words = _words(text, inner[:-1])
        if not words:
            return Malformed(at, end, "a section without name", start, last)
        return Directive(at, end, words, last, True)
    words = _words(text, letters)
    return Directive(at, end, words, words[-1].end)


def _letters(text: str, at: int, end: int) -> list[int]:
    """The offsets of what a line holds, lines that a backslash joins taken together, without blanks around it."""
    found: list[int] = []
    while at < end:
        stop = text.find("\n", at, end)
        after = end if stop < 0 else stop + 1
        stop = after if stop < 0 else stop
        if stop > at and text[stop - 1] == "\r":
            stop -= 1
        if stop > at and text[stop - 1] == "\\" and after < len(text) + 1 and after != stop:
            stop -= 1
        found += range(at, stop)
        at = after
    first, last = 0, len(found)
    while first < last and text[found[first]] in _BLANKS:
        first += 1
    while last > first and text[found[last - 1]] in _BLANKS:
        last -= 1
    return found[first:last]


def _words(text: str, letters: list[int]) -> tuple[Value, ...]:
    words: list[Value] = []
    at = 0
    while at < len(letters):
        if text[letters[at]] in _BLANKS:
            at += 1
            continue
        value, at = _word(text, letters, at)
        words.append(value)
    return tuple(words)


def _word(text: str, letters: list[int], at: int) -> tuple[Value, int]:
    quote = text[letters[at]]
    start = at
    kept: list[int] = []
    if quote in "\"'":
        at += 1
        while at < len(letters) and text[letters[at]] != quote:
            if text[letters[at]] == "\\" and at + 1 < len(letters) and text[letters[at + 1]] in ("\\", quote):
                at += 1
            kept.append(letters[at])
            at += 1
        at += 1
    else:
        while at < len(letters) and text[letters[at]] not in _BLANKS:
            kept.append(letters[at])
            at += 1
    at = min(at, len(letters))
    first, last = letters[start], letters[at - 1] + 1
    plain = kept and kept[0] == first and kept[-1] - kept[0] + 1 == len(kept)
    offsets = None if plain else tuple(kept)
    return Value("".join(text[one] for one in kept), first, last, offsets), at


def _line_end(text: str, at: int) -> int:
    """Where the line ends that begins at ``at``, with those that it goes on in."""
    while True:
        end = text.find("\n", at)
        if end < 0:
            return len(text)
        stop = end - 1 if text[end - 1 : end] == "\r" else end
        if text[stop - 1 : stop] != "\\" or stop - 1 < at:
            return end + 1
        at = end + 1
