"""pgbouncer.ini with everything it includes, as PgBouncer would run with it."""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.settings import Effective, Reading
from pgfpmlint.source.text import Place
from pgfpmlint.source.tree import Root


class BouncerEntry(NamedTuple):
    """One line of [databases], [users] or [peers]: its name and its connection string's parameters.

    ``parameters`` holds what the line sets, each with the exact place of its value; ``shadowed`` are the places of
    earlier lines of the same name, which lost.
    """

    name: str
    place: Place
    parameters: Mapping[str, Effective]
    shadowed: tuple[Place, ...] = ()

    def parameter(self, name: str) -> Effective | None:
        return self.parameters.get(name)


class BouncerReading(NamedTuple):
    reading: Reading
    settings: Mapping[str, Effective]
    databases: tuple[BouncerEntry, ...]
    users: tuple[BouncerEntry, ...]
    peers: tuple[BouncerEntry, ...]

    def setting(self, name: str) -> Effective:
        """A parameter of [pgbouncer]: written, or the default of the version in play."""
        raise NotImplementedError


def read(root: Root, path: str, version: ServerVersion, *, fragment: bool = False) -> BouncerReading:
    raise NotImplementedError


def values(found: BouncerReading) -> dict[str, object]:
    """Parameter to value as SHOW CONFIG shows it; ``d:NAME.COLUMN`` as SHOW DATABASES; ``databases``, ``users``."""
    raise NotImplementedError
