"""What is linted together with a file that is open in the editor."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from pgfpmlint.config.lookup import FILE_NAME, find
from pgfpmlint.record import NamedTuple
from pgfpmlint.source import paths
from pgfpmlint.source.disk import DiskTree
from pgfpmlint.source.tree import PASSED_OVER, Entry


class Project(NamedTuple):
    """A tree: the folder ``where`` (absolute) with all that it holds, or only its ``file`` with what that refers to."""

    where: str
    file: str = ""

    def tree(self, unsaved: Mapping[str, bytes]) -> EditedTree:
        """``unsaved`` are the texts that stand for files, by shown paths."""
        return EditedTree(self.file or ".", self.where, unsaved)

    def shown(self, path: str) -> str:
        """An absolute path as the project's findings have it."""
        return paths.shown(path, self.where)

    def path(self, shown: str) -> str:
        """The absolute path of what the project shows as ``shown``."""
        return os.path.normpath(os.path.join(self.where, shown))


class EditedTree(DiskTree):
    """A folder or file whose files may be open in an editor, with unsaved texts.

    That a file is open doesn't make it one of ours, as naming it on the command line would; a new one that was never
    saved counts as what saving would make of it.
    """

    def __init__(self, given: str, where: str, unsaved: Mapping[str, bytes]) -> None:
        super().__init__([given], where=where, overlay=unsaved)
        self._saved = DiskTree([given], where=where)
        self._unsaved = unsaved
        self._holds_new = given == "."

    @property
    def bases(self) -> list[str]:
        return self._saved.bases

    def files(self) -> list[Entry]:
        found = {entry.path: entry for entry in self._saved.files()}
        for path in self._unsaved:
            if path in found:
                found[path] = found[path]._replace(unreadable=None)
            elif self._holds_new and not path.startswith("/") and PASSED_OVER.isdisjoint(path.split("/")[:-1]):
                found[path] = Entry(path)
        return sorted(found.values(), key=lambda entry: entry.path)


def project_of(path: str, folders: Iterable[str]) -> Project:
    """The project of the file ``path`` (absolute): the folder with the nearest .pgfpmlint.yaml at or above it, up to
    the editor's own folder of those that are open, and else that folder.

    Of a file outside of all of them it is the folder whose configuration ``check`` would take, and else the file alone.
    """
    around = max((folder for folder in folders if path.startswith(f"{folder.rstrip('/')}/")), key=len, default=None)
    above = os.path.dirname(path)
    if around is None:
        config = find(above, [path])
        return Project(above, path) if config is None else Project(os.path.dirname(config))
    while len(above) > len(around) and not os.path.lexists(os.path.join(above, FILE_NAME)):
        above = os.path.dirname(above)
    return Project(above)
