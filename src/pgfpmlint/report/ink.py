"""Colours, for a terminal that wants them."""

from __future__ import annotations

COLORS = {"error": "1;31", "warning": "1;33", "info": "1;36", "strong": "1", "frame": "1;34", "related": "36"}


class Ink:
    """Paints words; without colour it hands them back as they are."""

    def __init__(self, color: bool) -> None:
        self._color = color

    def __call__(self, style: str, words: str) -> str:
        return f"\x1b[{COLORS[style]}m{words}\x1b[0m" if self._color and words else words
