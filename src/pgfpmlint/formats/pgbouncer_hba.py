"""auth_hba_file of PgBouncer: who may connect from where, and how."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.formats import pooler_words
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Document


def parse(source: Source, path: str, version: ServerVersion) -> Document:
    """Tile ``source`` with nodes as PgBouncer reads it."""
    return pooler_words.parse("pgbouncer-hba", source, path)
