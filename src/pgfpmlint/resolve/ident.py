"""pg_ident.conf with everything it includes."""

from __future__ import annotations

from typing import NamedTuple

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.resolve.hba import Word
from pgfpmlint.resolve.settings import Reading
from pgfpmlint.source.text import Place
from pgfpmlint.source.tree import Root


class IdentMapping(NamedTuple):
    place: Place
    map: Word
    system_user: Word
    database_user: Word


class IdentReading(NamedTuple):
    reading: Reading
    mappings: tuple[IdentMapping, ...]


def read(root: Root, path: str, version: ServerVersion) -> IdentReading:
    raise NotImplementedError


def values(found: IdentReading) -> dict[str, object]:
    """``{"mappings": [...]}``, rows as ``pg_ident_file_mappings`` shows them."""
    raise NotImplementedError
