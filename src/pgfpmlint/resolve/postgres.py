"""postgresql.conf with everything it includes, as PostgreSQL would run with it."""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.settings import Effective, Reading
from pgfpmlint.source.tree import Root


class PostgresReading(NamedTuple):
    """A server's settings. ``settings`` holds what the files set, by lower-case name."""

    reading: Reading
    settings: Mapping[str, Effective]

    def setting(self, name: str) -> Effective:
        """The setting as the server would run with it: written, or the default of the version in play."""
        raise NotImplementedError


def read(root: Root, path: str, version: ServerVersion, *, fragment: bool = False) -> PostgresReading:
    """Read ``path`` as the main file of a server. A fragment is a file that some main file elsewhere includes:
    what only a whole configuration can lack or contradict is then not held against it."""
    raise NotImplementedError


def values(found: PostgresReading) -> dict[str, object]:
    """Name to value as ``pg_settings.setting`` shows it, for what the files set."""
    raise NotImplementedError
