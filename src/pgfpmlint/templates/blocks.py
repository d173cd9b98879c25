"""The blocks of a template: which statements belong together, and where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pgfpmlint.record import NamedTuple
from pgfpmlint.templates.piece import ASIDE, CHOICE, CLOSES, LOOP, MADE, OPENS, SCOPE, TURNS, Fault, Piece, Scan


class Block(NamedTuple):
    """``opener``, ``turns`` and ``closer`` are indexes of pieces; a block that nothing closes ends behind the last."""

    opener: int
    turns: tuple[int, ...]
    closer: int
    nature: str
    whole: bool

    @property
    def arms(self) -> list[tuple[int, int]]:
        """The alternatives, each from one piece up to another; of ``case`` what stands before the first is none."""
        edges = [self.opener, *self.turns, self.closer]
        return [(first + 1, last) for first, last in pairwise(edges)]


class Structure(NamedTuple):
    """``blocks`` by their openers. ``sure``: every statement that opens or closes something has been matched."""

    blocks: dict[int, Block]
    faults: tuple[Fault, ...]
    sure: bool


def structure(text: str, scan: Scan, ending: str) -> Structure:
    """Match the statements of ``scan``. Where not all of them are understood, nothing is objected to. ``ending`` is how
    a block ends, with ``{}`` for its word."""
    blocks: dict[int, Block] = {}
    faults: list[Fault] = list(scan.faults)
    open_: list[tuple[int, list[int]]] = []
    pieces = scan.pieces
    for at, piece in enumerate(pieces):
        if piece.role == OPENS:
            open_.append((at, []))
        elif piece.role == TURNS:
            if open_:
                opener, turns = open_[-1]
                last = pieces[turns[-1]] if turns else pieces[opener]
                if last.other or not _goes_on(pieces[opener], piece):
                    faults.append(
                        _fault(piece, f"can't go on behind {_shown(text, last)}", f"remove {_shown(text, piece)}")
                    )
                turns.append(at)
            else:
                faults.append(_fault(piece, "stands outside of any block", f"remove {_shown(text, piece)}"))
        elif piece.role == CLOSES:
            if not open_:
                faults.append(_fault(piece, "ends a block that nothing opens", f"remove {_shown(text, piece)}"))
                continue
            opener, turns = open_[-1]
            if not _fits(pieces[opener], piece):
                what = (
                    f"comes where {_shown(text, pieces[opener])} of line {_line(text, pieces[opener])} is to be ended"
                )
                faults.append(_fault(piece, what, f"write {ending.replace('{}', pieces[opener].word)} before it"))
                continue
            open_.pop()
            blocks[opener] = _block(pieces, opener, turns, at)
    for opener, turns in open_:
        advice = f"write {ending.replace('{}', pieces[opener].word)} where the block ends"
        faults.append(_fault(pieces[opener], "opens a block that nothing ends", advice))
        blocks[opener] = _block(pieces, opener, turns, len(pieces))
    said = tuple(faults) if scan.sure else scan.faults
    return Structure(blocks, said[:1], scan.sure and not faults)


def _goes_on(opener: Piece, turn: Piece) -> bool:
    """Whether the block can have such an alternative, as far as that is the language's and not Ruby's business."""
    if opener.nature == LOOP:
        return turn.word != "elif"
    outside = opener.nature in (ASIDE, MADE) or (opener.nature == SCOPE and opener.word != "begin")
    return not outside or turn.word == "pluralize"


def _block(pieces: Sequence[Piece], opener: int, turns: Sequence[int], closer: int) -> Block:
    nature = pieces[opener].nature
    whole = nature in (CHOICE, LOOP) and any(pieces[turn].other for turn in turns)
    return Block(opener, tuple(turns), closer, nature, whole)


def _fits(opener: Piece, closer: Piece) -> bool:
    """Whether one may end the other; Go's and Ruby's ``end`` ends whatever is open."""
    if not closer.word:
        return True
    if closer.word == "end":
        return opener.word != "{"
    return opener.word == ("{" if closer.word == "}" else closer.word)


def _fault(piece: Piece, says: str, advice: str) -> Fault:
    return Fault(piece.start, piece.end, says, advice)


def _shown(text: str, piece: Piece) -> str:
    words = " ".join(text[piece.start : piece.end].split())
    return words if len(words) <= 40 else f"{words[:36]} …"


def _line(text: str, piece: Piece) -> int:
    return text.count("\n", 0, piece.start) + 1
