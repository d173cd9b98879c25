"""A machine whose files are written inside of other files."""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.source import paths
from pgfpmlint.source.text import Source
from pgfpmlint.source.tree import HEAD, Unreadable


class EmbeddedRoot:
    """``files`` are excerpts by the machine's own paths. Whatever else the machine holds, nobody tells."""

    complete = False
    live = False

    def __init__(self, name: str, files: Mapping[str, Source]) -> None:
        self.name = name
        self._files = files

    def read(self, path: str) -> Source:
        source = self._files.get(paths.normal(path))
        if source is None:
            raise Unreadable("No such file or directory", missing=True)
        return source

    def head(self, path: str) -> str:
        return self.read(path).text[:HEAD]

    def names(self, path: str) -> list[str]:
        folder = paths.normal(path).rstrip("/") + "/"
        inside = {file[len(folder) :].partition("/")[0] for file in self._files if file.startswith(folder)}
        if not inside:
            raise Unreadable("No such file or directory", missing=True)
        return sorted(inside)

    def is_file(self, path: str) -> bool:
        return paths.normal(path) in self._files

    def is_folder(self, path: str) -> bool:
        folder = paths.normal(path).rstrip("/") + "/"
        return any(file.startswith(folder) for file in self._files)

    def shown(self, path: str) -> str:
        source = self._files.get(paths.normal(path))
        return source.path if source is not None else f"{self.name}:{path}"
