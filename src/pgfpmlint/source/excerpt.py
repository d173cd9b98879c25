"""Text that a server is given out of another file: a block of a manifest, a parameter of a list.

An excerpt is read like any file. Each stretch of it knows where it is written, so that what is found in it is shown
where people wrote it; each piece of it knows how it is written, so that it can be mended there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from pgfpmlint.record import NamedTuple, Protocol
from pgfpmlint.source.text import Place, Source


class Stretch(NamedTuple):
    """The characters of an excerpt from ``start`` on, up to the next stretch. They are the outer text's from ``begin``
    on, character by character, or, where there is an ``until``, all of them together are its ``begin:until``.
    ``given``: nobody wrote them there, a product adds them. An ``outer`` of its own has what comes from another file
    than the rest."""

    start: int
    begin: int
    until: int | None = None
    given: bool = False
    outer: Source | None = None


class Rewrite(NamedTuple):
    """``begin:until`` of the outer text become ``text``."""

    begin: int
    until: int
    text: str


class Writing(Protocol):
    """How a piece of an excerpt is written in the outer file: indented, quoted, escaped."""

    def rewritten(self, start: int, end: int, text: str) -> Rewrite | None:
        """What makes the piece's characters ``start:end`` (from its own first one on) ``text``, and leaves its others
        as they are; None where they can't be written so."""


class Piece(NamedTuple):
    """The characters ``start:end`` of an excerpt, which can be changed. Where several of them hold what is to be
    changed, the first that can do it does."""

    start: int
    end: int
    writing: Writing


class Excerpt(Source):
    """``text`` as the server gets it. ``outer`` is the file that it is written in, whose path it bears; ``label`` tells
    it from others of the same file. The first of ``stretches`` starts at 0, the others in order. What lies in none of
    ``pieces`` can't be changed: nobody wrote it, or we don't know how."""

    __slots__ = ("_begins", "_pieces", "_stretches", "label", "outer")

    def __init__(
        self, outer: Source, label: str, text: str, stretches: Sequence[Stretch], pieces: Sequence[Piece] = ()
    ) -> None:
        super().__init__(outer.path, text)
        self.outer = outer
        self.label = label
        self._pieces = tuple(pieces)
        self._stretches = tuple(stretches) or (Stretch(0, 0, 0),)
        self._begins = [stretch.start for stretch in self._stretches]

    @property
    def identity(self) -> str:
        return f"{self.path}#{self.label}"

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column in the file that people wrote, both from 1."""
        place = self.surface(offset, offset)
        return place.source.position(place.start)

    def surface(self, start: int, end: int) -> Place:
        outer, begin, until = self._written(start, end)
        return outer.surface(begin, until)

    def causes(self, start: int, end: int) -> Sequence[tuple[Place, str]]:
        outer, begin, until = self._written(start, end)
        return outer.causes(begin, until)

    def _written(self, start: int, end: int) -> tuple[Source, int, int]:
        """Where it is written, and in which outer file."""
        first = self._at(start)
        begin = first.begin if first.until is not None else first.begin + start - first.start
        last = self._at(max(start, end - 1))
        if last.outer is not first.outer:
            last, end = first, start + 1
        until = last.until if last.until is not None else last.begin + end - last.start
        if until < begin:  # what an alias stands for is written further up
            until = self._end(first)
        return first.outer or self.outer, begin, max(begin, until)

    def as_given(self) -> Excerpt:
        """The same, as if nobody had written any of it."""
        stretches = [one._replace(given=True) for one in self._stretches]
        return Excerpt(self.outer, f"{self.label}, again", self.text, stretches)

    def is_given(self, offset: int) -> bool:
        return self._at(offset).given

    def rewritten(self, start: int, end: int, text: str) -> tuple[Place, str] | None:
        held = [piece for piece in self._pieces if piece.start <= start and end <= piece.end]
        for piece in held:
            change = piece.writing.rewritten(start - piece.start, end - piece.start, text)
            if change is not None:
                return self.outer.rewritten(*change)
        return None if held else self._word_for_word(start, end, text)

    def _word_for_word(self, start: int, end: int, text: str) -> tuple[Place, str] | None:
        """Where nobody says how it is written: a word of letters and digits that the outer text has sign by sign, and
        another in its place. Neither needs quotes, and no number becomes a word."""
        old = self.text[start:end]
        if len(old) > 1 and old[0] == old[-1] == "'":
            start, end, old = start + 1, end - 1, old[1:-1]
            text = text.removeprefix("'").removesuffix("'")
        first = self._at(start)
        if first.given or first.until is not None or first is not self._at(max(start, end - 1)):
            return None
        outer, begin = first.outer or self.outer, first.begin + start - first.start
        alike = old.isalnum() and text.isalnum() and f"{old}{text}".isascii() and old.isdigit() == text.isdigit()
        is_there = outer.text[begin : begin + len(old)] == old
        return outer.rewritten(begin, begin + len(old), text) if alike and is_there else None

    def _at(self, offset: int) -> Stretch:
        return self._stretches[max(0, bisect_right(self._begins, offset) - 1)]

    def _end(self, one: Stretch) -> int:
        """Where the last character of a stretch is written."""
        following = bisect_right(self._begins, one.start)
        end = self._begins[following] if following < len(self._begins) else len(self.text)
        return one.until if one.until is not None else one.begin + end - one.start
