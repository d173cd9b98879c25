"""auth_hba_file of PgBouncer: which of its lines count, and the records that they make.

Its dialect is smaller than PostgreSQL's, and what it can't read it passes over: a record that was to reject somebody
is then as if it were not there. See parse_line() in https://github.com/pgbouncer/pgbouncer/blob/master/src/hba.c
"""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.fix import written
from pgfpmlint.finding.problem import Problem
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.pgbouncer.address import PoolerAddress, read_address
from pgfpmlint.resolve.pgbouncer.line import Ignored, Line
from pgfpmlint.resolve.settings import PLACEHOLDERS, Reading, Unread
from pgfpmlint.source import paths
from pgfpmlint.source.text import Place
from pgfpmlint.source.tree import Root, Unreadable
from pgfpmlint.syntax.document import Record, Value

TYPES = ("local", "host", "hostssl", "hostnossl")
METHODS = ("trust", "reject", "md5", "password", "peer", "cert", "scram-sha-256")


class PoolerRecord(NamedTuple):
    """One record that counts. Of names, ``all`` and the like are words only where ``keywords`` has them."""

    type: str
    databases: tuple[str, ...]
    users: tuple[str, ...]
    keywords: tuple[frozenset[str], frozenset[str]]
    address: PoolerAddress | None
    method: str
    map: str
    place: Place


class PoolerHbaReading(NamedTuple):
    """``ignored`` are the numbers of the lines that PgBouncer passes over."""

    reading: Reading
    records: tuple[PoolerRecord, ...]
    ignored: tuple[int, ...]


def read(
    root: Root,
    path: str,
    version: ServerVersion,
    maps: frozenset[str] | None = None,
    marks: tuple[str, ...] = PLACEHOLDERS,
) -> PoolerHbaReading:
    """PgBouncer never refuses the file; it passes over lines that it can't read. ``maps`` are the names of the maps in
    auth_ident_file, None where they are not known. Files of names (``@file``) lie beside ``path``."""
    from pgfpmlint.formats import pgbouncer_hba

    document = pgbouncer_hba.parse(root.read(path), path, version)
    reader = _Reader(root, version, maps)
    for node in document.statements:
        if isinstance(node, Record):
            place = document.node_place(node)
            if any(mark in place.text for mark in marks):
                reader.unread(document.source.path, "is a template: it holds placeholders", place)
            else:
                reader.take(Line(document, node))
    reading = Reading("pgbouncer-hba", version, (document,), tuple(reader.problems), tuple(reader.lost))
    return PoolerHbaReading(reading, tuple(reader.records), tuple(reader.ignored))


def values(found: PoolerHbaReading) -> dict[str, object]:
    """``rules``: a row for each record that counts; ``ignored``: the numbers of the other lines."""
    rows = []
    for one in found.records:
        row: dict[str, object] = {"line": one.place.line, "type": one.type, "database": list(one.databases)}
        row |= {"user_name": list(one.users), "auth_method": one.method}
        if one.address is not None:
            row["address"] = one.address.text
        if one.map:
            row["map"] = one.map
        rows.append(row)
    return {"rules": rows, "ignored": list(found.ignored)}


class _Names(NamedTuple):
    names: tuple[str, ...]
    keywords: frozenset[str]


