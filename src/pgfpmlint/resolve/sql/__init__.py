"""SQL scripts that set up a server: which roles, databases and settings they leave, each value with its place.

Statements are read by PostgreSQL's own grammar (pglast). What a DO block, a variable of psql or another script may do
is unknown, and so is what it may have changed.
"""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.problem import Problem
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.resolve.settings import Reading
from pgfpmlint.resolve.sql.facts import SqlReading
from pgfpmlint.source.tree import Root

if TYPE_CHECKING:
    from pgfpmlint.resolve.sql.script import Script


MOST_REFUSED = 3
"""Statements that PostgreSQL refuses in a script that is taken for its own; notes hold more that is no SQL."""


def read(
    root: Root, paths: Sequence[str], version: ServerVersion, *, init: bool = False, sure: bool = True
) -> SqlReading:
    """Read the scripts ``paths``, which run in that order. `Unreadable` when one can't be read.

    Unless it is ``sure`` that they are for PostgreSQL as they stand, nothing is made of text that hardly is: notes,
    and scripts that a shell fills in."""
    from pgfpmlint.formats import sql
    from pgfpmlint.resolve.sql import book as books
    from pgfpmlint.resolve.sql import functions, script

    documents = [sql.parse(root.read(path), path, version) for path in paths]
    found = script.read(documents)
    if not sure and not _is_script(found):
        found = script.Script([], [])
    book = books.Book(version)
    calls = functions.Functions()
    for step in found.steps:
        book.take(step)
        calls.take(step)
    reading = Reading("sql", version, tuple(documents), (*_judged(found.problems, version), *book.problems))
    return SqlReading(
        reading,
        {name: books.role(entry) for name, entry in book.roles.items()},
        {name: books.database(entry) for name, entry in book.databases.items()},
        book.system,
        tuple(calls.found()),
        tuple(calls.grants),
        tuple(book.gaps),
        init,
        book.of_all_roles,
    )


def _is_script(found: Script) -> bool:
    """Whether roles or settings are among what PostgreSQL reads, and little is there that it can't."""
    kinds = {step.tree.kind for step in found.steps if step.tree is not None}
    refused = len(found.problems)
    return not refused or (refused <= min(MOST_REFUSED, len(found.steps) // 4) and not TELLING.isdisjoint(kinds))


TELLING = frozenset({"AlterRoleSetStmt", "AlterRoleStmt", "AlterSystemStmt", "CreateRoleStmt", "GrantRoleStmt"})


def values(found: SqlReading) -> dict[str, object]:
    """``role NAME.FACT``, ``database NAME.FACT`` and ``system.SETTING``, as the server's catalogs would show them."""
    shown = {f"{what}{name}": one.value for what, facts in found.written() for name, one in facts.items()}
    return {name: value for name, value in sorted(shown.items()) if value is not None}


def _judged(problems: Sequence[Problem], version: ServerVersion) -> list[Problem]:
    """Refusals of the grammar, in doubt where the server is newer than it and may know more."""
    if not problems:
        return []
    from pgfpmlint.resolve.sql.grammar import grammar_version

    grammar = grammar_version()
    newer = not version.assumed and version.major > grammar
    doubt = f"PostgreSQL {version} may read what the grammar of {grammar} does not" if newer else ""
    return [problem._replace(doubt=doubt, values={**problem.values, "grammar": grammar}) for problem in problems]
