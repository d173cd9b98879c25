"""The tables that a TOML document makes of its headers and keys, each value with its places.

https://toml.io/en/v1.0.0: a key may be given once, a table be opened once; dotted keys and headers make the tables on
the way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.formats.toml_lines import is_array, parts
from pgfpmlint.formats.toml_value import ARRAY, TABLE, Item, value
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Place
from pgfpmlint.syntax.document import Assignment, Document, Section, Value


class Cell(NamedTuple):
    """One value: ``line`` is all of its assignment, ``key`` its last name, ``place`` the value."""

    item: Item
    key: Place
    place: Place
    line: Place


class Table:
    """Names with values or further tables. ``place`` is what opened it first; ``closed`` tables take no more keys;
    no header opens a ``dotted`` one, which dotted keys have made."""

    __slots__ = ("closed", "dotted", "entries", "opened", "place")

    def __init__(self, place: Place, *, opened: bool = False, closed: bool = False) -> None:
        self.place = place
        self.entries: dict[str, Cell | Table | list[Table]] = {}
        self.opened = opened
        self.closed = closed
        self.dotted = False

    def table(self, name: str) -> Table | None:
        found = self.entries.get(name)
        return found if isinstance(found, Table) else None

    def tables(self) -> Iterator[tuple[str, Table]]:
        """Its tables with their names."""
        for name, entry in self.entries.items():
            if isinstance(entry, Table):
                yield name, entry

    def cell(self, name: str) -> Cell | None:
        found = self.entries.get(name)
        return found if isinstance(found, Cell) else None

    def cells(self) -> Iterator[tuple[str, Cell]]:
        for name, entry in self.entries.items():
            if isinstance(entry, Cell):
                yield name, entry


class Clash(NamedTuple):
    """A name that can't be there again, and the one before."""

    place: Place
    name: str


def tables(document: Document) -> tuple[Table, list[Clash]]:
    """Everything in one table, and what TOML forbids; the first of two counts."""
    source = document.source
    top = Table(source.place(0, 0), opened=True)
    at: Table | None = top
    clashes: list[Clash] = []
    for node in document.statements:
        if isinstance(node, Section):
            place = document.place(node.name)
            names = parts(source.text, node.name)
            at = _opened(top, names, place, several=is_array(source.text, node))
            if at is None:
                clashes.append(Clash(place, node.name.text))
                at = Table(place)  # what follows belongs to nothing
        elif isinstance(node, Assignment) and node.value is not None and at is not None:
            names = parts(source.text, node.key)
            item = value(source.text, node.value.start)
            _put(document, at, names, item, document.node_place(node), clashes)
    return top, clashes


def _opened(top: Table, names: Sequence[Value], place: Place, *, several: bool) -> Table | None:
    """The table that a header opens; None where it can't."""
    at = top
    for name in names[:-1]:
        found = at.entries.setdefault(name.text, Table(place))
        if isinstance(found, list):
            found = found[-1]
        if not isinstance(found, Table) or found.closed:
            return None
        at = found
    last = names[-1].text
    known = at.entries.get(last)
    if several:
        if known is None:
            known = at.entries[last] = []
        if not isinstance(known, list):
            return None
        known.append(Table(place, opened=True))
        return known[-1]
    if known is None:
        known = at.entries[last] = Table(place)
    if not isinstance(known, Table) or known.opened or known.closed or known.dotted:
        return None
    known.opened = True
    return known


def _put(
    document: Document, into: Table, names: Sequence[Value], item: Item, line: Place, clashes: list[Clash]
) -> None:
    at = into
    for name in names[:-1]:
        found = at.entries.setdefault(name.text, Table(document.place(name)))
        if not isinstance(found, Table) or found.closed or (found.opened and found is not into):
            clashes.append(Clash(document.place(name), name.text))
            return
        found.dotted = True
        at = found
    last = names[-1]
    if last.text in at.entries:
        clashes.append(Clash(document.place(last), last.text))
        return
    at.entries[last.text] = _entry(document, item, document.place(last), line, clashes)


def _entry(document: Document, item: Item, key: Place, line: Place, clashes: list[Clash]) -> Cell | Table:
    if item.kind != TABLE:
        if item.kind == ARRAY:
            _inner(document, item, line, clashes)
        return Cell(item, key, document.source.place(item.start, item.end), line)
    made = Table(key, opened=True)
    for names, inner in item.pairs:
        _put(document, made, names, inner, line, clashes)
    made.closed = True
    return made


def _inner(document: Document, item: Item, line: Place, clashes: list[Clash]) -> None:
    """What is wrong with the tables within an array."""
    for one in item.items:
        _entry(document, one, line, line, clashes)
