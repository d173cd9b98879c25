"""One file's text, and places in it.

Characters come in once, here. A Source keeps every byte of its file: what is no UTF-8 becomes a lone
surrogate (PEP 383, https://peps.python.org/pep-0383/) and goes out again as the byte it was. Everything that
later points into a file does so with character offsets; lines and columns are worked out when they are printed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from pgfpmlint.record import NamedTuple

HOLE = "\ufdd0"
"""Stands for what a template fills in. Unicode has set the character aside for no text ever to hold."""

FIRST_BYTE = 0xDC00
"""The surrogate that stands for the byte 0, were it no UTF-8."""


class Arm(NamedTuple):
    """One alternative of a template's statement. ``block`` tells the statement, ``number`` which of its ``arms`` it is;
    0 of them where there may be none at all. ``loop``: it may come any number of times."""

    block: str
    number: int
    arms: int
    loop: bool = False


Condition = tuple[Arm, ...]
"""What it takes for text to reach the server, outermost first; empty for text that always does."""


class Source:
    """The text of one file, immutable.

    ``path`` is the path shown to people: relative to the working directory where possible, with ``/``.
    """

    __slots__ = ("_line_starts", "path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._line_starts: list[int] | None = None

    @classmethod
    def from_bytes(cls, path: str, data: bytes) -> Source:
        """Decode ``data`` as UTF-8; other bytes are kept reversibly."""
        return cls(path, data.decode("utf-8", "surrogateescape"))

    @property
    def is_made(self) -> bool:
        """Whether it is what a template becomes: where that will lie, and beside what, nobody knows."""
        return False

    @property
    def wild(self) -> Sequence[int]:
        """Offsets where further lines may stand that nobody knows; only in a template there are any."""
        return ()

    @property
    def identity(self) -> str:
        """What tells it from other sources of the same tree."""
        return self.path

    @property
    def data(self) -> bytes:
        """The file's bytes, exactly as they were read."""
        return self.text.encode("utf-8", "surrogateescape")

    @property
    def line_starts(self) -> list[int]:
        """Offset of each line's first character. Only LF ends a line, as for every server read here."""
        if self._line_starts is None:
            starts = [0]
            find = self.text.find
            at = find("\n")
            while at >= 0:
                starts.append(at + 1)
                at = find("\n", at + 1)
            self._line_starts = starts
        return self._line_starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1; a column counts characters."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """Text of line ``number`` (from 1) without its line end."""
        if number == 1:  # where findings about what a file lacks point: many a run asks for no other line
            return self.text[: self.text.find("\n") + 1 or None].rstrip("\r\n")
        starts = self.line_starts
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def place(self, start: int, end: int) -> Place:
        return Place(self, start, end)

    def surface(self, start: int, end: int) -> Place:
        """Where the characters are written; elsewhere than here only in an excerpt."""
        return Place(self, start, end)

    def is_given(self, offset: int) -> bool:
        """Whether nobody wrote what stands there: in an excerpt, a product may have added it."""
        return False

    def causes(self, start: int, end: int) -> Sequence[tuple[Place, str]]:
        """Places elsewhere that say what stands here, with words on each; only in what was computed."""
        return ()

    def rewritten(self, start: int, end: int, text: str) -> tuple[Place, str] | None:
        """What is to be written, and where, for ``text`` to stand here in the place of these characters; other than
        just that only in an excerpt, and None where it can't be written."""
        return Place(self, start, end), text

    def condition(self, offset: int) -> Condition:
        """What it takes for the character to reach the server; anything only in a template."""
        return ()

    def line_place(self, number: int) -> Place:
        """The place of a whole line (from 1), without indentation, trailing blanks and line end."""
        start = self.line_starts[number - 1] if number > 1 else 0
        text = self.line(number)
        lead = len(text) - len(text.lstrip())
        return Place(self, start + lead, start + max(lead, len(text.rstrip())))

    def line_of(self, offset: int) -> Place:
        """The place of the line that an offset is on, as `line_place`: of an excerpt its own line, where
        `position` counts those of the file that people wrote."""
        return self.line_place(bisect_right(self.line_starts, offset))

    def __repr__(self) -> str:
        return f"Source({self.path!r}, {len(self.text)} characters)"


class Place(NamedTuple):
    """A stretch of one file: ``start`` and ``end`` are character offsets, the end exclusive."""

    source: Source
    start: int
    end: int

    @property
    def path(self) -> str:
        return self.source.path

    @property
    def line(self) -> int:
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.position(self.start)[1]

    @property
    def text(self) -> str:
        """The characters that the place covers."""
        return self.source.text[self.start : self.end]

    @property
    def surface(self) -> Place:
        """The place in the file that people wrote: itself, unless its source is an excerpt of another."""
        return self.source.surface(self.start, self.end)

    @property
    def is_given(self) -> bool:
        """Whether nobody wrote it, for a product adds it of its own."""
        return self.source.is_given(self.start)

    @property
    def condition(self) -> Condition:
        """What it takes for what begins here to reach the server."""
        return self.source.condition(self.start)

    def __repr__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"
