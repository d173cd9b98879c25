"""postgresql.conf and what it includes, in the order in which PostgreSQL reads them.

See https://www.postgresql.org/docs/current/config-setting.html#CONFIG-INCLUDES; that the main file may nest ten deep,
that a folder's files come in byte order and that blanks make no name is the server's guc-file.l.
"""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.problem import Problem
from pgfpmlint.formats import postgresql_conf
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.settings import PLACEHOLDERS, Unread, is_open
from pgfpmlint.source import paths
from pgfpmlint.source.text import HOLE, Condition, Place, Source
from pgfpmlint.source.tree import Root, Unreadable
from pgfpmlint.syntax.document import Assignment, Document, Include, Malformed, Node, Value

SYNTAX = "postgres/syntax-error"
MISSING = "postgres/include-missing"
TOO_DEEP = "postgres/include-too-deep"

DEEPEST = 10

TEMPLATE = "is a template: it holds placeholders"


class Line(NamedTuple):
    """One assignment in reading order. ``within`` is what it takes for its file to be read at all."""

    document: Document
    node: Assignment
    within: Condition = ()

    @property
    def place(self) -> Place:
        return self.document.node_place(self.node)

    @property
    def condition(self) -> Condition:
        """What it takes for the line to reach the server."""
        return (*self.within, *self.place.condition) if self.document.source.is_made else self.within

    @property
    def text(self) -> str:
        """The value's text, as the server takes it from the file."""
        return self.node.value.text if self.node.value is not None else ""


