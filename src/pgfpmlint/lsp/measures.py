"""Places in the files of one picture, as the client has them: its own spelling of URIs, its own way to count."""

from __future__ import annotations

import os
from collections.abc import Mapping

from lsprotocol.types import Location, Range
from pygls.uris import from_fs_path, to_fs_path

from pgfpmlint.lsp.document import Document
from pgfpmlint.lsp.project import Project
from pgfpmlint.lsp.ruler import MARK, Ruler
from pgfpmlint.source.text import Place, Source


class Measures:
    """Every text is measured once."""

    def __init__(self, project: Project, documents: Mapping[str, Document], encoding: str) -> None:
        self._project = project
        self._documents = documents
        self._encoding = encoding
        self._rulers: dict[Source, Ruler] = {}

    def range(self, place: Place) -> Range:
        return self.ruler(place.source).range(place.start, place.end)

    def location(self, place: Place) -> Location:
        return Location(self.uri(place.path), self.range(place))

    def uri(self, shown: str) -> str:
        """Of a file that is open, the client's own."""
        path = self._project.path(shown)
        document = self._documents.get(path)
        return document.uri if document is not None else uri_of(path)

    def ruler(self, source: Source) -> Ruler:
        ruler = self._rulers.get(source)
        if ruler is None:
            document = self._documents.get(self._project.path(source.path))
            marked = document is not None and document.text.startswith(MARK)
            ruler = self._rulers[source] = Ruler(source.text, self._encoding, marked=marked)
        return ruler


def path_of(uri: str) -> str | None:
    """The absolute path that a URI names; None where it names no file."""
    path: str | None = to_fs_path(uri)
    return os.path.normpath(path) if path and os.path.isabs(path) else None


def uri_of(path: str) -> str:
    """The URI of an absolute path."""
    uri: str = from_fs_path(path)
    return uri
