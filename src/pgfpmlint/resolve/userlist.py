"""userlist.txt: who PgBouncer knows, and in what form it holds each secret. The secrets themselves go nowhere."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.settings import Reading
from pgfpmlint.source.text import Place
from pgfpmlint.source.tree import Root


class UserlistUser(NamedTuple):
    """``secret`` is ``plain``, ``md5``, ``scram-sha-256`` or ``empty``; ``place`` covers the name only."""

    name: str
    secret: str
    place: Place


class UserlistReading(NamedTuple):
    reading: Reading
    users: tuple[UserlistUser, ...]


def read(root: Root, path: str, version: ServerVersion) -> UserlistReading:
    raise NotImplementedError


def values(found: UserlistReading) -> dict[str, object]:
    """``{"users": [...]}``: names only."""
    raise NotImplementedError
