"""Words to a command and what it is told: argparse over what each command says of itself."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, HelpFormatter, Namespace
from collections.abc import Sequence
from functools import partial
from importlib import import_module

from pgfpmlint import __version__
from pgfpmlint.commands import COMMANDS
from pgfpmlint.record import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from argparse import _SubParsersAction
    from typing import NoReturn

# Left to itself, argparse asks shutil for the terminal's width with every option that is added to a parser: importing
# that takes longer than all the rest of reading a command line.
_Formatter = partial(HelpFormatter, max_help_position=32, width=96)


class Command(Protocol):
    def add_arguments(self, parser: ArgumentParser) -> None: ...

    def run(self, args: Namespace) -> int:
        """Do it; the exit code. CommandError where it can't be done."""


def understood(words: Sequence[str]) -> tuple[Command, Namespace]:
    """The command that ``words`` ask for, and what they tell it; SystemExit once help, the version or a mistake is
    printed. Only that command is loaded, and only its parser is built."""
    if not words or words[0] not in COMMANDS:
        _explain(words)
    name, *rest = words
    command: Command = import_module(f"pgfpmlint.commands.{name}")
    parser = ArgumentParser(f"pgfpmlint {name}", description=_sentence(COMMANDS[name]), formatter_class=_Formatter)
    command.add_arguments(parser)
    # Options may stand between paths; but argparse's reading of that loses track of a leading "--".
    return command, parser.parse_args(rest) if "--" in rest else parser.parse_intermixed_args(rest)


def whole() -> tuple[ArgumentParser, dict[str, ArgumentParser]]:
    """All commands with all that they can be told, in one parser, and each one's own: for the manual and for shells
    that complete."""
    parser = _top()
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")
    each = {name: _beside(commands, name, does) for name, does in COMMANDS.items()}
    for name, own in each.items():
        command: Command = import_module(f"pgfpmlint.commands.{name}")
        command.add_arguments(own)
    return parser, each


def _explain(words: Sequence[str]) -> NoReturn:
    """What the whole can do, or what is wrong with words that begin with no command."""
    parser = _top()
    commands = parser.add_subparsers(metavar="COMMAND")
    for name, does in COMMANDS.items():
        _beside(commands, name, does)
    if not words:
        parser.print_help(sys.stderr)
        parser.exit(2)
    parser.parse_args(words)
    parser.error(f"name a command first: {', '.join(COMMANDS)}")


def _top() -> ArgumentParser:
    parser = ArgumentParser(
        "pgfpmlint",
        description="Lint PostgreSQL, PgBouncer and PHP-FPM configuration, and the deployment that the files form.",
        epilog="Exit codes: 0 nothing to report, 1 findings, 2 could not lint.",
        formatter_class=_Formatter,
    )
    parser.add_argument("--version", action="version", version=f"pgfpmlint {__version__}")
    return parser


def _beside(commands: _SubParsersAction[ArgumentParser], name: str, does: str) -> ArgumentParser:
    return commands.add_parser(name, help=does, description=_sentence(does), formatter_class=_Formatter)


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."
