"""doctrine.yaml: YAML, whose values know where they stand (ruamel.yaml reads it; see resolve/doctrine.py)."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Document, Foreign


def parse(source: Source, path: str, version: ServerVersion) -> Document:
    """One node for all of it: YAML nests."""
    parts = (Foreign(0, len(source.text)),) if source.text else ()
    return Document("doctrine", path, source, parts)