class _Reader:
    def __init__(self, root: Root, version: ServerVersion, maps: frozenset[str] | None) -> None:
        self._root = root
        self._version = version
        self._maps = maps
        self.records: list[PoolerRecord] = []
        self.problems: list[Problem] = []
        self.ignored: list[int] = []
        self.lost: list[Unread] = []

    def unread(self, path: str, why: str, place: Place) -> None:
        if all(one.path != path for one in self.lost):
            self.lost.append(Unread(path, why, place))

    def take(self, line: Line) -> None:
        try:
            self.records.append(self._record(line))
        except Ignored as why:
            self.ignored.append(line.number)
            if self._version.is_beyond:
                return  # it may have come with that version
            says = why.says or f"could not parse hba config line {line.number}"
            values = {"reason": why.reason, "version": self._version}
            self.problems.append(Problem("pooler/hba-record-ignored", why.place, says, False, values))

    def _since(self, *number: int) -> bool:
        """Whether the server has what came with ``number``; where nothing tells the version, it has everything."""
        return self._version.assumed or self._version.at_least(*number)

    def _record(self, line: Line) -> PoolerRecord:
        lead, place = f"hba line {line.number}: ", line.place
        kind = line.bare()
        if kind is None or kind.text not in TYPES:
            raise line.ignored(f"{lead}unknown type", f"a record starts with {', '.join(TYPES[:-1])} or {TYPES[-1]}")
        line.skip()
        databases = self._names(line, 0)
        users = self._names(line, 0)
        address = None
        if kind.text != "local":
            address = self._address(line, lead)
        method = self._method(line, lead)
        name = self._map(line, lead) if method != "ldap" else ""
        if method != "ldap" and not line.ends():
            raise line.ignored(f"{lead}unsupported parameters", "nothing may follow the method")
        keywords = databases.keywords, users.keywords
        return PoolerRecord(kind.text, databases.names, users.names, keywords, address, method, name, place)

    def _address(self, line: Line, lead: str) -> PoolerAddress:
        address = read_address(line, lead, all_=self._since(1, 23))
        if address.outside:
            values = {"address": address.text, "network": address.network}
            place = address.place
            fix = written(place, str(address.network)) if "/" in place.text else None
            self.problems.append(Problem("pooler/hba-address-never-matches", place, "", False, values, fix=fix))
        return address

    def _names(self, line: Line, depth: int) -> _Names:
        names: list[str] = []
        keywords: set[str] = set()
        while True:
            word = line.bare()
            text = word.text if word else ""
            if text in ("samerole", "samegroup") or (text == "replication" and not self._since(1, 23)):
                raise line.ignored(f"{text} is not supported", f"PgBouncer {self._version} knows no {text}")
            if text in ("all", "sameuser", "replication"):
                keywords.add(text)
                names.append(text)
            elif word is not None and text[0] == "+":
                raise line.ignored("", "PgBouncer knows no roles, so +role means nothing to it")
            elif word is not None and text[0] == "@":
                found = self._file(line, word, depth)
                names += found.names
                keywords |= found.keywords
            else:
                name = line.name()
                if name is None:
                    raise line.ignored("", "a name is missing")
                names.append(name.text)
            line.skip()
            if not line.takes_comma():
                return _Names(tuple(names), frozenset(keywords))

    def _file(self, line: Line, word: Value, depth: int) -> _Names:
        """The names of ``@file``; each of its lines must begin with one, an empty line too."""
        from pgfpmlint.formats import pgbouncer_hba

        path = paths.join(paths.folder(line.document.path), word.text[1:])
        try:
            source = self._root.read(path)
        except Unreadable as error:
            if error.missing and self._root.complete:
                raise line.ignored("", f"there is no file {word.text[1:]}", word) from None
            self.unread(self._root.shown(path), error.why, line.place)
            return _Names((), frozenset())
        names: list[str] = []
        keywords: set[str] = set()
        document = pgbouncer_hba.parse(source, path, self._version)
        records = {node.start: node for node in document.statements if isinstance(node, Record)}
        for start in _rows(source.text):
            node = records.get(start)
            try:
                if node is None or depth > 100:
                    raise line.ignored("", f"{word.text[1:]} has a line without a name", word)
                found = self._names(Line(document, node), depth + 1)
            except Ignored:
                raise line.ignored("", f"{word.text[1:]} has a line that is no list of names", word) from None
            names += found.names
            keywords |= found.keywords
        return _Names(tuple(names), frozenset(keywords))

    def _method(self, line: Line, lead: str) -> str:
        word = line.bare()
        text = word.text if word else ""
        if text == "ldap" and self._since(1, 25):
            return text
        if text not in METHODS:
            says = f"{lead}unsupported method: buf={text}" if word else ""
            reason = "a method is missing" if line.ends() else f"PgBouncer {self._version} has no such method"
            raise line.ignored(says, reason)
        line.skip()
        return text

    def _map(self, line: Line, lead: str) -> str:
        word = line.bare()
        if word is None or not self._since(1, 23):
            return ""
        if not word.text.startswith("map="):
            says = f"{lead}Ident map {word.text} is malformed. It is not in map=value format."
            raise line.ignored(says, "the only option is map=NAME")
        name = word.text[4:]
        if self._maps is not None and name not in self._maps:
            says = f"{lead}Ident map {name} is not found in ident config file"
            raise line.ignored(says, f"auth_ident_file has no map {name}")
        line.skip()
        return name


def _rows(text: str) -> list[int]:
    """Where each line begins."""
    found, at = [], 0
    while at < len(text):
        found.append(at)
        at = text.find("\n", at) + 1 or len(text)
    return found
