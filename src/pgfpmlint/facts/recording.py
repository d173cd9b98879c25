"""A tree that remembers what was read in it."""

from __future__ import annotations

from pgfpmlint.source import paths
from pgfpmlint.source.text import Source
from pgfpmlint.source.tree import Entry, Root, Tree, Unreadable


class Recording:
    """``tree`` as it is; ``roots`` are the machines that were looked at, by the prefix of their paths."""

    def __init__(self, tree: Tree) -> None:
        self.where = tree.where
        self.roots: dict[str, RecordingRoot] = {}
        self.entries: list[Entry] = []
        self._tree = tree

    @property
    def bases(self) -> list[str]:
        return self._tree.bases

    def files(self) -> list[Entry]:
        self.entries = self._tree.files()
        return self.entries

    def root(self, name: str, prefix: str, *, complete: bool = False) -> RecordingRoot:
        if prefix not in self.roots:
            self.roots[prefix] = RecordingRoot(self._tree.root(name, prefix, complete=complete))
        return self.roots[prefix]


class RecordingRoot:
    """``texts`` are the files that were read, ``closed`` those that could not be and why, ``there`` those that were
    asked for and exist; by the machine's own paths."""

    def __init__(self, root: Root) -> None:
        self.name = root.name
        self.complete = root.complete
        self.live = root.live
        self.texts: dict[str, str] = {}
        self.closed: dict[str, str] = {}
        self.there: set[str] = set()
        self._root = root

    def read(self, path: str) -> Source:
        inner = paths.normal(path)
        try:
            source = self._root.read(inner)
        except Unreadable as error:
            if not error.missing:
                self.closed[inner] = error.why
            raise
        self.texts[inner] = source.text
        return source

    def head(self, path: str) -> str:
        return self._root.head(path)

    def names(self, path: str) -> list[str]:
        return self._root.names(path)

    def is_file(self, path: str) -> bool:
        found = self._root.is_file(path)
        if found:
            self.there.add(paths.normal(path))
        return found

    def is_folder(self, path: str) -> bool:
        return self._root.is_folder(path)

    def shown(self, path: str) -> str:
        return self._root.shown(path)
