"""The text that a template gives a server, as far as it is known before anybody fills it in.

What is unknown is one character, `HOLE`; statements are gone. Everything else is written in the template, and where a
statement decides whether it comes to the server, its place says so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from pgfpmlint.record import NamedTuple
from pgfpmlint.source.excerpt import Excerpt, Stretch
from pgfpmlint.source.text import HOLE, Condition, Place, Source


class Reach(NamedTuple):
    """The characters from ``start`` on, up to the next reach, come to the server where ``condition`` is met."""

    start: int
    condition: Condition


class Fault(NamedTuple):
    """Why the template's own engine refuses it, in words that go on from what stands there, and what to do."""

    offset: int
    says: str
    advice: str


class Template(Excerpt):
    """``outer`` is the template, ``label`` its language. ``wild`` are the offsets of holes that may be whole lines, any
    number of them."""

    __slots__ = ("_edges", "_reaches", "_wild", "fault")

    def __init__(
        self,
        outer: Source,
        label: str,
        text: str,
        stretches: Sequence[Stretch],
        reaches: Sequence[Reach] = (),
        wild: tuple[int, ...] = (),
        fault: Fault | None = None,
    ) -> None:
        super().__init__(outer, label, text, stretches)
        self._reaches = tuple(reaches)
        self._edges = [reach.start for reach in reaches]
        self._wild = wild
        self.fault = fault

    @property
    def is_made(self) -> bool:
        return True

    def rewritten(self, start: int, end: int, text: str) -> tuple[Place, str] | None:
        """Literal text is written as it is read."""
        place = self.surface(start, end)
        same = place.text == self.text[start:end] and HOLE not in place.text
        return self.outer.rewritten(place.start, place.end, text) if same else None

    @property
    def wild(self) -> Sequence[int]:
        return self._wild

    def condition(self, offset: int) -> Condition:
        at = bisect_right(self._edges, offset) - 1
        return self._reaches[at].condition if at >= 0 else ()
