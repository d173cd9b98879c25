"""What a pgbouncer.ini says, for rules and the model: parameters, databases, users, peers."""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.pgbouncer.userlist import UserlistReading
from pgfpmlint.resolve.settings import Default, Effective, Reading, Unknown
from pgfpmlint.source.text import Place


class BouncerEntry(NamedTuple):
    """One line of [databases], [users] or [peers]: its name and its connection string's parameters.

    ``place`` covers the name. ``parameters`` holds what the line sets, each with the exact place of its value; numbers
    as PgBouncer takes them (``5x`` is 5), a password as asterisks. ``shadowed`` are the places of earlier lines of the
    same name, which lost.
    """

    name: str
    place: Place
    parameters: Mapping[str, Effective]
    shadowed: tuple[Place, ...] = ()

    def parameter(self, name: str) -> Effective | None:
        return self.parameters.get(name)


class BouncerReading(NamedTuple):
    """``settings`` holds what the files set in [pgbouncer], and what they set and a second [pgbouncer] put back.

    ``databases`` includes ``*``. ``userlist`` is auth_file where PgBouncer reads it and it is in the tree; its own
    problems stay in its own reading. ``anchor`` is the [pgbouncer] that counts. ``uncertain`` says why nothing is
    known of what the files don't set: a file that may set it can't be read here. ``accounts`` are the users that
    [databases] makes PgBouncer know, lines that lost included.
    """

    reading: Reading
    settings: Mapping[str, Effective]
    databases: tuple[BouncerEntry, ...]
    users: tuple[BouncerEntry, ...]
    peers: tuple[BouncerEntry, ...]
    userlist: UserlistReading | None = None
    anchor: Place | None = None
    uncertain: str = ""
    accounts: frozenset[str] = frozenset()

    def setting(self, name: str) -> Effective:
        """A parameter of [pgbouncer]: written, or the default of the version in play."""
        if name in self.settings:
            return self.settings[name]
        if self.uncertain:
            return Effective(name, None, Unknown(self.uncertain, self.anchor))
        from pgfpmlint.resolve.pgbouncer.value import default

        version = self.reading.version
        return Effective(name, default(name, version), Default(version, self.anchor))
