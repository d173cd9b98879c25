"""Source code as tree-sitter's grammars see it, which go on where something can't be read.

The parsers are compiled code that only runs that meet such a file load.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.source.text import Place, Source

if TYPE_CHECKING:
    from tree_sitter import Node


class SyntaxTree:
    """A parsed file. ``grammar`` is what a grammar's package gives. tree-sitter counts bytes of UTF-8, places count
    characters."""

    def __init__(self, source: Source, grammar: object) -> None:
        from tree_sitter import Language, Parser

        self.source = source
        # Bytes that are no UTF-8 are lone surrogates here; any letter of one byte may stand for them.
        self._data = source.text.encode("utf-8", "replace")
        self._ascii = len(self._data) == len(source.text)
        self.root: Node = Parser(Language(grammar)).parse(self._data).root_node

    def text(self, node: Node) -> str:
        return self._data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def place(self, node: Node) -> Place:
        return self.source.place(self._offset(node.start_byte), self._offset(node.end_byte))

    def _offset(self, byte: int) -> int:
        return byte if self._ascii else len(self._data[:byte].decode("utf-8", "replace"))


def every(node: Node) -> Iterator[Node]:
    """The node and all below it, in the order of the text."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        waiting += reversed(found.named_children)
