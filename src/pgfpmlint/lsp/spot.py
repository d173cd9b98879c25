"""What stands where the cursor is: which file of which kind, which section, which name."""

from __future__ import annotations

from pgfpmlint.catalog import version as versions
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.config.lookup import FILE_NAME
from pgfpmlint.discover import names
from pgfpmlint.discover.versions import PRODUCTS
from pgfpmlint.formats import FORMATS, parse
from pgfpmlint.lsp.document import Document as Open
from pgfpmlint.lsp.picture import Picture
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Assignment, Document, Node, Section, Value

CONFIG = FILE_NAME
"""The kind that our own configuration has here."""


class Spot(NamedTuple):
    """``offset`` into the document's own text, which may be newer than the picture's. ``section`` is the name of the
    section around it; ``node`` is what covers it."""

    kind: str
    version: ServerVersion
    document: Document
    offset: int
    section: str = ""
    node: Node | None = None

    @property
    def key(self) -> str:
        """The name that is set on this line, as written; empty where none is."""
        return self.node.key.text if isinstance(self.node, Assignment) else ""

    @property
    def subscript(self) -> str:
        held = self.node.subscript if isinstance(self.node, Assignment) else None
        return held.text if held is not None else ""

    def is_in(self, value: Value | None) -> bool:
        return value is not None and value.start <= self.offset <= value.end

    @property
    def pair(self) -> str:
        """In a connection string (``host=db port=5432``), the key of the pair at the cursor."""
        value = self.node.value if isinstance(self.node, Assignment) else None
        if value is None or not self.is_in(value):
            return ""
        text = self.document.source.text
        start = max(text.rfind(sign, value.start, self.offset) for sign in " \t") + 1
        return text[max(start, value.start) : value.end].partition("=")[0].strip("'\"")

    @property
    def word(self) -> str:
        return word_at(self.document.source.text, self.offset)


_APART = " \t\r\n\"'[]{}(),;=#"


def word_at(text: str, offset: int) -> str:
    """The characters without blanks, quotes, brackets and commas around the cursor."""
    start = end = offset
    while start > 0 and text[start - 1] not in _APART:
        start -= 1
    while end < len(text) and text[end] not in _APART:
        end += 1
    return text[start:end].rstrip(":")


def kind_of(path: str, picture: Picture) -> str:
    """The kind of the file ``path`` (absolute): as it was read, else as its name promises; else empty."""
    if path.rpartition("/")[2] == FILE_NAME:
        return CONFIG
    shown = picture.project.shown(path)
    for file in picture.run.found.files if picture.run else ():
        if file.shown == shown and file.kind in FORMATS:
            return file.kind
    *folders, name = path.split("/")
    guess = names.by_name(folders, name) or names.by_folder(folders, name)
    return guess.kind if guess else ""


def version_of(path: str, kind: str, picture: Picture) -> ServerVersion:
    """The version that the file was read for, else the newest."""
    shown = picture.project.shown(path)
    for reading in picture.run.world.readings if picture.run else ():
        if any(document.source.path == shown for document in reading.documents):
            return reading.version
    return versions.newest(PRODUCTS[kind])


def spot(document: Open, offset: int, picture: Picture) -> Spot | None:
    """What is there in the document as it is now; None in a file that is none of ours."""
    kind = kind_of(document.path, picture)
    if kind not in FORMATS:
        return None
    parsed = read(document, kind, picture)
    version = version_of(document.path, kind, picture)
    section, found = "", None
    for node in parsed.nodes:
        if isinstance(node, Section) and node.start <= offset:
            section = node.name.text.strip()
        if node.start <= offset < node.end or (offset == node.end == len(document.text)):
            found = node
            break
    return Spot(kind, version, parsed, offset, section, found)


def read(document: Open, kind: str, picture: Picture) -> Document:
    """The document's own text, taken apart."""
    source = Source(picture.project.shown(document.path), document.text)
    return parse(kind, source, document.path, version_of(document.path, kind, picture))
