"""A tree as it would be with some of its files' texts changed."""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.source import paths
from pgfpmlint.source.text import Source
from pgfpmlint.source.tree import HEAD, Entry, Root, Tree


class Draft:
    """``tree`` with other ``texts``, by shown path; which files there are stays the same."""

    def __init__(self, tree: Tree, texts: Mapping[str, str]) -> None:
        self.where = tree.where
        self._tree = tree
        self._texts = texts

    @property
    def bases(self) -> list[str]:
        return self._tree.bases

    def files(self) -> list[Entry]:
        return self._tree.files()

    def root(self, name: str, prefix: str, *, complete: bool = False) -> DraftRoot:
        return DraftRoot(self._tree.root(name, prefix, complete=complete), self._texts)


class DraftRoot:
    """One machine of such a tree."""

    def __init__(self, root: Root, texts: Mapping[str, str]) -> None:
        self.name = root.name
        self.complete = root.complete
        self.live = root.live
        self._root = root
        self._texts = texts
        self._sources: dict[str, Source] = {}

    def read(self, path: str) -> Source:
        inner = paths.normal(path)
        if inner not in self._sources:
            shown = self._root.shown(inner)
            text = self._texts.get(shown)
            self._sources[inner] = self._root.read(inner) if text is None else Source(shown, text)
        return self._sources[inner]

    def head(self, path: str) -> str:
        text = self._texts.get(self._root.shown(path))
        return self._root.head(path) if text is None else text[:HEAD]

    def names(self, path: str) -> list[str]:
        return self._root.names(path)

    def is_file(self, path: str) -> bool:
        return self._root.is_file(path)

    def is_folder(self, path: str) -> bool:
        return self._root.is_folder(path)

    def shown(self, path: str) -> str:
        return self._root.shown(path)
