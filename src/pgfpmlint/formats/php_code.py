"""PHP files: the source as tree-sitter's grammar sees it."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.formats import foreign_lines
from pgfpmlint.formats.syntax_tree import SyntaxTree
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Document


def parse(source: Source, path: str, version: ServerVersion) -> Document:
    """Tile ``source``; what it says is worked out where it is asked for."""
    return Document("php", path, source, foreign_lines.nodes(source.text, ("//", "#")))


class Code(SyntaxTree):
    """A parsed file."""

    def __init__(self, source: Source) -> None:
        import tree_sitter_php

        super().__init__(source, tree_sitter_php.language_php())
