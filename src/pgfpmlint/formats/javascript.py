"""JavaScript and TypeScript: the source as tree-sitter's grammars see it."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.formats import foreign_lines
from pgfpmlint.formats.syntax_tree import SyntaxTree
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Document

KIND = "node-postgres"

TYPED = (".ts", ".mts", ".cts")


def parse(source: Source, path: str, version: ServerVersion) -> Document:
    """Tile ``source``; what it says is worked out where it is asked for."""
    return Document(KIND, path, source, foreign_lines.nodes(source.text, ("//",)))


class Code(SyntaxTree):
    """A parsed module. ``path`` is the machine's own."""

    def __init__(self, source: Source, path: str) -> None:
        self.path = path
        super().__init__(source, _grammar(path))


def _grammar(path: str) -> object:
    """JavaScript's grammar takes JSX, TypeScript has one for each."""
    if path.endswith((*TYPED, ".tsx")):
        import tree_sitter_typescript

        typed = path.endswith(TYPED)
        return tree_sitter_typescript.language_typescript() if typed else tree_sitter_typescript.language_tsx()
    import tree_sitter_javascript

    return tree_sitter_javascript.language()
