"""pg_hba.conf with everything it includes: the records in the order in which PostgreSQL tries them."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.problem import Problem
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.hba.lines import AuthLines
from pgfpmlint.resolve.hba.lines import Word as Word
from pgfpmlint.resolve.hba.record import HbaRecord as HbaRecord
from pgfpmlint.resolve.hba.record import record_of
from pgfpmlint.resolve.settings import Reading
from pgfpmlint.source.text import Place
from pgfpmlint.source.tree import Root
from pgfpmlint.syntax.document import Document


class HbaReading(NamedTuple):
    """``records`` are the good ones, in order. A server that refuses one line loads none: see ``reading.accepted``.

    ``lines`` are all lines with where they stand: records and what is wrong with the others. ``partial``: a template's
    own lines stand among them, so that the server may get only some of the records.
    """

    reading: Reading
    records: tuple[HbaRecord, ...]
    lines: tuple[tuple[Place, HbaRecord | Problem], ...] = ()
    partial: bool = False


def read(
    root: Root, path: str, version: ServerVersion, *, oauth_validators: tuple[str, ...] | None = None
) -> HbaReading:
    """Read ``path`` as the pg_hba.conf of a server; `Unreadable` when it can't be.

    ``oauth_validators`` are the entries of oauth_validator_libraries, ``()`` where it is unset, and None where that is
    not known: method oauth is then taken to have what it needs.
    """
    reader = AuthLines(root, "pg_hba.conf", version)
    lines: list[tuple[Place, HbaRecord | Problem]] = []
    partial = False
    for line in reader.read(path):
        found = line.problem or record_of(line, version, oauth_validators)
        if isinstance(found, Problem) and reader.is_template(line):
            partial = True
        elif found is not None:
            lines.append((line.place, found))
    partial = partial or any(document.source.wild for document in reader.documents)
    records = tuple([found for _, found in lines if isinstance(found, HbaRecord)])
    problems = [found for _, found in lines if isinstance(found, Problem)]
    if not (lines or reader.unread):
        problems.append(_no_entries(reader.documents[0], version))
    reading = Reading("pg_hba.conf", version, tuple(reader.documents), tuple(problems), tuple(reader.unread))
    return HbaReading(reading, records, tuple(lines), partial)


def _no_entries(main: Document, version: ServerVersion) -> Problem:
    says = f'configuration file "{main.path}" contains no entries'
    return Problem("hba/no-entries", Place(main.source, 0, 0), says, refuses=True, values={"version": str(version)})


def values(found: HbaReading) -> dict[str, object]:
    """``{"rules": [...]}``: rows as ``pg_hba_file_rules`` shows them, in its order, secrets masked.

    Each has its ``line``, and ``file`` where that is an included one; a line that the server refuses has ``error``.
    """
    from pgfpmlint.resolve.hba import views
    from pgfpmlint.resolve.hba.rows import row

    rows = [
        views.bad(found.reading, place, line)
        if isinstance(line, Problem)
        else views.located(found.reading, place) | row(line)
        for place, line in found.lines
    ]
    return {"rules": rows}
