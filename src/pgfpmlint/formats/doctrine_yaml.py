"""doctrine.yaml: YAML, whose values know where they stand (ruamel.yaml reads it; see resolve/doctrine.py)."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.formats import foreign_lines
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Document


def parse(source: Source, path: str, version: ServerVersion) -> Document:
    """Tile ``source``; what it says is worked out where it is asked for."""
    return Document("doctrine", path, source, foreign_lines.nodes(source.text, ("#",)))
