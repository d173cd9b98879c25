"""auth_ident_file of PgBouncer (1.23 and newer): which of its lines count, and the maps that they make."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.problem import Problem
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.pgbouncer.line import Ignored, Line
from pgfpmlint.resolve.settings import PLACEHOLDERS, Reading, Unread
from pgfpmlint.source.text import Place
from pgfpmlint.source.tree import Root
from pgfpmlint.syntax.document import Record


class PoolerMapping(NamedTuple):
    """``user`` is ``None`` for the word all, which stands for everybody."""

    map: str
    system_user: str
    user: str | None
    place: Place


class PoolerIdentReading(NamedTuple):
    """``ignored`` are the numbers of the lines that PgBouncer passes over."""

    reading: Reading
    mappings: tuple[PoolerMapping, ...]
    ignored: tuple[int, ...]

    @property
    def maps(self) -> frozenset[str] | None:
        """The names of all maps; None where a template may make more."""
        return None if self.reading.unread else frozenset(mapping.map for mapping in self.mappings)


def read(root: Root, path: str, version: ServerVersion, marks: tuple[str, ...] = PLACEHOLDERS) -> PoolerIdentReading:
    """PgBouncer never refuses the file; it passes over lines that it can't read."""
    from pgfpmlint.formats import pgbouncer_ident

    document = pgbouncer_ident.parse(root.read(path), path, version)
    mappings: list[PoolerMapping] = []
    problems: list[Problem] = []
    unread: list[Unread] = []
    ignored: list[int] = []
    for node in document.statements:
        if not isinstance(node, Record):
            continue
        place = document.node_place(node)
        if any(mark in place.text for mark in marks):
            unread = unread or [Unread(document.source.path, "is a template: it holds placeholders", place)]
            continue
        line = Line(document, node)
        try:
            mappings.append(_mapping(line))
        except Ignored as why:
            ignored.append(line.number)
            says = why.says or f"could not parse ident config line {line.number}"
            problems.append(Problem("pooler/ident-line-ignored", why.place, says, False, {"reason": why.reason}))
    reading = Reading("pgbouncer-ident", version, (document,), tuple(problems), tuple(unread))
    return PoolerIdentReading(reading, tuple(mappings), tuple(ignored))


def values(found: PoolerIdentReading) -> dict[str, object]:
    """``mappings``: a row for each line that counts; ``ignored``: the numbers of the others."""
    rows = [
        {"line": one.place.line, "map": one.map, "system_user": one.system_user, "user": one.user or "all"}
        for one in found.mappings
    ]
    return {"mappings": rows, "ignored": list(found.ignored)}


def _mapping(line: Line) -> PoolerMapping:
    place = line.place
    name = line.bare()
    if name is None:
        raise line.ignored("", "the name of a map stands without quotes")
    line.skip()
    system = line.name()
    if system is None:
        raise line.ignored("", "a system user must follow the name of the map")
    line.skip()
    everybody = line.takes("all")
    user = None if everybody else line.name()
    if user is None and not everybody:
        raise line.ignored("", "a user must follow the system user")
    line.skip()  # behind all, this passes over one word more: parse_ident_line() in src/hba.c
    if not line.ends():
        says = f"ident line {line.number}: unsupported parameters"
        raise line.ignored(says, "nothing may follow the user")
    return PoolerMapping(name.text, system.text, user.text if user else None, place)
