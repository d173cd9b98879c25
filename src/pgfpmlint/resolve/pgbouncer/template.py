"""Configuration that is a template: what is written between placeholders counts, what fills them nobody knows."""

from __future__ import annotations

from pgfpmlint.source.text import HOLE

WHY = "its value is a template's placeholder"
VEIL = "\0"
"""Stands for a sign of a placeholder; no text read from a configuration holds it."""

_ENDS = {"{{": "}}", "{%": "%}", "{#": "#}", "<%": "%>", "${": "}"}


def is_open(text: str, marks: tuple[str, ...]) -> bool:
    """Whether a placeholder stands in ``text``."""
    return HOLE in text or any(mark in text for mark in marks)


def veiled(text: str, marks: tuple[str, ...]) -> str:
    """``text`` with every placeholder made one word of the same length, so that what is around it can be read."""
    text = text.replace(HOLE, VEIL)
    for mark in marks:
        if mark == HOLE:
            continue
        pieces = text.split(mark)
        for at, piece in enumerate(pieces[1:], 1):
            inside, closing, after = piece.partition(_ENDS[mark])
            pieces[at] = VEIL * (len(mark) + len(inside) + len(closing)) + after
        text = "".join(pieces)
    return text
