"""pg_ident.conf: which database users an operating system or certificate name may be."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.formats import auth_records
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Document


def parse(source: Source, path: str, version: ServerVersion) -> Document:
    """Tile ``source`` with nodes as the server of that version reads it."""
    return auth_records.parse("pg_ident.conf", source, path, version)
