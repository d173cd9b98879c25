"""The lines of pg_hba.conf or pg_ident.conf as PostgreSQL gets to see them: includes followed, ``@file`` expanded.

Since PostgreSQL 16 records may come from other files (``include``, ``include_if_exists``, ``include_dir``); words may
come from a file in every version (``@file``). https://www.postgresql.org/docs/current/auth-pg-hba-conf.html
"""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.problem import Label, Problem
from pgfpmlint.formats import auth_records
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.settings import Unread, is_open
from pgfpmlint.source import paths
from pgfpmlint.source.text import Place, Source
from pgfpmlint.source.tree import Root, Unreadable
from pgfpmlint.syntax.document import Document, Include, Malformed, Record

WORDS = "auth words"
"""The kind of a document that only lends words to a record of another file (``@file``)."""

DEEPEST = 10
"""Files within files, from PostgreSQL 16 (CONF_FILE_MAX_DEPTH). Before, only the stack ended a chain of ``@file``."""

DEEPEST_FOLLOWED = 100
"""Files within files that are followed where the server itself has no limit."""

MOST_CHARACTERS = 16 * 1024**2
"""Read in one reading: a few lines that include each other many times over must not keep a linter busy."""

LEAST_COST = 16 * 1024
"""What opening a file counts in these characters, however short it is."""


NOTHING_THERE = "No such file or directory"


class Word(NamedTuple):
    """One database or user name of a record; ``quoted`` takes the keyword meaning from it. Place: where it stands."""

    text: str
    quoted: bool
    place: Place

    @property
    def names_file(self) -> bool:
        """Whether the word is ``@file``. In a record it is only left where that file is not known."""
        return not self.quoted and len(self.text) > 1 and self.text[0] == "@"

    @property
    def unknown(self) -> bool:
        """Whether the word stands for others that the tree does not tell: those of a file, or of a template."""
        return self.names_file or is_open(self.text)


class AuthLine(NamedTuple):
    """One record. ``problem``: what kept it from being read at all; its fields are then not to be looked at."""

    document: Document
    place: Place
    fields: tuple[tuple[Word, ...], ...]
    problem: Problem | None = None


