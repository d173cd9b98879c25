"""What is left of the white space between the pieces of a template, and which statements stand alone on their lines.

A language may take white space away beside a tag (``{%- if x -%}``). Where a line's end is left between two pieces of
text all the same, the lines stay as they are written: empty ones mean nothing to a server.
"""

from __future__ import annotations

from pgfpmlint.record import NamedTuple
from pgfpmlint.templates.piece import HOLE, TEXT, Piece, Scan

CLEAN, SIGN, DIRTY = "clean", "sign", "dirty"
"""What is on a line before something: nothing, a comment's sign, anything else."""


class Blank(NamedTuple):
    """White space at an edge of the piece ``number``; ``left`` is what the language leaves of it, ``kept`` what is
    read."""

    number: int
    start: int
    end: int
    left: tuple[int, int]
    kept: tuple[int, int]


class Spacing(NamedTuple):
    """``lead`` and ``trail`` are the white space at the edges of the text pieces; of one that is nothing else it is all
    in ``lead``. ``before`` and ``after`` tell of every other piece what is on its line."""

    lead: dict[int, Blank]
    trail: dict[int, Blank]
    before: dict[int, str]
    after: dict[int, str]

    def is_alone(self, number: int) -> bool:
        """Whether a piece has its line for itself."""
        return self.before[number] == CLEAN and self.after[number] == CLEAN

    def ends_lines(self, text: str, first: int, last: int) -> bool:
        """Whether the pieces from ``first`` up to ``last`` begin or end with a line's end, for one comes after the
        other: each time that they are repeated."""
        leads = [self.lead[number] for number in (first, last - 1) if number in self.lead]
        edges = [*leads, *([self.trail[last - 1]] if last - 1 in self.trail else [])]
        return any("\n" in text[blank.left[0] : blank.left[1]] for blank in edges)


def spacing(text: str, scan: Scan, lines: bool) -> Spacing:
    """``lines``: the language takes white space away up to the line's end only."""
    lead: dict[int, Blank] = {}
    trail: dict[int, Blank] = {}
    gap: list[tuple[dict[int, Blank], Blank]] = []
    first = True
    for number, piece in enumerate(scan.pieces):
        if piece.kind == HOLE:
            _settle(text, gap, first)
            gap, first = [], False
        elif piece.kind == TEXT:
            inner = text[piece.start : piece.end]
            start = piece.end - len(inner.lstrip()) if inner.strip() else piece.end
            end = piece.start + len(inner.rstrip()) if inner.strip() else piece.end
            if start > piece.start:
                gap.append((lead, _blank(text, scan, number, piece.start, start, lines)))
            if inner.strip():
                _settle(text, gap, first)
                gap, first = [], False
                if end < piece.end:
                    gap.append((trail, _blank(text, scan, number, end, piece.end, lines)))
    _settle(text, gap, True)
    return Spacing(lead, trail, *_sides(text, scan, lead, trail))


def _blank(text: str, scan: Scan, number: int, start: int, end: int, lines: bool) -> Blank:
    piece = scan.pieces[number]
    first, last = start, end
    if start == piece.start and number and scan.pieces[number - 1].after:
        first = end if not lines else start + (text.startswith("\n", start) or 2 * text.startswith("\r\n", start))
    if end == piece.end and number + 1 < len(scan.pieces) and scan.pieces[number + 1].before:
        last = max(first, start + len(text[start:end].rstrip(" \t"))) if lines else first
    return Blank(number, start, end, (first, max(first, last)), (start, end))


def _settle(text: str, gap: list[tuple[dict[int, Blank], Blank]], edge: bool) -> None:
    joined = not edge and not any("\n" in text[blank.left[0] : blank.left[1]] for _, blank in gap)
    for where, blank in gap:
        where[blank.number] = blank._replace(kept=blank.left) if joined else blank


def _sides(
    text: str, scan: Scan, lead: dict[int, Blank], trail: dict[int, Blank]
) -> tuple[dict[int, str], dict[int, str]]:
    """What is on the line before each piece, and behind it."""
    before: dict[int, str] = {}
    after: dict[int, str] = {}
    state = CLEAN
    for number, piece in enumerate(scan.pieces):
        before[number] = state
        if piece.kind == HOLE:
            state = DIRTY
        elif piece.kind == TEXT:
            state = _behind(_kept(text, number, piece, lead, trail), state)
    state = CLEAN
    for number in range(len(scan.pieces) - 1, -1, -1):
        piece = scan.pieces[number]
        after[number] = state
        if piece.kind == HOLE:
            state = DIRTY
        elif piece.kind == TEXT:
            line, end, _ = _kept(text, number, piece, lead, trail).partition("\n")
            state = DIRTY if line.strip() else CLEAN if end else state
    return before, after


def _behind(kept: str, state: str) -> str:
    _, end, line = kept.rpartition("\n")
    words = line.strip()
    if not words:
        return CLEAN if end else state
    if not words.strip("#;") and (end or state == CLEAN):
        return SIGN
    return DIRTY


def _kept(text: str, number: int, piece: Piece, lead: dict[int, Blank], trail: dict[int, Blank]) -> str:
    start, end = extent(number, piece, lead, trail)
    return text[start:end]


def extent(number: int, piece: Piece, lead: dict[int, Blank], trail: dict[int, Blank]) -> tuple[int, int]:
    """What is left of a piece of text. A language takes from its edges only."""
    start, end = piece.start, piece.end
    if number in lead:
        blank = lead[number]
        start = blank.kept[0] if blank.end == piece.end else blank.end - (blank.kept[1] - blank.kept[0])
        end = blank.kept[1] if blank.end == piece.end else end
    if number in trail:
        end = trail[number].kept[1]
    return start, end
