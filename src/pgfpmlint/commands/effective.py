"""``pgfpmlint effective``: what one server would run with."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from importlib import import_module

from pgfpmlint import single
from pgfpmlint.catalog.version import NAMES, PHP
from pgfpmlint.commands import CommandError
from pgfpmlint.console import say
from pgfpmlint.formats import FORMATS
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.report.effective import Objection, View, as_json, as_text, rows
from pgfpmlint.resolve.settings import Reading
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
