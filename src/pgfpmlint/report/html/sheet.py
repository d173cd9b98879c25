"""Sums as rows of a table: the same ledgers that ``pgfpmlint budget`` prints, on another kind of paper."""

from __future__ import annotations

from collections.abc import Iterable

from pgfpmlint.record import NamedTuple
from pgfpmlint.report.page import Sheet, addresses
from pgfpmlint.report.snippet import Screen, harmless
from pgfpmlint.source.text import Place


class Row(NamedTuple):
    """``kind`` is ``entry`` (a line of a sum), ``remark`` (words below one) or ``note`` (labelled by ``sign``)."""

    kind: str
    sign: str
    amount: str
    words: str
    at: str
    style: str


class Table(NamedTuple):
    """The ledger of one node."""

    name: str
    words: str
    rows: tuple[Row, ...]

    @property
    def sums(self) -> list[Row]:
        return [row for row in self.rows if row.kind != "note"]

    @property
    def notes(self) -> list[Row]:
        return [row for row in self.rows if row.kind == "note"]


class TableSheet(Sheet):
    """Collects tables; every word passes the screen."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._found: list[tuple[str, str, list[Row]]] = []

    @property
    def tables(self) -> list[Table]:
        return [Table(name, words, tuple(rows)) for name, words, rows in self._found]

    def blank(self) -> None:
        """A table needs none."""

    def heading(self, name: str, words: str, place: Place | None = None) -> None:
        self._found.append((harmless(name), self._hidden(words, [place]), []))

    def entry(
        self, sign: str, amount: int | str, words: str, places: Iterable[Place | None] = (), style: str = ""
    ) -> None:
        self._add("entry", "\N{MINUS SIGN}" if sign == "-" else sign, _number(amount), words, places, style)

    def remark(self, words: str, places: Iterable[Place | None] = (), style: str = "") -> None:
        self._add("remark", "", "", words, places, style)

    def note(self, label: str, words: str, places: Iterable[Place | None] = (), style: str = "") -> None:
        self._add("note", label, "", words, places, style)

    def _add(self, kind: str, sign: str, amount: str, words: str, places: Iterable[Place | None], style: str) -> None:
        kept = list(dict.fromkeys(place for place in places if place is not None))
        row = Row(kind, sign, amount, self._hidden(words, kept), addresses(kept), style)
        self._found[-1][2].append(row)

    def _hidden(self, words: str, places: Iterable[Place | None]) -> str:
        sources = [place.source for place in places if place is not None]
        return self._screen.words(words, self._screen.secrets(sources))


def _number(amount: int | str) -> str:
    return str(amount).replace("-", "\N{MINUS SIGN}")
