"""How a changed value is written where a scalar of YAML holds it: indented, quoted, escaped.

What each style can hold is https://yaml.org/spec/1.2.2/, chapters 7 and 8. Where a style can't hold the new value, or
a loader might take it for something else than text, the scalar is quoted; where several lines fold into one, only words
are changed; and what is left is not written at all.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from pgfpmlint.source.excerpt import Rewrite, Stretch

LITERAL, FOLDED, SINGLE, DOUBLE = "|", ">", "'", '"'

INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`=~<")
"""With one of them no plain scalar begins, or it means something (7.3.3, and 1.1's ``=``, ``~`` and ``<<``)."""

WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false"))
"""What YAML 1.1 takes for a truth value, in any case (https://yaml.org/type/bool.html); 1.2 knows the last two."""

NOTHING = frozenset(("", "null"))

NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")

OF_NUMBERS = frozenset("0123456789abcdefoxzt_.:,+- ")
"""What numbers, dates and times are written with, also those to the base of 60 and 16."""


class Scalar:
    """A scalar ``node`` of ruamel.yaml's, composed from ``text``, which begins with its quotes or its indicator at
    ``start`` and ends before ``end``. ``stretches`` tell where its characters are."""

    __slots__ = (
        "_end",
        "_kind",
        "_lines",
        "_shared",
        "_start",
        "_starts",
        "_stretches",
        "_style",
        "_tagged",
        "_text",
        "_value",
    )

    def __init__(self, text: str, node: Any, start: int, end: int, stretches: Sequence[Stretch]) -> None:
        self._text = text
        self._value: str = node.value
        self._style: str | None = node.style
        self._start = start
        self._end = end
        self._stretches = stretches
        self._starts = [stretch.start for stretch in stretches]
        self._shared = node.anchor is not None
        """Whether an alias may stand for it elsewhere, too, where nobody has looked."""
        self._tagged = "!" in text[node.start_mark.index : start]
        self._kind = "number" if node.tag in NUMBERS else _kind(node.value).replace("number", "text")
        self._lines: Lines | None = None

    def rewritten(self, start: int, end: int, text: str) -> Rewrite | None:
        new = self._value[:start] + text + self._value[end:]
        if self._shared or not _can_be_written(text):
            return None
        if self._style == LITERAL:
            return self._in_block(start, end, text, new)
        if self._style == FOLDED or "\n" in self._text[self._start : self._end]:
            return self._word(start, end, text)
        if self._stretches[0] == Stretch(0, self._start, self._end):
            return self.replaced(new)  # which character is where can't be told
        if self._style == DOUBLE:
            return self._here(start, end, escaped(text))
        if self._style == SINGLE and text.isprintable():
            return self._here(start, end, text.replace("'", "''"))
        if self._style is None and self._start < self._end and self._is_plain(new):
            return self._here(start, end, text)
        return self.replaced(new)

    def replaced(self, value: str) -> Rewrite | None:
        """The whole of it."""
        if self._style in (LITERAL, FOLDED):
            return self.rewritten(0, len(self._value), value)
        if self._shared or self._tagged or self._start == self._end or not _can_be_written(value):
            return None
        if self._style is None and self._is_plain(value):
            new = value
        elif self._style != DOUBLE and value.isprintable():
            new = "'" + value.replace("'", "''") + "'"
        else:
            new = f'"{escaped(value)}"'
        return Rewrite(self._start, self._end, new)

    def _here(self, start: int, end: int, text: str) -> Rewrite:
        begin, until = self._extent(start, end)
        return Rewrite(begin, until, text)

    def _extent(self, start: int, end: int) -> tuple[int, int]:
        """Where characters are written on a line of the text; of none, the place before the next one."""
        begin, until = self._of(start)[0], self._of(max(start, end - 1))[1]
        return begin, max(begin, until if end > start else begin)

    def _of(self, offset: int) -> tuple[int, int]:
        found = self._stretches[max(0, bisect_right(self._starts, offset) - 1)]
        if offset >= len(self._value):
            behind = self._end - (self._style in (SINGLE, DOUBLE))
            return behind, behind
        if found.until is not None:
            return found.begin, found.until
        return found.begin + offset - found.start, found.begin + offset - found.start + 1

    def _is_plain(self, value: str) -> bool:
        """Whether it can stand without quotes as what the old one is: text, a number, a truth value."""
        begins = value[:1] not in INDICATORS or (value[:1] == "-" and value[1:2].isalnum())
        fits = value.isprintable() and value == value.strip() and begins
        if not fits or ": " in value or " #" in value or value.endswith(":"):
            return False
        # Whether it stands in brackets, where these end it, the scalar itself does not know.
        if not set(value) & set(",[]{}") <= set(self._value):
            return False
        return _kind(value) in ("text", self._kind)

    def _word(self, start: int, end: int, text: str) -> Rewrite | None:
        """In a scalar of several lines, a word for a word: nothing that folds is touched."""
        old = self._value[start:end]
        if not (_is_word(old) and _is_word(text)):
            return None
        begin, until = self._extent(start, end)
        return Rewrite(begin, until, text) if self._text[begin:until] == old else None

    def _in_block(self, start: int, end: int, text: str, new: str) -> Rewrite | None:
        if not new.strip("\n") or not all(sign.isprintable() or sign in "\n\t" for sign in text):
            return None
        header = self._text[self._start : self._text.find("\n", self._start)].partition("#")[0]
        ends = [len(value) - len(value.rstrip("\n")) for value in (self._value, new)]
        if "+" not in header and ends[0] != ends[1]:
            return None  # the header says how many line ends there are behind the last line (8.1.1.2)
        if not any(sign.isdigit() for sign in header) and new.lstrip("\n").startswith((" ", "\t")):
            return None  # its first line tells how far it is indented (8.1.1.1)
        if self._lines is None:
            self._lines = Lines(self._text, self._start, self._value)
        return self._lines.rewritten(start, end, text)


class Lines:
    """The lines of a literal block (8.1.2): ``value`` with each line indented."""

    __slots__ = ("_begins", "_indent", "_outer", "_starts", "_value")

    def __init__(self, text: str, start: int, value: str) -> None:
        self._value = value
        self._starts: list[int] = []
        """Where each line starts in the value, the empty one behind the last line end included."""
        self._outer: list[int] = []
        """Where the line starts in the text, and ``_begins`` where what it holds does."""
        self._begins: list[int] = []
        self._indent: str | None = None
        at, outer = 0, text.find("\n", start) + 1
        for line in value.split("\n"):
            end = text.find("\n", outer)
            end = len(text) if end < 0 else end
            written = text[outer:end].rstrip("\r") if at < len(value) else ""
            lead = written[: len(written) - len(line)]
            self._starts.append(at)
            self._outer.append(outer)
            self._begins.append(outer + len(lead))
            if line and self._indent is None:
                self._indent = lead
            at += len(line) + 1
            outer = min(end + 1, len(text))

    def rewritten(self, start: int, end: int, text: str) -> Rewrite | None:
        if not self._indent:
            return None
        first, last = (bisect_right(self._starts, offset) - 1 for offset in (start, end))
        from_start, to_start = self._starts[first] == start, self._starts[last] == end
        whole = to_start and (text.endswith("\n") or (from_start and not text))
        if last == len(self._starts) - 1 and self._value.endswith("\n") and to_start and not whole:
            return None  # there is no line behind the last line end
        begin = self._begins[first] + start - self._starts[first]
        until = self._outer[last] if whole else self._begins[last] + end - self._starts[last]
        lines = text.split("\n")
        is_short = self._begins[first] - self._outer[first] < len(self._indent)
        if from_start and (whole or is_short):
            begin = self._outer[first]
            lines[0] = self._indented(lines[0])
        behind = lines[:1] + [self._indented(line) for line in lines[1:]]
        if not whole and (len(behind) > 1 or (is_short and self._value[end : end + 1].strip("\n"))):
            behind[-1] = behind[-1] or self._indent  # something of the last line is left
        return Rewrite(begin, until, "\n".join(behind))

    def _indented(self, line: str) -> str:
        return f"{self._indent}{line}" if line else ""


def escaped(text: str) -> str:
    """Between double quotes: as JSON has it, of which YAML takes every text."""
    from json import dumps

    written = dumps(text, ensure_ascii=False)[1:-1]
    return "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in written)


def _can_be_written(text: str) -> bool:
    """Whether no byte of it is no UTF-8, and no sign of it ends a line for some loader and not for others."""
    return not any("\ud800" <= sign <= "\udfff" or sign in "\x85\u2028\u2029\ufeff\0" for sign in text)


def _is_word(text: str) -> bool:
    return text.isascii() and bool(text) and text.replace(".", "a").replace("-", "a").replace("_", "a").isalnum()


def _kind(value: str) -> str:
    """What a loader of YAML 1.1 or 1.2 may take a plain scalar for; rather a number too often than text."""
    lower = value.lower()
    if lower in WORDS:
        return "truth"
    if lower in NOTHING:
        return "nothing"
    is_number = set(lower) <= OF_NUMBERS and any(sign.isdigit() for sign in lower)
    return "number" if is_number or lower.lstrip("+-") in (".inf", ".nan") else "text"
