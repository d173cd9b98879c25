"""What a scalar of YAML holds, with where each character of it is written.

How YAML takes a value from what is written is https://yaml.org/spec/1.2.2/, chapters 7 and 8; a loader gives the value,
and this finds it again in the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pgfpmlint.manifests.writing import Scalar
from pgfpmlint.source.excerpt import Excerpt, Piece, Stretch
from pgfpmlint.source.text import Source

ESCAPED = {"x": 2, "u": 4, "U": 8}
"""Hexadecimal digits after the letter of an escape; other escapes are one character (5.7)."""

FOLDED = " \t\r\n"


def extent(text: str, node: Any) -> tuple[int, int]:
    """Where a node is written: without an anchor or a tag before it (6.9), and without the line ends after a block."""
    start, end = node.start_mark.index, node.end_mark.index
    while text[start : start + 1] in ("&", "!") and start < end:
        while start < end and text[start] not in FOLDED:
            start += 1
        while start < end and text[start] in FOLDED:
            start += 1
    while end > start and text[end - 1] in FOLDED:
        end -= 1
    return start, end


def excerpt(source: Source, node: Any, label: str) -> Excerpt:
    """The value of a scalar ``node`` of ruamel.yaml's, composed from ``source``."""
    found = stretches(source.text, node)
    return Excerpt(source, label, node.value, found, [Piece(0, len(node.value), writing(source.text, node, found))])


def writing(text: str, node: Any, found: Sequence[Stretch] | None = None) -> Scalar:
    """How the value of ``node`` is changed; ``found`` are its stretches."""
    return Scalar(text, node, *extent(text, node), stretches(text, node) if found is None else found)


def stretches(text: str, node: Any) -> list[Stretch]:
    """Where ``node.value`` is written. What can't be told apart (a folded text with blanks of its own) is all of the
    scalar."""
    start, end = extent(text, node)[0], node.end_mark.index
    found = list(_literal(text, node, start) if node.style == "|" else _flowing(text, node, start, end))
    return _merged(found) if found else [Stretch(0, start, end)]


def _literal(text: str, node: Any, start: int) -> Iterator[Stretch]:
    """Line by line: each is written with the block's indentation before it (8.1.2)."""
    at, begin = 0, text.find("\n", start) + 1
    for line in node.value.split("\n"):
        end = text.find("\n", begin)
        end = len(text) if end < 0 else end
        written = text[begin:end].rstrip("\r")
        lead = len(written) - len(line)
        if at < len(node.value):
            yield Stretch(at, begin + lead)
        at += len(line) + 1
        begin = end + 1


def _flowing(text: str, node: Any, start: int, end: int) -> Iterator[Stretch]:
    """Character by character: line ends and what is indented fold (6.5), quotes and escapes stand for one."""
    if node.style in ("'", '"'):
        start, end = start + 1, end - 1
    elif node.style == ">":
        start = text.find("\n", start) + 1
    found: list[Stretch] = []
    at = start
    for number, sign in enumerate(node.value):
        at = _passing_folds(text, at, end, sign, escapes=node.style == '"')
        written = text[at : at + 1] if at < end else ""
        if written == "\\" and node.style == '"':
            length = 2 + ESCAPED.get(text[at + 1], 0)
        elif written == sign:
            length = 2 if sign == "'" == node.style else 1
        elif sign in " \n" and at > start and text[at - 1] in FOLDED:
            length, at = 1, at - 1  # a line end that stands for a blank, and has been passed over
        else:
            return
        found.append(Stretch(number, at, None if length == 1 else at + length))
        at += length
    yield from found


def _passing_folds(text: str, at: int, end: int, sign: str, *, escapes: bool) -> int:
    """From ``at`` on, past line ends and indentation that are no part of the value, which goes on with ``sign``."""
    while at < end:
        if escapes and text.startswith("\\\n", at):
            at += 2
        elif text[at] in FOLDED and text[at] != sign:
            at += 1
        else:
            break
    return at


def _merged(found: list[Stretch]) -> list[Stretch]:
    """Without those that go on where the one before them does."""
    kept: list[Stretch] = []
    for one in found:
        last = kept[-1] if kept else None
        goes_on = last is not None and last.until is None and last.begin + one.start - last.start == one.begin
        if not (goes_on and one.until is None):
            kept.append(one)
    return kept
