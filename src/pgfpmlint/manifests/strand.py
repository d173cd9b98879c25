"""A stretch of text that knows where each character of it is written, and an excerpt made of many.

Manifests give a server its values in strands: a word of a command, the default of a variable, a scalar of another file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any

from pgfpmlint.manifests.scalar import stretches
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.excerpt import Excerpt, Stretch
from pgfpmlint.source.text import Place, Source


class Strand(NamedTuple):
    """``text``, of which each stretch is written somewhere in ``source`` or in an outer source of its own."""

    text: str
    source: Source
    stretches: tuple[Stretch, ...]

    @property
    def place(self) -> Place:
        """Where all of it is written."""
        return self.part(0, len(self.text)) if self.text else self._surface(0, 0)

    def part(self, start: int, end: int) -> Place:
        """Where the characters from ``start`` to ``end`` are written."""
        return self._surface(start, end)

    def cut(self, start: int, end: int | None = None) -> Strand:
        """The strand from ``start`` to ``end``."""
        end = len(self.text) if end is None else end
        first = max(0, bisect_right([one.start for one in self.stretches], start) - 1)
        found: list[Stretch] = []
        for one in self.stretches[first:]:
            if one.start >= end and found:
                break
            ahead = max(0, start - one.start)
            begin = one.begin if one.until is not None else one.begin + ahead
            found.append(one._replace(start=max(0, one.start - start), begin=begin))
        return Strand(self.text[start:end], self.source, tuple(found))

    @property
    def is_open(self) -> bool:
        """Whether a variable stands in it that nothing here gives a value."""
        return "${" in self.text

    def _surface(self, start: int, end: int) -> Place:
        return Excerpt(self.source, "", self.text, self.stretches).surface(start, end)


def of_node(source: Source, node: Any) -> Strand:
    """What a scalar of YAML holds."""
    return Strand(str(node.value), source, tuple(stretches(source.text, node)))


def glue(text: str, place: Place) -> Strand:
    """``text`` that belongs to what is written at ``place``, where findings in it are shown: the name of a setting
    whose value a variable gives."""
    return Strand(text, place.source, (Stretch(0, place.start, place.end),))


def given(text: str, place: Place) -> Strand:
    """``text`` that nobody wrote and that an image adds, shown at ``place``."""
    return Strand(text, place.source, (Stretch(0, place.start, place.end, given=True),))


def joined(strands: Iterable[Strand]) -> Strand:
    """One behind the other; there must be one at least."""
    listed = list(strands)
    source = listed[0].source
    text: list[str] = []
    found: list[Stretch] = []
    length = 0
    for strand in listed:
        if strand.text:
            for one in strand.stretches:
                outer = one.outer or strand.source
                found.append(one._replace(start=one.start + length, outer=None if outer is source else outer))
            text.append(strand.text)
            length += len(strand.text)
    return Strand("".join(text), source, tuple(found) or listed[0].stretches)


def sheet(label: str, strands: Sequence[Strand]) -> Excerpt:
    """A server's file made of strands; it bears the path of the first one's source."""
    whole = joined(strands)
    return Excerpt(whole.source, label, whole.text, whole.stretches)


def is_wholly_given(source: Source) -> bool:
    """Whether nobody wrote any of it."""
    return isinstance(source, Excerpt) and all(map(source.is_given, source.line_starts[:-1] or [0]))


def repeated(source: Source) -> Excerpt:
    """The same text at the same places, as if nobody had written it."""
    if isinstance(source, Excerpt):
        return source.as_given()
    return Excerpt(source, "again", source.text, [Stretch(0, 0, given=True)])
