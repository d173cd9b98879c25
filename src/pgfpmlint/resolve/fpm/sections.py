"""The sections of one PHP-FPM master while its files are read: every assignment that they took, in order."""

from __future__ import annotations

from pgfpmlint.catalog.php_fpm import Directive
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.settings import DEPENDS, Written
from pgfpmlint.source.text import Condition, Place


class Entry(NamedTuple):
    """One assignment that a section took.

    ``text`` is what FPM takes from it, variables and ``$pool`` filled in, and ``value`` how ``php-fpm -tt`` prints
    that, paths not yet made absolute. Both are None where ``unknown`` says why, ``value`` also where FPM refuses it.
    """

    written: Written
    text: str | None
    value: str | None
    unknown: str = ""

    @property
    def path(self) -> str:
        return self.written.place.path


class SectionDraft:
    """``[global]`` or one pool, all its sections merged.

    ``entries`` are by lower-case directive, ``arrays`` by the name under which FPM keeps them and by index; each
    list is oldest first. ``doubtful`` names directives that a line may set which FPM refuses, so that nothing is
    said about what they lack. ``partial``: files that the tree lacks may set more.
    """

    def __init__(self, name: str, directives: dict[str, Directive], version: ServerVersion) -> None:
        self.name = name
        self.directives = directives
        self.version = version
        self.headers: list[Place] = []
        self.entries: dict[str, list[Entry]] = {}
        self.arrays: dict[str, dict[str, list[Entry]]] = {}
        self.doubtful: set[str] = set()
        self.partial = False

    def take(self, name: str, entry: Entry) -> None:
        self.entries.setdefault(name, []).append(entry)

    def take_item(self, array: str, index: str, entry: Entry) -> None:
        self.arrays.setdefault(array, {}).setdefault(index, []).append(entry)

    def settle(self) -> None:
        """What a template decides is not known: an assignment of nobody knows what comes to win."""
        for entries in self.entries.values():
            doubtful = self._doubtful(entries)
            if doubtful is not None:
                entries.append(doubtful)
        for items in self.arrays.values():
            for entries in items.values():
                doubtful = self._doubtful(entries[::-1])  # of an array's the first wins
                if doubtful is not None:
                    entries.insert(0, doubtful)

    def _doubtful(self, entries: list[Entry]) -> Entry | None:
        conditions = [self._condition(entry.written.place) for entry in entries]
        if not any(conditions):
            return None
        from pgfpmlint.resolve.alternatives import NOBODY, last_ones

        possible = last_ones(list(zip(conditions, range(len(entries)))))
        same = {(entries[at].text, entries[at].value) for at in possible if at != NOBODY}
        if NOBODY not in possible and len(same) == 1:
            return None
        return Entry(entries[-1].written, None, None, DEPENDS)

    def _condition(self, place: Place) -> Condition:
        """What it takes for a line to reach the server, once its section has."""
        from pgfpmlint.resolve.alternatives import within

        above = [header for header in self.headers if header.source is place.source and header.start <= place.start]
        return within(place.condition, above[-1].condition if above else ())

    def last(self, name: str) -> Entry | None:
        """The assignment that wins, if there is any."""
        found = self.entries.get(name)
        return found[-1] if found else None

    def is_known(self, name: str) -> bool:
        """Whether it is certain what the directive holds, or that nothing sets it."""
        if name in self.doubtful:
            return False
        entry = self.last(name)
        return not self.partial if entry is None else entry.value is not None

    def is_unset(self, name: str) -> bool:
        """Whether certainly nothing sets the directive."""
        return self.is_known(name) and self.last(name) is None

    def text(self, name: str) -> str | None:
        """What a string directive holds; None where nothing sets it, or where that is not known."""
        entry = self.last(name)
        return entry.text if entry and self.is_known(name) else None

    def number(self, name: str) -> int | None:
        """A number or time (in seconds): written, else the default, else 0. None where it is not known."""
        if not self.is_known(name):
            return None
        entry = self.last(name)
        value = entry.value if entry else self.directives[name].default(self.version)
        try:
            return int((value or "0").rstrip("s"))
        except ValueError:
            return None

    def place(self, name: str) -> Place:
        """Where a finding about the directive points: its value, else the first header."""
        entry = self.last(name)
        return entry.written.value_place if entry else self.headers[0]
