"""Which part of a tree a rule's settings are for: ``rules: {overrides: …}`` of the configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pgfpmlint.config import ConfigError, Override, Word
from pgfpmlint.config.patterns import FromConfig, pattern
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Source


class Layout(NamedTuple):
    """Where things are in the tree: ``where`` is the folder that shown paths start from, ``folder`` (a shown path) the
    one that the configuration's patterns start from; ``hosts`` maps shown paths of files to their hosts' names, or, of
    what is written inside of other files, what tells it from the rest of these; ``known`` are the names that a host may
    have, None where only a part of the tree is looked at."""

    where: str = ""
    folder: str = ""
    hosts: Mapping[str, str] = {}
    known: frozenset[str] | None = None


class Territory:
    """The files that one override speaks of. ConfigError where it names a pattern or a host that can't be."""

    def __init__(self, override: Override, layout: Layout) -> None:
        self._layout = layout
        self._from_config = FromConfig(layout.where, layout.folder)
        self._patterns = [pattern(word) for word in override.paths]
        self._hosts = {_host(word, layout.known) for word in override.hosts}

    def holds(self, source: Source) -> bool:
        """Whether it is about a file, or what is written inside of one."""
        hosts = self._layout.hosts
        if hosts.get(source.identity, hosts.get(source.path)) in self._hosts:
            return True
        inside = self._from_config.path(source.path)
        return bool(inside) and any(one.fits(inside) for one in self._patterns)


class Scope:
    """Where one of a rule's settings holds: the ``number``-th of the ``territories`` that speak of the rule, or with -1
    what is left of the tree. The last territory that a file is in decides."""

    def __init__(self, number: int, territories: Sequence[Territory]) -> None:
        self._number = number
        self._territories = territories

    def holds(self, source: Source) -> bool:
        numbers = range(len(self._territories) - 1, -1, -1)
        owner = next((number for number in numbers if self._territories[number].holds(source)), -1)
        return owner == self._number


def _host(word: Word, known: frozenset[str] | None) -> str:
    if known is None or word.text in known:
        return word.text
    names = ", ".join(sorted(known)) or "none"
    raise ConfigError(f"{word.place.path}:{word.place.line}: no host is called {word.text!r}; there are: {names}")
