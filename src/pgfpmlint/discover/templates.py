"""Templates of files of ours, as the machine that they are made for would have them.

A server reads no template. What is filled in from one lies where the template lies, under its name without the
template's extension, and only other templates lead to it.
"""

from __future__ import annotations

from pgfpmlint.discover.found import FoundFile, Host
from pgfpmlint.discover.names import (
    BOUNCER,
    BOUNCER_HBA,
    BOUNCER_IDENT,
    FPM,
    HBA,
    IDENT,
    PHP_INI,
    POSTGRES,
    USERLIST,
)
from pgfpmlint.source import paths
from pgfpmlint.source.template import Template
from pgfpmlint.source.text import Source
from pgfpmlint.source.tree import HEAD, Root, Unreadable
from pgfpmlint.templates.filling import filled
from pgfpmlint.templates.languages import BY_EXTENSION, STRANGE, language_of

KINDS = frozenset({POSTGRES, HBA, IDENT, FPM, PHP_INI, BOUNCER, USERLIST, BOUNCER_HBA, BOUNCER_IDENT})
"""What is linted as a template. SQL and the files of applications are not."""


class FilledRoot:
    """A machine's ``/`` with what templates become in it. It is no whole machine, and none that anybody runs."""

    complete = False
    live = False

    def __init__(self, root: Root) -> None:
        self.name = root.name
        self._root = root
        self._filled: dict[str, Source] = {}

    def put(self, path: str, source: Source) -> None:
        self._filled[paths.normal(path)] = source

    def read(self, path: str) -> Source:
        found = self._filled.get(paths.normal(path))
        return found if found is not None else self._root.read(path)

    def head(self, path: str) -> str:
        found = self._filled.get(paths.normal(path))
        return found.text[:HEAD] if found is not None else self._root.head(path)

    def names(self, path: str) -> list[str]:
        folder = paths.normal(path)
        inside = {paths.name(file) for file in self._filled if paths.folder(file) == folder}
        return sorted({*self._root.names(path), *inside})

    def is_file(self, path: str) -> bool:
        return paths.normal(path) in self._filled or self._root.is_file(path)

    def is_folder(self, path: str) -> bool:
        return self._root.is_folder(path)

    def shown(self, path: str) -> str:
        found = self._filled.get(paths.normal(path))
        return found.path if found is not None else self._root.shown(path)


class Templates:
    """The templates of one tree. Each machine's have one root, so that they find each other."""

    def __init__(self) -> None:
        self._hosts: dict[tuple[str, int], Host] = {}

    def filled(self, host: Host, path: str, plain: str) -> Template | None:
        """The file at the machine's ``path`` as a template; None where nothing in it is one's, Unreadable where its
        language is not known. ``plain`` is its name without the template's extension."""
        source = host.root.read(path)
        extension = paths.name(path).rpartition(".")[2] if plain != paths.name(path) else ""
        language = language_of(extension, source.text)
        if language == STRANGE:
            raise Unreadable("a template in a language that is not known here")
        return filled(source, language, sure=extension in BY_EXTENSION) if language else None

    def placed(self, file: FoundFile, plain: str, source: Template) -> FoundFile:
        """``file`` where what is made of it lies. One that a plain file of that name lies beside keeps its own."""
        key = (file.host.name, id(file.host.root))
        if key not in self._hosts:
            self._hosts[key] = file.host._replace(root=FilledRoot(file.host.root))
        host = self._hosts[key]
        path = paths.join(paths.folder(file.path), plain)
        path = file.path if path != file.path and host.root.is_file(path) else path
        assert isinstance(host.root, FilledRoot)
        host.root.put(path, source)
        return file._replace(host=host, path=path, language=source.label)
