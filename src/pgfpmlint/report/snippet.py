"""Source lines for people: carets under a place, secrets masked, nothing that a terminal would obey."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from pgfpmlint.record import NamedTuple
from pgfpmlint.report.secret_keys import Span
from pgfpmlint.report.secrets import MASK, masked, secret_spans, secret_words
from pgfpmlint.source.text import Place, Source

WIDTH = 110
"""Longest piece of a line that is shown, in characters; what is longer is cut around the carets."""

CUT = "…"

BEGINNING = 8
"""Characters that tell secrets apart when they are looked for in a message."""

LONGEST_MESSAGE = 600
"""Longest message that is printed, in characters: some quote a value, and a value may be a whole file."""


class Snippet(NamedTuple):
    """One line of a file as shown, and where the carets go under it."""

    number: int
    text: str
    caret: int
    length: int


class Secrets:
    """Secrets to be masked, found in a text by how they begin: a userlist.txt may hold thousands."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_beginning: dict[int, dict[str, list[str]]] = {}
        for word in words:
            beginning = word[:BEGINNING]
            self._by_beginning.setdefault(len(beginning), {}).setdefault(beginning, []).append(word)

    def within(self, text: str) -> list[str]:
        """Those that ``text`` quotes; the longest first, so that no part of one outlives the masking of a shorter."""
        found = {
            word
            for length, words in self._by_beginning.items()
            for at in range(len(text))
            for word in words.get(text[at : at + length], ())
            if text.startswith(word, at)
        }
        return sorted(found, key=lambda word: (-len(word), word))


NONE = Secrets(())


class Screen:
    """Everything printed passes through here, once per report: it knows the secrets of the files it shows."""

    def __init__(self, *, users: bool = True) -> None:
        """``users``: whether what looks like a list of users and passwords may be one."""
        self._users = users
        self._spans: dict[Source, list[Span]] = {}
        self._words: dict[Source, set[str]] = {}
        self._secrets: dict[tuple[Source, ...], Secrets] = {}

    def secrets(self, sources: Iterable[Source]) -> Secrets:
        """What a message that speaks of the ``sources`` must not tell."""
        distinct = tuple(dict.fromkeys(sources))
        if distinct not in self._secrets:
            for source in distinct:
                if source not in self._words:
                    self._words[source] = set(secret_words(source.text, users=self._users))
            self._secrets[distinct] = Secrets(set().union(*(self._words[source] for source in distinct)))
        return self._secrets[distinct]

    def copied(self, source: Source, start: int = 0, end: int | None = None) -> Secrets:
        """What text that is made of the characters from ``start`` to ``end`` must not tell: whatever is masked there,
        be it only for what stands around it."""
        end = len(source.text) if end is None else end
        masked_there = [source.text[one:other] for one, other in self._spans_of(source) if one < end and start < other]
        lines = (line.strip() for text in masked_there for line in text.splitlines())
        return Secrets({*filter(None, lines), *self.secrets([source]).within(source.text[start:end])})

    def words(self, text: str, secrets: Secrets = NONE) -> str:
        """A message fit to print, the ``secrets`` in it masked."""
        return harmless(_shortened(hidden(text, secrets)))

    def snippet(self, place: Place) -> Snippet | None:
        """The first line of ``place``; None where the file has no such text (it could not be read)."""
        place = place.surface
        source = place.source
        if not source.text:
            return None
        number, column = source.position(place.start)
        line = source.line(number)
        start = source.line_starts[number - 1]
        first = min(column - 1, len(line))
        last = max(first, min(place.end - start, len(line)))
        # Of a line that is a megabyte long only what may be shown is looked at.
        left, right = max(0, first - 4 * WIDTH), min(len(line), first + 4 * WIDTH)
        pieces = self._pieces(source, start + left, line[left:right])
        first, last = first - left, min(last, right) - left
        before, under, after = ("".join(part) for part in (pieces[:first], pieces[first:last], pieces[last:]))
        before, after = CUT * (left > 0) + before, after + CUT * (right < len(line))
        if last > first and not under:  # the place lies within one secret
            under, after = MASK, after
            before = before.removesuffix(MASK)
        return _cut(number, before, under, after)

    def line(self, place: Place) -> str:
        """The whole first line of ``place``, masked."""
        place = place.surface
        source = place.source
        number, _ = source.position(place.start)
        return "".join(self._pieces(source, source.line_starts[number - 1], source.line(number)))

    def _pieces(self, source: Source, start: int, line: str) -> list[str]:
        """What to print for each character of the line; a secret is printed at its first character."""
        pieces = [_shown(sign) for sign in line]
        spans = self._spans_of(source)
        for at in range(max(0, bisect_right(spans, (start, start)) - 1), len(spans)):
            secret_start, secret_end = spans[at]
            if secret_start >= start + len(line):
                break
            first, last = max(secret_start - start, 0), min(secret_end - start, len(line))
            if first < last:
                pieces[first:last] = [MASK, *[""] * (last - first - 1)]
        return pieces

    def _spans_of(self, source: Source) -> list[Span]:
        if source not in self._spans:
            self._spans[source] = secret_spans(source.text, whole_file=True, users=self._users)
        return self._spans[source]


def hidden(text: str, secrets: Secrets) -> str:
    """``text`` without secrets, and otherwise as it is."""
    for secret in secrets.within(text):
        text = _without(text, secret)
    return masked(text)


def _shortened(text: str) -> str:
    """``text`` without the middle of what is too long to be read by anybody."""
    if len(text) <= LONGEST_MESSAGE:
        return text
    return f"{text[: LONGEST_MESSAGE * 2 // 3]}{CUT}{text[-LONGEST_MESSAGE // 3 :]}"


def _without(text: str, secret: str) -> str:
    """``text`` with the secret masked; a short one only where it stands as a word of its own."""
    if len(secret) >= 6:
        return text.replace(secret, MASK)
    from re import escape
    from re import sub as substitute

    return substitute(rf"(?<!\w){escape(secret)}(?!\w)", MASK, text)


def harmless(text: str) -> str:
    """``text`` in one line of printable characters; a byte that was no UTF-8 shows as ``\\xNN``."""
    return text if text.isprintable() else "".join(map(_shown, text))


def encodable(text: str) -> str:
    """``text`` as it is, but for bytes that were no UTF-8, which show as ``\\xNN``."""
    return "".join(_shown(sign) if "\udc80" <= sign <= "\udcff" else sign for sign in text)


def _shown(sign: str) -> str:
    if sign.isprintable():
        return sign
    if sign == "\t":
        return "    "
    if "\udc80" <= sign <= "\udcff":  # PEP 383: a byte of the file that is no UTF-8
        return f"\\x{ord(sign) - 0xDC00:02x}"
    return "\\n" if sign == "\n" else sign.encode("unicode_escape", "surrogatepass").decode("ascii")


def _cut(number: int, before: str, under: str, after: str) -> Snippet:
    """The line, and what is too long of it left out: under the carets first, then on both sides of them."""
    longest = WIDTH * 2 // 3
    if len(before) + len(under) + len(after) > WIDTH:
        if len(under) > longest:
            under, after = under[: longest - 1] + CUT, ""
        room = WIDTH - len(under)
        lead = min(len(before), max(room // 2, room - len(after)))
        if lead < len(before):
            before = CUT + before[len(before) - lead + 1 :]
        if room - lead < len(after):
            after = after[: room - lead - 1] + CUT
    return Snippet(number, before + under + after, _width(before), max(_width(under), 1))


def _width(text: str) -> int:
    """Columns of a terminal; East Asian wide characters take two, combining marks none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in text)
