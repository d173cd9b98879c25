"""Places of ours as places of an editor, and back. The one room that knows how editors count.

A Source counts characters from its beginning, bytes that are no UTF-8 and a byte order mark among them. An editor
counts lines, which LF, CRLF or a lone CR ends, and in a line the units of the encoding that was agreed on
(https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#textDocuments).
"""

from __future__ import annotations

import re
from bisect import bisect_right

from lsprotocol.types import Position, Range

from pgfpmlint.source.text import Place

MARK = "\ufeff"

UTF8, UTF16, UTF32 = "utf-8", "utf-16", "utf-32"

_LINE_END = re.compile(r"\r\n|\n|\r")


class Ruler:
    """Measures one text in the units of ``encoding``: ``utf-8``, ``utf-16`` or ``utf-32``.

    Editors don't show the byte order mark that begins a file, unless their own text of it does (``marked``).
    """

    def __init__(self, text: str, encoding: str, *, marked: bool = False) -> None:
        self._text = text
        self._encoding = encoding
        hidden = int(text.startswith(MARK) and not marked)
        self._starts = [hidden]
        self._ends: list[int] = []
        for end in _LINE_END.finditer(text):
            self._ends.append(end.start())
            self._starts.append(end.end())
        self._ends.append(len(text))

    def position(self, offset: int) -> Position:
        """Where the character at ``offset`` begins; one of a line end counts as the end of its line."""
        line = max(0, bisect_right(self._starts, offset) - 1)
        start = self._starts[line]
        return Position(line, self._units(self._text[start : min(offset, self._ends[line])]))

    def offset(self, position: Position) -> int:
        """The character that a position points at. Beyond the end of a line that is its end, as the protocol has it."""
        if position.line >= len(self._starts):
            return len(self._text)
        start = self._starts[position.line]
        line = self._text[start : self._ends[position.line]]
        if line.isascii() or self._encoding == UTF32:
            return start + min(position.character, len(line))
        units = 0
        for at, sign in enumerate(line):
            units += self._units(sign)
            if units > position.character:
                return start + at
        return start + len(line)

    def range(self, start: int, end: int) -> Range:
        return Range(self.position(start), self.position(end))

    def whole(self) -> Range:
        """From the first character to the end."""
        return self.range(0, len(self._text))

    def _units(self, text: str) -> int:
        if self._encoding == UTF32 or text.isascii():
            return len(text)
        if self._encoding == UTF16:
            return len(text) + sum(sign > "\uffff" for sign in text)
        return len(text.encode("utf-8", "surrogateescape"))


def span(place: Place, encoding: str, *, marked: bool = False) -> Range:
    """One place; whoever has many of the same text keeps its Ruler."""
    return Ruler(place.source.text, encoding, marked=marked).range(place.start, place.end)
