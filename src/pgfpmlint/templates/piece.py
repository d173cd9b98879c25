"""What a template consists of, whatever its language."""

from __future__ import annotations

from pgfpmlint.record import NamedTuple, Protocol

TEXT, HOLE, STATEMENT, COMMENT = "text", "hole", "statement", "comment"

OPENS, TURNS, CLOSES = "opens", "turns", "closes"
"""What a statement does to blocks: begins one, goes on with its next alternative, ends it."""

CHOICE, LOOP, SCOPE, ASIDE, MADE = "choice", "loop", "scope", "aside", "made"
"""What a block does with what is in it: leaves it out or not; repeats it; leaves it as it is; keeps it for elsewhere;
makes something else of it."""


class Piece(NamedTuple):
    """A stretch of a template.

    Of a statement: ``role`` is what it does to blocks, if anything; ``word`` names what it opens or closes (``if``),
    and ``nature`` is that of the block that it opens. ``other`` is set where a turn takes whatever is left (``else``).
    ``before`` and ``after``: the language takes away white space on that side.
    """

    kind: str
    start: int
    end: int
    role: str = ""
    word: str = ""
    nature: str = ""
    other: bool = False
    before: bool = False
    after: bool = False


class Fault(NamedTuple):
    """Where a template can't be read by its own engine, and why, in words that complete ``the template …``."""

    start: int
    end: int
    says: str
    advice: str


class Scan(NamedTuple):
    """The pieces of a template: joined, they are its text. ``sure``: whatever opens or closes blocks was understood."""

    pieces: tuple[Piece, ...]
    faults: tuple[Fault, ...] = ()
    sure: bool = True


class Language(Protocol):
    """A module for each language of templates."""

    LINES: bool
    """Whether white space is taken away up to the line's end only, as ERB does it; else all of it."""

    ENDING: str
    """How a block ends, with ``{}`` for the word that it began with."""

    def scan(self, text: str) -> Scan:
        """Never raises; what can't be read is text, and a fault."""
