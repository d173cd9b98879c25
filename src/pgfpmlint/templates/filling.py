"""From a template to the text that a server is given, with a place for everything in it."""

from __future__ import annotations

from pgfpmlint.source.excerpt import Stretch
from pgfpmlint.source.template import Fault, Reach, Template
from pgfpmlint.source.text import HOLE as UNKNOWN
from pgfpmlint.source.text import Arm, Condition, Source
from pgfpmlint.templates.blocks import Block, Structure, structure
from pgfpmlint.templates.languages import NAMES, load
from pgfpmlint.templates.piece import ASIDE, COMMENT, HOLE, LOOP, MADE, SCOPE, TEXT, Piece, Scan
from pgfpmlint.templates.spacing import CLEAN, SIGN, Spacing, extent, spacing

DEEPEST = 60
"""Blocks within each other that are told apart; one further in is taken for a hole."""

ELSEWHERE = ("macro", "define")
"""Blocks whose text comes where they are called."""


def filled(source: Source, language: str, *, sure: bool = True) -> Template:
    """``source`` as a server gets it, with holes for what nobody knows. Behind a fault nothing is read; unless it is
    ``sure`` that the language is that one, there is none to speak of."""
    module = load(language)
    scan = module.scan(source.text)
    found = structure(source.text, scan, module.ENDING)
    first = found.faults[0] if found.faults else None
    if first is not None:
        pieces = [piece for piece in scan.pieces if piece.end <= first.start]
        read = pieces[-1].end if pieces else 0
        pieces += [Piece(TEXT, read, first.start)] if first.start > read else []
        pieces += [Piece(HOLE, first.start, first.end), Piece(HOLE, first.end, len(source.text))]
        scan = Scan(tuple(pieces), (), scan.sure)
        found = structure(source.text, scan, module.ENDING)
    filling = _Filling(source.text, scan, found, spacing(source.text, scan, module.LINES))
    filling.pieces(0, len(scan.pieces), (), 0)
    text = "".join(filling.parts)
    wild, fault = filling.wild, None
    if first is not None:
        holes = [one.start for one in filling.stretches if one.until is not None and one.begin <= first.start]
        wild = sorted({*wild, holes[-1]})
        fault = Fault(holes[-1], first.says, first.advice) if sure else None
    return Template(source, NAMES[language], text, filling.stretches, filling.reaches, tuple(wild), fault)


class _Filling:
    def __init__(self, text: str, scan: Scan, found: Structure, space: Spacing) -> None:
        self._text = text
        self._scan = scan
        self._found = found
        self._space = space
        self.parts: list[str] = []
        self.stretches: list[Stretch] = []
        self.reaches: list[Reach] = []
        self.wild: list[int] = []
        self._size = 0
        self._fresh = True  # nothing but white space on the line so far

    def pieces(self, first: int, last: int, condition: Condition, depth: int) -> None:
        number = first
        if not self._scan.sure and not condition:
            condition = (Arm("?", 0, 0),)
            self.reaches.append(Reach(self._size, condition))
        while number < last:
            piece = self._scan.pieces[number]
            block = self._found.blocks.get(number) if self._scan.sure else None
            if block is not None:
                self._block(block, condition, depth)
                number = block.closer + 1
                continue
            if piece.kind == TEXT:
                self._written(*extent(number, piece, self._space.lead, self._space.trail))
            elif piece.kind == HOLE:
                self._hole(piece.start, piece.end, wild=self._space.is_alone(number))
            elif self._scan.sure or piece.kind == COMMENT or self._space.is_alone(number):
                self._gone(piece.start, piece.end)
            else:
                self._hole(piece.start, piece.end, wild=False)
            number += 1

    def _block(self, block: Block, condition: Condition, depth: int) -> None:
        pieces = self._scan.pieces
        start = pieces[block.opener].start
        closed = block.closer < len(pieces)
        end = pieces[block.closer].end if closed else len(self._text)
        word = pieces[block.opener].word
        if block.nature == ASIDE and word not in ELSEWHERE and closed:
            self._gone(start, end)
            return
        if depth > DEEPEST or not self._is_structure(block):
            after = self._space.after[block.closer] if closed else CLEAN
            alone = self._space.before[block.opener] == CLEAN and after == CLEAN
            self._hole(start, end, wild=alone or "\n" in self._text[start:end])
            return
        arms = block.arms
        number = len(arms) - (word == "case") if block.whole else 0
        for at, (first, last) in enumerate(arms):
            edge = pieces[first - 1]
            if at and not self._fresh:
                self._put("\n", Stretch(self._size, edge.start, edge.start))
            self._gone(edge.start, edge.end)
            if block.nature == SCOPE:
                self.pieces(first, last, condition, depth + 1)
                continue
            arm = Arm(f"{start}", at, number, block.nature == LOOP)
            self.reaches.append(Reach(self._size, (*condition, arm)))
            self.pieces(first, last, (*condition, arm), depth + 1)
        if block.nature != SCOPE:
            self.reaches.append(Reach(self._size, condition))
        if closed:
            self._gone(pieces[block.closer].start, pieces[block.closer].end)

    def _is_structure(self, block: Block) -> bool:
        """Whether the block chooses between lines, rather than between parts of one. What nothing closes is a fault."""
        before, after, pieces = self._space.before, self._space.after, self._scan.pieces
        if block.closer == len(pieces):
            return True
        if "<?xml" in self._text[pieces[block.opener].end : pieces[block.closer].start]:
            return False  # php-fpm.conf of PHP 5.2 was that
        stands = before[block.opener] == CLEAN or (before[block.opener] == SIGN and after[block.opener] == CLEAN)
        if block.nature == MADE or not stands or after[block.closer] != CLEAN:
            return False
        if block.nature != LOOP:
            return True
        first, last = block.arms[0]
        return self._space.ends_lines(self._text, first, last)

    def _written(self, start: int, end: int) -> None:
        if end > start:
            text = self._text[start:end]
            last = self.stretches[-1] if self.stretches else None
            goes_on = last is not None and last.until is None and last.begin + self._size - last.start == start
            self._put(text, None if goes_on else Stretch(self._size, start))

    def _hole(self, start: int, end: int, *, wild: bool) -> None:
        if wild:
            self.wild.append(self._size)
        self._put(UNKNOWN, Stretch(self._size, start, end))

    def _gone(self, start: int, end: int) -> None:
        """What is no text, but for its lines' ends where that changes nothing: so lines keep their numbers."""
        lines = self._text.count("\n", start, end)
        if lines and self._fresh:
            self._put("\n" * lines, Stretch(self._size, start, end))

    def _put(self, text: str, stretch: Stretch | None) -> None:
        if stretch is not None:
            self.stretches.append(stretch)
        self.parts.append(text)
        self._size += len(text)
        _, end, line = text.rpartition("\n")
        self._fresh = (bool(end) or self._fresh) and not line.strip()
