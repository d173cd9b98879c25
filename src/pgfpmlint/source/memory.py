"""A tree held in memory: for the rule book's examples, for tests, and for a file given on standard input."""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.source import paths
from pgfpmlint.source.text import Source
from pgfpmlint.source.tree import HEAD, LARGEST_FILE, PASSED_OVER, Entry, Unreadable, too_large

NO_FOLDER = "Not a directory"


class MemoryTree:
    """``files`` maps shown paths (``hosts/db/etc/postgresql/16/main/postgresql.conf``) to their bytes."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.where = ""
        self.bases = [""]
        self._files = dict(files)

    def files(self) -> list[Entry]:
        return [Entry(path) for path in sorted(self._files) if PASSED_OVER.isdisjoint(path.split("/")[:-1])]

    def root(self, name: str, prefix: str, *, complete: bool = False) -> MemoryRoot:
        return MemoryRoot(name, prefix, self._files, complete=complete)


class MemoryRoot:
    """One machine of a MemoryTree; ``prefix`` is the host root's shown path, ``""`` for the tree itself."""

    def __init__(self, name: str, prefix: str, files: Mapping[str, bytes], *, complete: bool = False) -> None:
        self.name = name
        self.complete = complete
        self.live = False
        self._prefix = prefix.rstrip("/")
        self._files = files
        self._folders: dict[str, set[str]] | None = None
        self._sources: dict[str, Source] = {}

    def shown(self, path: str) -> str:
        inner = paths.normal(path)
        return f"{self._prefix}{inner}".rstrip("/") if self._prefix else inner[1:]

    def read(self, path: str) -> Source:
        shown = self.shown(path)
        if shown not in self._sources:
            data = self._bytes(path, shown)
            if len(data) > LARGEST_FILE:
                raise too_large(len(data))
            self._sources[shown] = Source.from_bytes(shown, data)
        return self._sources[shown]

    def head(self, path: str) -> str:
        return self._bytes(path, self.shown(path))[:HEAD].decode("utf-8", "surrogateescape")

    def names(self, path: str) -> list[str]:
        inside = self._tree().get(paths.normal(path))
        if inside is None:
            raise self._missing(path)
        return sorted(inside)

    def is_file(self, path: str) -> bool:
        return self.shown(path) in self._files

    def is_folder(self, path: str) -> bool:
        return paths.normal(path) in self._tree()

    def _bytes(self, path: str, shown: str) -> bytes:
        if shown in self._files:
            return self._files[shown]
        raise Unreadable("is a folder") if self.is_folder(path) else self._missing(path)

    def _missing(self, path: str) -> Unreadable:
        above = paths.normal(path)
        while above != "/" and not self.is_file(above):
            above = paths.folder(above)
        return Unreadable("No such file or directory" if above == "/" else NO_FOLDER, missing=True)

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
