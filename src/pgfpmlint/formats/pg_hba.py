"""pg_hba.conf: who may connect, from where, to what, and how they prove who they are."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.formats import auth_records
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Document


def parse(source: Source, path: str, version: ServerVersion) -> Document:
    """Tile ``source`` with nodes as the server of that version reads it."""
    return auth_records.parse("pg_hba.conf", source, path, version)