class Files:
    """Reads one main file and all that follows from it; ``lines`` are the assignments in reading order."""

    def __init__(self, root: Root, version: ServerVersion) -> None:
        self._root = root
        self._version = version
        self.documents: list[Document] = []
        self.lines: list[Line] = []
        self.problems: list[Problem] = []
        self.unread: list[Unread] = []
        self.open: list[tuple[int, Condition]] = []
        """Where a template may bring lines of which nothing is known: behind how many others, and what it takes."""

    def read(self, path: str) -> None:
        """Read a file that nothing includes: the main file, or postgresql.auto.conf. `Unreadable` when it can't be."""
        self._document(self._root.read(path), path, 0, ())

    def read_if_there(self, path: str, place: Place | None) -> None:
        """Read a file that nothing includes and that may be missing; ``place`` is the line that tells where it lies."""
        try:
            self.read(path)
        except Unreadable as error:
            if not error.missing:
                self.unread.append(Unread(self._root.shown(path), error.why, place, there=True))

    def _document(self, source: Source, path: str, depth: int, within: Condition) -> bool:
        document = postgresql_conf.parse(source, path, self._version)
        self.documents.append(document)
        fine = True
        wild = list(source.wild)
        for node in document.statements:
            while wild and wild[0] < node.start:
                self._anything(source.place(wild[0], wild[0] + 1), within)
                del wild[0]
            if source.is_made and HOLE in source.text[node.start : node.end] and self._filled(document, node, within):
                continue
            if isinstance(node, Assignment):
                self.lines.append(Line(document, node, within))
            elif isinstance(node, Include):
                fine = self._include(document, node, depth, within) and fine
            elif isinstance(node, Malformed):
                fine = self._malformed(document, node) and fine
        for offset in wild:
            self._anything(source.place(offset, offset + 1), within)
        return fine

    def _filled(self, document: Document, node: Node, within: Condition) -> bool:
        """Whether a line with holes in it is one that may set anything, or whose value alone is open."""
        source, place = document.source, document.node_place(node)
        if isinstance(node, (Assignment, Include)):
            key = node.key if isinstance(node, Assignment) else node.directive
            if HOLE not in key.text:
                return False
            self._anything(place, within)
            return True
        if not isinstance(node, Malformed):
            return False
        name = _name(place.text)
        if not name or name.lower() in postgresql_conf.INCLUDES:
            self._anything(place, within)
            return True
        end = place.start + len(name)
        rest = source.text[end : place.end]
        start = place.end - len(rest.lstrip(" \t\r="))
        key, value = Value(name, place.start, end), Value(source.text[start : place.end], start, place.end)
        self.lines.append(Line(document, Assignment(node.start, node.end, key, value), within))
        return True

    def _anything(self, place: Place, within: Condition) -> None:
        self.open.append((len(self.lines), (*within, *place.condition)))
        path = place.source.path
        if not any(unread.path == path for unread in self.unread):
            self.unread.append(Unread(path, TEMPLATE, place))

    def _malformed(self, document: Document, node: Malformed) -> bool:
        source = document.source
        place = source.place(node.at, node.until)
        if source.text.startswith(PLACEHOLDERS, node.at):
            if not any(unread.path == source.path for unread in self.unread):
                self.unread.append(Unread(source.path, TEMPLATE, place))
            return True
        self.problems.append(Problem(SYNTAX, place, node.says, True, {"advice": _advice(document, node)}))
        return False

    def _include(self, document: Document, node: Include, depth: int, within: Condition) -> bool:
        name, place = node.target.text, document.node_place(node)
        within = (*within, *place.condition)
        directive = node.directive.text.lower()
        if is_open(name):
            self.unread.append(Unread(name, "is a template's placeholder", place))
            return True
        if directive == "include_dir":
            return self._folder(document, name, place, depth, within)
        return self._file(document, name, place, depth, within, optional=directive == "include_if_exists")

    def _file(
        self, document: Document, name: str, place: Place, depth: int, within: Condition, *, optional: bool
    ) -> bool:
        if not name.strip(" \t\r\n"):
            return self._refused(MISSING, place, f'empty configuration file name: "{name}"', name)
        if depth >= DEEPEST:
            says = f'could not open configuration file "{name}": maximum nesting depth exceeded'
            return self._refused(TOO_DEEP, place, says, name)
        path = paths.join(paths.folder(document.path), name)
        if path == document.path:
            return self._refused(TOO_DEEP, place, f'configuration file recursion in "{path}"', name)
        try:
            source = self._root.read(path)
        except Unreadable as error:
            if self._root.is_folder(path):
                says = f'input in flex scanner failed at file "{path}" line 1'
                return self._refused(MISSING, place, says, name)
            if not error.missing or self._is_elsewhere(document, path):
                self.unread.append(
                    Unread(self._root.shown(path), error.why, place, there=not error.missing and not error.is_device)
                )
                return True
            if optional:
                return True
            return self._refused(MISSING, place, f'could not open configuration file "{path}": {error.why}', name)
        return self._document(source, path, depth + 1, within)

    def _folder(self, document: Document, name: str, place: Place, depth: int, within: Condition) -> bool:
        if not name.strip(" \t\r\n"):
            return self._refused(MISSING, place, f'empty configuration directory name: "{name}"', name)
        path = paths.join(paths.folder(document.path), name)
        try:
            names = self._root.names(path)
        except Unreadable as error:
            if not error.missing or self._is_elsewhere(document, path):
                self.unread.append(
                    Unread(self._root.shown(path), error.why, place, there=not error.missing and not error.is_device)
                )
                return True
            if not self._root.complete:
                return True  # an empty folder: git and most archives keep none
            return self._refused(MISSING, place, f'could not open configuration directory "{path}": {error.why}', name)
        files = [name for name in names if name.endswith(".conf") and not name.startswith(".")]
        # The server sorts bytes, not characters.
        for one in sorted(files, key=lambda one: one.encode("utf-8", "surrogateescape")):
            inner = paths.join(path, one)
            if not self._root.is_folder(inner) and not self._file(
                document, inner, place, depth, within, optional=False
            ):
                return False
        return True

    def _is_elsewhere(self, document: Document, path: str) -> bool:
        """Whether a file that is not in the tree may well be on the machine: the tree holds a part of it only, and
        the path leads out of the folder that the tree shows."""
        inside = path.startswith(paths.folder(document.path).rstrip("/") + "/") and not document.source.is_made
        return not self._root.complete and not inside

    def _refused(self, rule: str, place: Place, says: str, name: str) -> bool:
        self.problems.append(Problem(rule, place, says, True, {"target": name}))
        return False


def _advice(document: Document, node: Malformed) -> str:
    from pgfpmlint.resolve.postgres.advice import for_line

    return for_line(document.source.text[node.start : node.end].strip())


def _name(line: str) -> str:
    """The parameter that a line sets, whatever its value; nothing where a hole may belong to the name."""
    end = 0
    while end < len(line) and (line[end].isalnum() or line[end] in "_.") and line[end].isascii():
        end += 1
    return line[:end] if line[end : end + 1] in (" ", "\t", "=") and not line[:1].isdigit() else ""
