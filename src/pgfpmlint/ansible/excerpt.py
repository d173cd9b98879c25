"""A rendered file: its text, and where each of its characters comes from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from pgfpmlint.ansible.worth import Cause
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.excerpt import Excerpt, Stretch
from pgfpmlint.source.text import Place, Source


class Origin(NamedTuple):
    """The characters from ``start`` on, up to the next origin, come from ``place``: character by character if
    ``literal``. ``causes`` are lines elsewhere that they follow from; ``given``: nobody wrote them."""

    start: int
    place: Place
    literal: bool
    causes: tuple[Cause, ...] = ()
    given: bool = False


class RenderedText(Excerpt):
    """``text`` as a server gets it. ``outer`` is the template, or what stands for it; its origins may lie in several
    files. Unless ``whole``, it is a template still, for what nobody knows is left as it is written."""

    __slots__ = ("_origins", "_starts", "whole")

    def __init__(self, outer: Source, label: str, text: str, origins: Sequence[Origin], *, whole: bool = True) -> None:
        super().__init__(outer, label, text, [Stretch(0, 0, 0)])
        self.whole = whole
        self._origins = tuple(origins) or (Origin(0, Place(outer, 0, 0), True),)
        self._starts = [origin.start for origin in self._origins]

    def surface(self, start: int, end: int) -> Place:
        first, last = self._from(start), self._from(max(start, end - 1))
        begin = first.place.start + (start - first.start if first.literal else 0)
        if last.place.source is not first.place.source:
            return first.place.surface
        until = last.place.start + end - last.start if last.literal else last.place.end
        return Place(first.place.source, begin, max(begin, until)).surface

    def causes(self, start: int, end: int) -> Sequence[tuple[Place, str]]:
        first = max(0, bisect_right(self._starts, start) - 1)
        found: dict[Cause, None] = {}
        for origin in self._origins[first:]:
            if origin.start >= max(end, start + 1):
                break
            found.update(dict.fromkeys(origin.causes))
        return [(cause.place, cause.words) for cause in found]

    def is_given(self, offset: int) -> bool:
        return self._from(offset).given

    def rewritten(self, start: int, end: int, text: str) -> tuple[Place, str] | None:
        """What nobody computed is changed where it is written."""
        first, last = self._from(start), self._from(max(start, end - 1))
        if first is not last or not first.literal or "{" in text:
            return None
        begin = first.place.start + start - first.start
        return first.place.source.rewritten(begin, begin + end - start, text)

    def _from(self, offset: int) -> Origin:
        return self._origins[max(0, bisect_right(self._starts, offset) - 1)]
