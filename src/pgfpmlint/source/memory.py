"""A tree held in memory: for the rule book's examples, for tests, and for a file given on standard input."""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.source import paths
from pgfpmlint.source.text import Source
from pgfpmlint.source.tree import Entry, Unreadable


class MemoryTree:
    """``files`` maps shown paths (``hosts/db/etc/postgresql/16/main/postgresql.conf``) to their bytes."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = dict(files)

    def files(self) -> list[Entry]:
        return [Entry(path) for path in sorted(self._files)]

    def root(self, name: str, prefix: str, *, complete: bool = False) -> MemoryRoot:
        return MemoryRoot(name, prefix, self._files, complete=complete)


class MemoryRoot:
    """One machine of a MemoryTree; ``prefix`` is the host root's shown path, ``""`` for the tree itself."""

    def __init__(self, name: str, prefix: str, files: Mapping[str, bytes], *, complete: bool = False) -> None:
        self.name = name
        self.complete = complete
        self._prefix = prefix.rstrip("/")
        self._files = files
        self._folders: dict[str, set[str]] | None = None

    def shown(self, path: str) -> str:
        inner = paths.normal(path)
        return self._prefix + inner if self._prefix else inner[1:]

    def read(self, path: str) -> Source:
        shown = self.shown(path)
        if shown in self._files:
            return Source.from_bytes(shown, self._files[shown])
        if self.is_folder(path):
            raise Unreadable("is a folder")
        raise Unreadable("No such file or directory", missing=True)

    def names(self, path: str) -> list[str]:
        inside = self._tree().get(paths.normal(path))
        if inside is None:
            raise Unreadable("No such file or directory", missing=True)
        return sorted(inside)

    def is_file(self, path: str) -> bool:
        return self.shown(path) in self._files

    def is_folder(self, path: str) -> bool:
        return paths.normal(path) in self._tree()

    def _tree(self) -> dict[str, set[str]]:
        if self._folders is None:
            self._folders = {"/": set()}
            lead = f"{self._prefix}/" if self._prefix else ""
            for shown in self._files:
                if shown.startswith(lead):
                    inner = "/" + shown[len(lead) :]
                    while inner != "/":
                        above = paths.folder(inner)
                        self._folders.setdefault(above, set()).add(paths.name(inner))
                        inner = above
        return self._folders
