"""The files of a tree, as far as Ansible would read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from posixpath import normpath
from typing import Any

from pgfpmlint.ansible.values import SEALED, UNKNOWN, Fields, load
from pgfpmlint.source.text import Place, Source

YAML = (".yml", ".yaml", ".json")

Reader = Callable[[str], "Source | None"]
"""A file by its path in the tree; None where it can't be read."""


class Repository:
    """``paths`` are those of the tree's files, relative and with slashes; ``prefix`` makes them what people see."""

    def __init__(self, paths: Iterable[str], read: Reader, prefix: str = "") -> None:
        self.paths = frozenset(paths)
        self.prefix = prefix
        self._read = read
        self._values: dict[str, Any] = {}
        self._sources: dict[str, Source | None] = {}
        self._layers: dict[str, VariablesFile] = {}
        self._folders: dict[str, dict[str, bool]] | None = None

    def source(self, path: str) -> Source | None:
        if path not in self._sources:
            self._sources[path] = self._read(path) if path in self.paths else None
        return self._sources[path]

    def value(self, path: str) -> Any:
        """What a file of YAML holds; None where there is none, UNKNOWN where it can't be read."""
        if path not in self._values:
            source = self.source(path)
            self._values[path] = (UNKNOWN if path in self.paths else None) if source is None else load(source)
        return self._values[path]

    def is_file(self, path: str) -> bool:
        return path in self.paths

    def is_folder(self, path: str) -> bool:
        return path in self._listing()

    def names(self, folder: str) -> list[str]:
        """Sorted, without what lies deeper."""
        return sorted(self._listing().get(folder, ()))

    def below(self, folder: str) -> Iterator[str]:
        """All files, at any depth."""
        for name in self.names(folder):
            path = join(folder, name)
            if self.is_file(path):
                yield path
            if self.is_folder(path):
                yield from self.below(path)

    def variables(self, folder: str, name: str) -> list[VariablesFile]:
        """What ``group_vars/NAME`` and its like hold, in the order in which Ansible reads them: a folder of that name
        hides a file that has an extension."""
        path = join(folder, name)
        if self.is_folder(path):
            return [self._variables(one) for one in self._of_folder(path)]
        found = next((one for one in (path, *(path + end for end in YAML)) if self.is_file(one)), None)
        return [self._variables(found)] if found is not None else []

    def _variables(self, path: str) -> VariablesFile:
        if path not in self._layers:
            source = self.source(path)
            self._layers[path] = VariablesFile(self, path, source.text if source is not None else SEALED)
        return self._layers[path]

    def _of_folder(self, folder: str) -> Iterator[str]:
        for name in self.names(folder):
            path = join(folder, name)
            stem, dot, extension = name.rpartition(".")
            extension = f".{extension}" if dot and stem else ""
            if name.startswith(".") or name.endswith("~"):
                continue
            if self.is_folder(path) and not extension:
                yield from self._of_folder(path)
            elif self.is_file(path) and (not extension or extension in YAML):
                yield path

    def _listing(self) -> dict[str, dict[str, bool]]:
        if self._folders is None:
            self._folders = {}
            for path in self.paths:
                while path:
                    folder, _, name = path.rpartition("/")
                    inside = self._folders.setdefault(folder, {})
                    if name in inside:
                        break
                    inside[name] = True
                    path = folder
        return self._folders


class VariablesFile(Mapping[str, Any]):
    """A file of variables, read when it is asked for one that stands in it. ``sealed``: nobody knows what it sets."""

    def __init__(self, repository: Repository, path: str, text: str) -> None:
        self._repository = repository
        self._path = path
        self._text = text
        self.sealed = text.startswith(SEALED)

    def fields(self) -> Fields:
        value = self._repository.value(self._path)
        return value if isinstance(value, Fields) else EMPTY

    @property
    def keys_at(self) -> Mapping[str, Place]:
        return self.fields().keys_at

    def __contains__(self, name: object) -> bool:
        return str(name) in self._text and name in self.fields()

    def __getitem__(self, name: str) -> Any:
        return self.fields()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields())

    def __len__(self) -> int:
        return len(self.fields())


EMPTY = Fields()
EMPTY.keys_at = {}


def join(*parts: str) -> str:
    """A path in the tree; one that leads out of it begins with ``..``."""
    found = normpath("/".join(part for part in parts if part) or ".")
    return "" if found == "." else found


def folder_of(path: str) -> str:
    return path.rpartition("/")[0]


def layers(values: Iterable[Any]) -> list[Fields]:
    """Those that are mappings."""
    return [value for value in values if isinstance(value, Fields)]
