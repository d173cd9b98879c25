"""How far a long run has come: one line of a terminal, drawn again and again in its place, and wiped in the end."""

from __future__ import annotations

import os
from collections.abc import Callable

from pgfpmlint.record import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

INTERVAL = 0.1
"""Seconds between two drawings: what changes faster nobody can read."""

WIPE = "\r\x1b[K"
"""To the line's beginning, and nothing behind it: ECMA-48, erase in line."""


class Meter:
    """One stage of ``total`` items that began at the monotonic time ``begin``; ``told`` has words for some."""

    def __init__(self, stream: TextIO, begin: float, total: int, told: Callable[[int], str]) -> None:
        self._stream = stream
        self._begin = begin
        self._total = total
        self._told = told
        self._next = begin

    def show(self, number: int, now: float) -> None:
        """Draw it after ``number`` items, unless it was drawn a moment ago."""
        if now < self._next or number == self._total:
            return
        self._next = now + INTERVAL
        left = (now - self._begin) / number * (self._total - number)
        self._stream.write(f"{WIPE}{f'{self._told(number)}, about {max(1, round(left))} s left'[: self._width()]}")
        self._stream.flush()

    def wipe(self) -> None:
        self._stream.write(WIPE)
        self._stream.flush()

    def _width(self) -> int:
        """Columns, less the last: a sign there makes some terminals begin another line."""
        try:
            columns = os.get_terminal_size(self._stream.fileno()).columns
        except (OSError, ValueError):
            columns = 0
        return (columns or 80) - 1  # some terminals don't know how wide they are
