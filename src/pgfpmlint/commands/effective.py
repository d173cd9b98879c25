"""``pgfpmlint effective``: what one server would run with."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from importlib import import_module

from pgfpmlint import single
from pgfpmlint.catalog.version import NAMES, PHP
from pgfpmlint.commands import CommandError
from pgfpmlint.console import say
from pgfpmlint.formats import FORMATS
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.report.effective import Objection, Row, View, as_json, as_text
from pgfpmlint.resolve.settings import Effective, Reading, Written
from pgfpmlint.source.tree import Unreadable

if TYPE_CHECKING:
    from typing import Any

READERS = {
    "postgresql.conf": "postgres",
    "pg_hba.conf": "hba",
    "pg_ident.conf": "ident",
    "php-fpm": "fpm",
    "php.ini": "php_ini",
    "pgbouncer.ini": "pgbouncer",
    "userlist.txt": "pgbouncer.userlist",
    "env": "application",
    "php": "application",
    "doctrine": "application",
    "sql": "sql",
    "pgbouncer-hba": "pgbouncer.hba",
    "pgbouncer-ident": "pgbouncer.ident",
}
"""Kind to the module in resolve/ that reads it."""

PRODUCTS = {**NAMES, PHP: "PHP-FPM"}


def add_arguments(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("path", metavar="PATH", help="the main file of one server")
    add("--as", dest="as_kind", choices=tuple(FORMATS), metavar="KIND", help=f"one of {', '.join(FORMATS)}")
    add("--server-version", metavar="V", help="read as that version does (default: told from the path)")
    add("--format", choices=("text", "json"), default="text", help="how to show them")


def run(args: Namespace) -> int:
    """0 where the server of that version accepts the file with all that it includes, else 1."""
    try:
        found: Any = single.read_one(args.path, args.as_kind, args.server_version)
    except Unreadable as error:
        raise CommandError(f"{args.path}: {error.why}") from error
    except ValueError as error:
        raise CommandError(str(error)) from error
    reading: Reading = found.reading
    values = import_module(f"pgfpmlint.resolve.{READERS[reading.kind]}").values(found)
    view = View(
        kind=reading.kind,
        version=str(reading.version),
        title=f"{PRODUCTS[reading.version.product]} {reading.version}",
        why=reading.version.why,
        accepted=reading.accepted,
        errors=tuple(
            Objection(problem.place, problem.says, problem.of_machine)
            for problem in reading.problems
            if problem.refuses and not problem.behind
        ),
        values=values,
        rows=tuple(rows(found)),
    )
    say(as_json(view) if args.format == "json" else as_text(view))
    return int(not view.accepted)


def rows(found: Any) -> Iterator[Row]:
    """Everything that the files set, under the names that ``values`` has for it, in no order but the reading's own."""
    if found.reading.kind == "sql":
        for what, facts in found.written():
            yield from _rows(what, facts)
        return
    yield from _rows("", getattr(found, "settings", {}))
    yield from _rows("global.", getattr(found, "globals", {}))
    for pool in getattr(found, "pools", ()):
        yield from _rows(f"{pool.name}.", pool.settings)
        for array, entries in pool.arrays.items():
            named = {f"{array}[{index}]": effective for index, effective in entries.items()}
            yield from _rows(f"{pool.name}.", named)
    for lead, entries in (("d", "databases"), ("u", "users"), ("p", "peers")):
        for entry in getattr(found, entries, ()):
            if hasattr(entry, "parameters"):
                yield from _rows(f"{lead}:{entry.name}.", entry.parameters)
            else:  # a user of userlist.txt
                yield Row("", None, "", entry.place)
    for record in (*getattr(found, "records", ()), *getattr(found, "mappings", ())):
        yield Row("", None, "", record.place)


def _rows(lead: str, settings: Mapping[str, Effective]) -> Iterator[Row]:
    for name, effective in settings.items():
        origin = effective.origin
        if isinstance(origin, Written):
            shadowed = tuple(lost.place for lost in effective.shadowed)
            yield Row(lead + name, effective.value, origin.raw, origin.place, shadowed)
