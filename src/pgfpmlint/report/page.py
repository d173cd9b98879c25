"""Lines for people to read at 80 to 100 columns: sums in a column, words beside them, places behind or below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pgfpmlint.record import Protocol
from pgfpmlint.report.ink import Ink
from pgfpmlint.report.secrets import masked
from pgfpmlint.report.snippet import Screen, harmless
from pgfpmlint.source.text import Place

WIDTH = 96
MARGIN = 13
"""Columns before the words: a sign, a number, two blanks."""


class Sheet(Protocol):
    """What sums are written on, whatever it is shown on later."""

    def blank(self) -> None: ...

    def heading(self, name: str, words: str, place: Place | None = None) -> None:
        """A node's name, and what it is."""

    def entry(
        self, sign: str, amount: int | str, words: str, places: Iterable[Place | None] = (), style: str = ""
    ) -> None:
        """One line of a sum: ``+  150  words``, and where it stands."""

    def remark(self, words: str, places: Iterable[Place | None] = (), style: str = "") -> None:
        """Words below such a line, under its words."""

    def note(self, label: str, words: str, places: Iterable[Place | None] = (), style: str = "") -> None:
        """A labelled statement: ``peak  200 while …``."""


class Page(Sheet):
    """Collects lines; every word passes the screen, which masks the secrets of the files that are spoken of."""

    def __init__(self, screen: Screen, ink: Ink) -> None:
        self._screen = screen
        self._ink = ink
        self._lines: list[str] = []

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in self._lines)

    def blank(self) -> None:
        self._lines.append("")

    def heading(self, name: str, words: str, place: Place | None = None) -> None:
        """A node's name, and what it is."""
        shown = self._screen.words(words, self._screen.secrets([place.source] if place is not None else []))
        self._lines.append(f"{self._ink('strong', harmless(name))}: {shown}")
        self.blank()

    def entry(
        self, sign: str, amount: int | str, words: str, places: Iterable[Place | None] = (), style: str = ""
    ) -> None:
        """One line of a sum: ``+  150  words``, and where it stands."""
        kept = list(dict.fromkeys(place for place in places if place is not None))
        lead = f"  {sign:1} {amount:>7}  "
        self._wrapped(lead, self._hidden(words, kept), addresses(kept), style)

    def remark(self, words: str, places: Iterable[Place | None] = (), style: str = "") -> None:
        """Words below such a line, under its words."""
        kept = list(dict.fromkeys(place for place in places if place is not None))
        self._wrapped(" " * MARGIN, self._hidden(words, kept), addresses(kept), style)

    def verbatim(self, line: str) -> None:
        """A line to be copied as it stands."""
        self._lines.append(" " * MARGIN + self._hidden(line, ()))

    def note(self, label: str, words: str, places: Iterable[Place | None] = (), style: str = "") -> None:
        """A labelled statement: ``peak  200 while …``."""
        kept = list(dict.fromkeys(place for place in places if place is not None))
        self._wrapped(f"  {label:<11}"[:MARGIN], self._hidden(words, kept), addresses(kept), style)

    def _hidden(self, words: str, places: Sequence[Place]) -> str:
        return self._screen.words(words, self._screen.secrets(place.source for place in places))

    def _wrapped(self, lead: str, words: str, addresses: str, style: str) -> None:
        lines = _lines(words, WIDTH - MARGIN)
        ink = self._ink
        shown = [ink(style, line) if style else line for line in lines]
        if addresses and len(lines[-1]) + 2 + len(addresses) <= WIDTH - MARGIN:
            shown[-1] += f"  {ink('related', addresses)}"
        elif addresses:
            shown += [ink("related", line) for line in _lines(addresses, WIDTH - MARGIN)]
        for number, line in enumerate(shown):
            self._lines.append(f"{lead if number == 0 else ' ' * MARGIN}{line}".rstrip())


def _lines(words: str, width: int) -> list[str]:
    """Words in lines of ``width``, a longer word on a line of its own."""
    lines = [""]
    for word in words.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return lines


def addresses(places: Sequence[Place]) -> str:
    """``www.conf:10, 12, .pgfpmlint.yaml:4``; what was said on the command line shows as it was said."""
    by_path: dict[str, list[str]] = {}
    for place in places:
        said = masked(place.text) if place.path.startswith("--") else str(place.line)
        by_path.setdefault(place.path, []).append(said)
    return ", ".join(
        f"{harmless(path)}{' ' if path.startswith('--') else ':'}{', '.join(map(harmless, dict.fromkeys(lines)))}"
        for path, lines in by_path.items()
    )
