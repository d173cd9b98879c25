"""auth_ident_file of PgBouncer: which users a system user or a certificate's name may be."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.formats import pooler_words
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Document


def parse(source: Source, path: str, version: ServerVersion) -> Document:
    """Tile ``source`` with nodes as PgBouncer reads it."""
    return pooler_words.parse("pgbouncer-ident", source, path)
