"""Lines of a server's file that are entries of a list or of a mapping in YAML: how their parts are written there."""

from __future__ import annotations

from pgfpmlint.manifests.writing import Scalar
from pgfpmlint.source.excerpt import Rewrite, Writing

BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:+-%")


class Portion:
    """The characters of a piece from ``start`` on."""

    __slots__ = ("_start", "_writing")

    def __init__(self, writing: Writing, start: int) -> None:
        self._writing = writing
        self._start = start

    def rewritten(self, start: int, end: int, text: str) -> Rewrite | None:
        return self._writing.rewritten(self._start + start, self._start + end, text)


class Quoted:
    """A value of postgresql.conf, ``text``, that stands for all of a scalar."""

    __slots__ = ("_scalar", "_text")

    def __init__(self, scalar: Scalar, text: str) -> None:
        self._scalar = scalar
        self._text = text

    def rewritten(self, start: int, end: int, text: str) -> Rewrite | None:
        value = _unquoted(self._text[:start] + text + self._text[end:])
        return self._scalar.replaced(value) if value is not None else None


class Entry:
    """A whole line, that ``start:end`` of the outer ``text`` makes: it can go, if others like it stay."""

    __slots__ = ("_end", "_length", "_start", "_text")

    def __init__(self, text: str, start: int, end: int, length: int) -> None:
        self._text = text
        self._start = start
        self._end = end
        self._length = length

    def rewritten(self, start: int, end: int, text: str) -> Rewrite | None:
        if (start, end, text) != (0, self._length, "") or self._end < self._start:
            return None
        first = self._text.rfind("\n", 0, self._start) + 1
        last = self._text.find("\n", self._end) + 1 or len(self._text)
        indent, behind = self._text[first : self._start], self._text[self._end : last].strip()
        if indent.strip(" ") or (behind and not behind.startswith("#")) or self._is_alone(first, last):
            return None
        return Rewrite(first, last, "")

    def _is_alone(self, first: int, last: int) -> bool:
        """Whether neither the line before nor the one behind certainly begins an entry of the same list or mapping: one
        that is left without any would hold nothing, which is something else."""
        lead = self._text[first : self._start]
        sign = self._text[self._start : self._start + 2]
        before = self._text[self._text.rfind("\n", 0, max(0, first - 1)) + 1 : first]
        behind = self._text[last : self._text.find("\n", last) + 1 or len(self._text)]
        return not any(_is_like(line, lead, sign) for line in (before, behind))


def _is_like(line: str, lead: str, sign: str) -> bool:
    if not line.startswith(lead):
        return False
    entry = line[len(lead) :].rstrip()
    if sign == "- ":
        return entry.startswith("- ")
    return entry[:1].isalnum() and ":" in entry


def _unquoted(text: str) -> str | None:
    """What PostgreSQL takes a value for (https://www.postgresql.org/docs/current/config-setting.html); None where that
    is more than taking off its quotes."""
    if len(text) > 1 and text[0] == text[-1] == "'":
        body = text[1:-1].replace("\\\\", "\0").replace("''", "\1")
        return None if "'" in body or "\\" in body else body.replace("\0", "\\").replace("\1", "'")
    return text if text and BARE.issuperset(text) else None