class _Failed(Exception):
    """A file that a line needs can't be had; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.says)
        self.problem = problem


class AuthLines:
    """Reads one file with everything it pulls in; ``documents`` and ``unread`` fill up while `read` runs."""

    def __init__(self, root: Root, kind: str, version: ServerVersion) -> None:
        self.documents: list[Document] = []
        self.unread: list[Unread] = []
        self._root = root
        self._kind = kind
        self._version = version
        self._parsed: dict[tuple[str, str], Document] = {}
        self._read = 0

    def read(self, path: str) -> Iterator[AuthLine]:
        """Every record in the order in which the server tries them; `Unreadable` when ``path`` itself can't be read."""
        document = self._document(paths.normal(path), self._kind)
        return self._lines(document, (document.path,))

    def is_template(self, line: AuthLine) -> bool:
        """Whether the line waits for being filled in; the server's objections to it are then of no interest."""
        if not is_open(line.place.text):
            return False
        self._is_filled_in(line.place)
        return True

    def _is_filled_in(self, place: Place) -> None:
        """Of a file the first line that nobody knows counts: before it all is certain."""
        if not any(unread.path == place.path for unread in self.unread):
            self.unread.append(Unread(place.path, "is a template: it holds placeholders", place))

    def _lines(self, document: Document, above: tuple[str, ...]) -> Iterator[AuthLine]:
        for node in document.statements:
            if isinstance(node, Malformed):
                at = Place(document.source, node.at, node.until)
                yield AuthLine(document, document.node_place(node), (), self._too_long(at, node.says))
            elif isinstance(node, (Record, Include)):
                place = document.node_place(node)
                try:
                    fields = self._fields(document, node, above)
                    if not fields:
                        continue
                    if self._is_include(fields):
                        yield from self._included(document, fields, above)
                        continue
                except _Failed as failed:
                    yield AuthLine(document, place, (), failed.problem)
                    continue
                yield AuthLine(document, place, fields)

    def _too_long(self, at: Place, says: str) -> Problem:
        return self._problem("hba/malformed-record", at, says, "", "move the names to a file and write @FILE instead")

    def _is_include(self, fields: tuple[tuple[Word, ...], ...]) -> bool:
        return self._version.major >= 16 and len(fields) == 2 and fields[0][0].text in auth_records.INCLUDES

    def _included(
        self, document: Document, fields: tuple[tuple[Word, ...], ...], above: tuple[str, ...]
    ) -> Iterator[AuthLine]:
        """The records of the file or folder that an include directive names."""
        directive, target = fields[0][0].text, fields[1][0]
        names = [target.text]
        if directive == "include_dir":
            path = paths.join(paths.folder(document.path), target.text)
            names = [f"{target.text}/{name}" for name in self._folder(target, path)]
            names = [name for name in names if not self._root.is_folder(paths.join(paths.folder(document.path), name))]
        for name in names:
            inner = self._opened(
                document, target, name, document.kind, above, may_miss=directive == "include_if_exists"
            )
            if inner is not None:
                yield from self._lines(inner, (*above, inner.path))

    def _folder(self, target: Word, path: str) -> list[str]:
        if not target.text.strip(" \t\r\n"):
            says, fix = "empty configuration directory name", "write a folder, or remove the directive"
            raise _Failed(self._problem("hba/include-missing", target.place, says, "", fix))
        try:
            names = self._root.names(path)
        except Unreadable as unreadable:
            if not unreadable.missing or self._may_exist(target.text):
                self._lost(path, unreadable, target.place)
                return []
            says = f'could not open directory "{path}"'
            fix = f"create the folder {path}, or remove the directive"
            raise _Failed(self._problem("hba/include-missing", target.place, says, path, fix)) from None
        fitting = [name for name in names if name.endswith(".conf") and len(name) > 5 and name[0] != "."]
        return sorted(fitting, key=lambda name: name.encode("utf-8", "surrogateescape"))

    def _fields(
        self, document: Document, node: Record | Include, above: tuple[str, ...]
    ) -> tuple[tuple[Word, ...], ...]:
        """The fields with every ``@file`` replaced by its words; a field that comes out empty is none."""
        source = document.source
        if isinstance(node, Include):
            written = [
                [self._word(source, value.text, value.start, value.end)] for value in (node.directive, node.target)
            ]
        else:
            written = [
                [Word(value.text, quoted, Place(source, value.start, value.end)) for value, quoted in words]
                for words in [zip(field.values, field.quoted) for field in node.fields]
            ]
        fields: list[tuple[Word, ...]] = []
        for words in written:
            if any(word.names_file for word in words):
                words = [inner for word in words for inner in self._expanded(document, word, above)]
            if words:
                fields.append(tuple(words))
        return tuple(fields)

    @staticmethod
    def _word(source: Source, text: str, start: int, end: int) -> Word:
        return Word(text, source.text[start] == '"', Place(source, start, end))

    def _expanded(self, document: Document, word: Word, above: tuple[str, ...]) -> list[Word]:
        """The words that ``word`` stands for: itself, or those of its file."""
        if not word.names_file:
            return [word]
        inner = self._opened(document, word, word.text[1:], WORDS, above)
        if inner is None:
            return [word]
        words: list[Word] = []
        for line in self._lines(inner, (*above, inner.path)):
            if line.problem is not None:
                raise _Failed(
                    line.problem._replace(related=(*line.problem.related, Label(word.place, "needs the file")))
                )
            words.extend(one for field in line.fields for one in field)
        return words

    def _opened(
        self, outer: Document, word: Word, written: str, kind: str, above: tuple[str, ...], *, may_miss: bool = False
    ) -> Document | None:
        """The file that ``word`` names; None where it may be missing, or can't be known (then it is in ``unread``)."""
        modern = self._version.major >= 16
        path = paths.join(paths.folder(outer.path), written)
        if self._read > MOST_CHARACTERS or (not modern and len(above) > DEEPEST_FOLLOWED):
            self.unread.append(Unread(path, "too many files are read one from within the other", word.place))
            return None
        if path in above or (modern and len(above) > DEEPEST):
            says = f'could not open file "{path}": maximum nesting depth exceeded'
            if not modern:
                says = f'"{path}" reads itself by "{word.text}", which crashes the server (stack overflow)'
            fix = "remove the line that closes the circle" if path in above else "move the line to a file further up"
            raise _Failed(self._problem("hba/include-too-deep", word.place, says, path, fix))
        try:
            return self._document(path, kind)
        except Unreadable as unreadable:
            if may_miss and unreadable.why == NOTHING_THERE:
                return None
            if self._root.is_folder(path):
                if self._version.major >= 14:
                    return self._nothing(path, kind)
                says, fix = (
                    f'could not read file "{path}": Is a directory',
                    "write the name of a file, or the names here",
                )
                raise _Failed(self._problem("hba/include-missing", word.place, says, path, fix)) from None
            if not unreadable.missing or self._may_exist(written):
                self._lost(path, unreadable, word.place)
                return None
            says = f'could not open file "{path}": {unreadable.why}'
            fix = f"create {path}, or write include_if_exists"
            if kind == WORDS:
                fix = f'create {path}, or write the names here; "{word.text}" in quotes is a plain name'
            if not modern:
                says = says.replace("file", f'secondary authentication file "{word.text}" as', 1)
            raise _Failed(self._problem("hba/include-missing", word.place, says, path, fix)) from None

    def _lost(self, path: str, error: Unreadable, place: Place) -> None:
        there = not error.missing and not error.is_device
        self.unread.append(Unread(self._root.shown(path) if there else path, error.why, place, there))

    def _may_exist(self, written: str) -> bool:
        """Whether a path that is not in the tree may still be on the machine: the tree is only a part of it."""
        elsewhere = written.startswith("/") or ".." in written.split("/") or self.documents[0].source.is_made
        return not self._root.complete and elsewhere

    def _nothing(self, path: str, kind: str) -> Document:
        """A folder where a file is meant: the server opens it, reads nothing from it, and says nothing."""
        return Document(kind, path, Source(self._root.shown(path), ""), ())

    def _document(self, path: str, kind: str) -> Document:
        found = self._parsed.get((path, kind))
        if found is None:
            found = auth_records.parse(kind, self._root.read(path), path, self._version)
            self._parsed[path, kind] = found
            self.documents.append(found)
            for offset in found.source.wild[:1]:
                self._is_filled_in(found.source.place(offset, offset + 1))
        self._read += max(len(found.source.text), LEAST_COST)
        return found

    def _problem(self, rule: str, place: Place, says: str, path: str, fix: str) -> Problem:
        values = {"version": str(self._version), "path": path, "fix": fix}
        return Problem(rule, place, says, refuses=True, values=values)
