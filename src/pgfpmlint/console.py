"""The two streams that a command writes to, whatever they are connected to."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from time import monotonic

from pgfpmlint.record import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO, TypeVar

    from pgfpmlint.progress import Meter

    Item = TypeVar("Item")

PATIENCE = 1.0
"""Seconds that a stage may take before a terminal is told how far it has come."""

_meter: Meter | None = None
"""What is drawn on the terminal, if anything is: gone before anything else is written."""


def say(text: str) -> None:
    """Results, to standard output; nowhere if the caller has closed it."""
    _write(sys.stdout, text)


def say_bytes(data: bytes) -> None:
    """A file's text to standard output, byte for byte."""
    if sys.stdout is None:
        return
    _wipe()
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def warn(text: str) -> None:
    """Everything that is no result, to standard error; results said before stand before it on a terminal."""
    if sys.stdout is not None:
        sys.stdout.flush()
    _write(sys.stderr, text)


def wants_color(choice: str) -> bool:
    """Whether standard output is to be coloured: ``auto`` means on a terminal, unless NO_COLOR (https://no-color.org)
    or a dumb terminal says otherwise."""
    if choice != "auto":
        return choice == "always"
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    return is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def steps(items: Sequence[Item], told: Callable[[int], str]) -> Iterable[Item]:
    """The items, one after the other. Where standard error is a terminal and they take long, a line there says how far
    it has come, in the words that ``told`` has for a number of items; it is gone when they are done. Nothing is loaded
    for it before."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return items
    return _watched(items, told)


def _watched(items: Sequence[Item], told: Callable[[int], str]) -> Iterator[Item]:
    global _meter
    begin = monotonic()
    for number, item in enumerate(items, 1):
        yield item
        now = monotonic()
        if _meter is None and now - begin > PATIENCE:
            from pgfpmlint.progress import Meter

            _meter = Meter(sys.stderr, begin, len(items), told)
        if _meter is not None:
            _meter.show(number, now)
    _wipe()


def _wipe() -> None:
    global _meter
    if _meter is not None:
        _meter.wipe()
        _meter = None


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:
        return
    _wipe()
    # A stream that can't print a character (LANG=C) shows its number; losing a finding over an é would be worse.
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()
