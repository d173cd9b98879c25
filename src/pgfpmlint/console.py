"""The two streams that a command writes to, whatever they are connected to."""

from __future__ import annotations

import os
import sys

from pgfpmlint.record import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO


def say(text: str) -> None:
    """Results, to standard output; nowhere if the caller has closed it."""
    _write(sys.stdout, text)


def say_bytes(data: bytes) -> None:
    """A file's text to standard output, byte for byte."""
    if sys.stdout is None:
        return
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


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:
        return
    # A stream that can't print a character (LANG=C) shows its number; losing a finding over an é would be worse.
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()
