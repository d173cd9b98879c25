"""pg_ident.conf with everything it includes.

https://www.postgresql.org/docs/current/auth-username-maps.html
"""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.problem import Problem
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.hba.lines import AuthLine, AuthLines, Word
from pgfpmlint.resolve.hba.objection import Objection
from pgfpmlint.resolve.hba.record import check_regex
from pgfpmlint.resolve.settings import Reading
from pgfpmlint.source.text import Place
from pgfpmlint.source.tree import Root

RULE = "hba/ident-malformed"
"""All that is wrong with a pg_ident.conf: the server starts in spite of it, but with no maps at all."""


class IdentMapping(NamedTuple):
    """One line: who is ``system_user`` outside may be ``database_user`` inside, where a record names the map.

    ``/…`` is a regular expression: always for the system user, from PostgreSQL 16 for the database user.
    """

    place: Place
    map: Word
    system_user: Word
    database_user: Word


class IdentReading(NamedTuple):
    """``mappings`` are the good lines, in order; ``lines`` all of them with where they stand."""

    reading: Reading
    mappings: tuple[IdentMapping, ...]
    lines: tuple[tuple[Place, IdentMapping | Problem], ...] = ()


def read(root: Root, path: str, version: ServerVersion) -> IdentReading:
    """Read ``path`` as the pg_ident.conf of a server; `Unreadable` when it can't be."""
    reader = AuthLines(root, "pg_ident.conf", version)
    lines: list[tuple[Place, IdentMapping | Problem]] = []
    for line in reader.read(path):
        found = line.problem._replace(rule=RULE) if line.problem else _mapping_of(line, version)
        if found is not None and not (isinstance(found, Problem) and reader.is_template(line)):
            lines.append((line.place, found))
    mappings = tuple([found for _, found in lines if isinstance(found, IdentMapping)])
    problems = tuple([found for _, found in lines if isinstance(found, Problem)])
    reading = Reading("pg_ident.conf", version, tuple(reader.documents), problems, tuple(reader.unread))
    return IdentReading(reading, mappings, tuple(lines))


def _mapping_of(line: AuthLine, version: ServerVersion) -> IdentMapping | Problem | None:
    """The mapping, the objection to it, or None where words from a file that is not known decide."""
    if any(word.names_file for field in line.fields for word in field):
        return None
    try:
        return _mapping(line, version)
    except Objection as objection:
        objection.rule = RULE
        return objection.problem(version)


def _mapping(line: AuthLine, version: ServerVersion) -> IdentMapping:
    words: list[Word] = []
    for field in line.fields[:3]:
        if len(field) > 1:
            raise Objection(RULE, field[1].place, "multiple values in ident field", fix="write one line for each")
        words.append(field[0])
    if len(words) < 3:
        fix = "write all fields: MAP SYSTEM-USER DATABASE-USER"
        if version.major <= 15 and words[0].text.startswith("include"):
            fix = "write the maps here: files are included from PostgreSQL 16 on"
        raise Objection(RULE, line.place, "missing entry at end of line", fix=fix)
    for word in words[1:] if version.major >= 16 else words[1:2]:
        if word.text.startswith("/"):
            check_regex(word, version)
    return IdentMapping(line.place, *words)


def values(found: IdentReading) -> dict[str, object]:
    """``{"mappings": [...]}``: rows as ``pg_ident_file_mappings`` shows them.

    Each has its ``line``, and ``file`` where that is an included one; a line that the server refuses has ``error``.
    """
    from pgfpmlint.resolve.hba import views

    rows: list[dict[str, object]] = []
    for place, line in found.lines:
        if isinstance(line, Problem):
            rows.append(views.bad(found.reading, place, line))
        else:
            names = {
                "map": line.map.text,
                "system_user": line.system_user.text,
                "database_user": line.database_user.text,
            }
            rows.append(views.located(found.reading, place) | names)
    return {"mappings": rows}
