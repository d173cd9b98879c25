"""A command written as one text, in words, as Compose and Docker split it: like a shell, without its expansions."""

from __future__ import annotations

from pgfpmlint.manifests.strand import Strand, glue, joined

QUOTES = "'\""
ESCAPED = '"\\$`'


def split(strand: Strand) -> tuple[Strand, ...] | None:
    """The words; None where a quote is not closed."""
    text = strand.text
    found: list[Strand] = []
    parts: list[Strand] | None = None
    at = 0
    while at < len(text):
        sign = text[at]
        if sign in " \t\r\n":
            if parts is not None:
                found.append(joined(parts))
            parts, at = None, at + 1
            continue
        parts = [] if parts is None else parts
        if sign == "'":
            end = text.find("'", at + 1)
            if end < 0:
                return None
            parts.append(strand.cut(at + 1, end) if end > at + 1 else glue("", strand.part(at, at + 2)))
            at = end + 1
        elif sign == '"':
            closed = _double(strand, at + 1, parts)
            if closed is None:
                return None
            at = closed
        elif sign == "\\":
            if at + 1 == len(text):
                return None
            parts.append(strand.cut(at + 1, at + 2))
            at += 2
        else:
            end = at
            while end < len(text) and text[end] not in " \t\r\n\\'\"":
                end += 1
            parts.append(strand.cut(at, end))
            at = end
    if parts is not None:
        found.append(joined(parts))
    return tuple(found)


def _double(strand: Strand, at: int, parts: list[Strand]) -> int | None:
    """Add what stands up to the closing double quote; where it goes on behind that."""
    text, start = strand.text, at
    parts.append(glue("", strand.part(at - 1, at)))
    while at < len(text) and text[at] != '"':
        if text[at] == "\\" and text[at + 1 : at + 2] in ESCAPED and at + 1 < len(text):
            if at > start:
                parts.append(strand.cut(start, at))
            start, at = at + 1, at + 2
        else:
            at += 1
    if at >= len(text):
        return None
    if at > start:
        parts.append(strand.cut(start, at))
    return at + 1
