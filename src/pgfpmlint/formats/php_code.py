"""PHP files: the source as tree-sitter's grammar sees it, which goes on where something can't be read.

The parser is compiled code that only runs that meet such a file load.
"""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.formats import foreign_lines
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.source.text import Place, Source
from pgfpmlint.syntax.document import Document

if TYPE_CHECKING:
    from tree_sitter import Node


def parse(source: Source, path: str, version: ServerVersion) -> Document:
    """Tile ``source``; what it says is worked out where it is asked for."""
    return Document("php", path, source, foreign_lines.nodes(source.text, ("//", "#")))


class Code:
    """A parsed file. tree-sitter counts bytes of UTF-8, places count characters."""

    def __init__(self, source: Source) -> None:
        import tree_sitter_php
        from tree_sitter import Language, Parser

        self.source = source
        # Bytes that are no UTF-8 are lone surrogates here; any letter of one byte may stand for them.
        self._data = source.text.encode("utf-8", "replace")
        self._ascii = len(self._data) == len(source.text)
        self.root: Node = Parser(Language(tree_sitter_php.language_php())).parse(self._data).root_node

    def text(self, node: Node) -> str:
        return self._data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def place(self, node: Node) -> Place:
        return self.source.place(self._offset(node.start_byte), self._offset(node.end_byte))

    def _offset(self, byte: int) -> int:
        return byte if self._ascii else len(self._data[:byte].decode("utf-8", "replace"))
