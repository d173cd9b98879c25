"""argparse over the commands' tables: for help, for mistakes, and for words that the quick reader leaves alone."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from pgfpmlint import __version__
from pgfpmlint.commands import COMMANDS
from pgfpmlint.commands.arguments import FLAG, LIST, Arguments, Option, Positional, Table


def explain(words: Sequence[str], tables: Mapping[str, Table]) -> tuple[str, Arguments]:
    """The command that ``words`` name and what it is told; SystemExit once help or a mistake is printed.

    ``tables`` holds those of the commands that are named among the words."""
    parser = argparse.ArgumentParser(
        prog="pgfpmlint",
        description="Lint PostgreSQL, PgBouncer and PHP-FPM configuration, and the deployment that the files form.",
        epilog="Exit codes: 0 nothing to report, 1 findings, 2 could not lint.",
    )
    parser.add_argument("--version", action="version", version=f"pgfpmlint {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    parsers = {}
    for name, does in COMMANDS.items():
        parsers[name] = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.")
        if name in tables:
            _fill(parsers[name], tables[name])
    if not words:
        parser.print_help()
        raise SystemExit(0)
    args, more = parser.parse_known_args(words)
    if args.command is None:
        parser.error(f"name a command: {', '.join(COMMANDS)}")
    positional = tables[args.command].positional
    # argparse takes paths in one place only: those after an option come back as unknown.
    if positional is not None and positional.many and not any(word.startswith("-") and word != "-" for word in more):
        given: list[str] = getattr(args, positional.name)
        setattr(args, positional.name, [*given, *more])
    elif more:
        parsers[args.command].error(f"unrecognized arguments: {' '.join(more)}")
    return args.command, _arguments(args, tables[args.command])


def _fill(parser: argparse.ArgumentParser, table: Table) -> None:
    if table.positional is not None:
        _add_positional(parser, table.positional)
    for option in table.options:
        _add_option(parser, option)


def _add_positional(parser: argparse.ArgumentParser, positional: Positional) -> None:
    more: dict[str, Any] = {"nargs": "*"} if positional.many else {}
    parser.add_argument(positional.name, metavar=positional.metavar, help=positional.help, **more)


def _add_option(parser: argparse.ArgumentParser, option: Option) -> None:
    if option.kind == FLAG:
        parser.add_argument(*option.spellings, dest=option.name, help=option.help, action="store_true")
        return
    parser.add_argument(
        *option.spellings,
        dest=option.name,
        help=option.help,
        metavar=option.metavar,
        default=option.default,
        choices=option.choices or None,
        action="append" if option.kind == LIST else "store",
    )


def _arguments(args: argparse.Namespace, table: Table) -> Arguments:
    names = [option.name for option in table.options]
    values = {name: getattr(args, name) for name in names}
    positional = table.positional
    if positional is not None:
        given = getattr(args, positional.name)
        values[positional.name] = list(positional.default) if positional.many and not given else given
    return Arguments(values)
