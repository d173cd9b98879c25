"""The command line: words to a command, a command's answer to an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from pgfpmlint import __version__
from pgfpmlint.commands import COMMANDS, CommandError
from pgfpmlint.commands.arguments import Arguments, Table, read
from pgfpmlint.console import say, warn
from pgfpmlint.record import Protocol

FAILED = 2


class Command(Protocol):
    ARGUMENTS: Table

    def run(self, args: Arguments) -> int:
        """Do it; the exit code. CommandError where it can't be done."""


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command does and return its exit code; never raises SystemExit, and shows a traceback only under
    PGFPMLINT_DEBUG=1. ``argv`` is without the program's name."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        if words == ["--version"]:
            say(f"pgfpmlint {__version__}\n")
            return 0
        name, args = _understood(words)
        return _command(name).run(args)
    except SystemExit as done:  # argparse, after printing help or what is wrong
        return done.code if isinstance(done.code, int) else FAILED
    except CommandError as error:
        _complain(str(error))
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        _complain(f"{error.filename or 'input or output'}: {error.strerror or error}")
    except Exception as error:
        if os.environ.get("PGFPMLINT_DEBUG"):
            raise
        _complain(f"internal error: {type(error).__name__}: {error}")
        _complain("this is a fault of pgfpmlint; with PGFPMLINT_DEBUG=1 it shows where it happened")
    return FAILED


def _understood(words: list[str]) -> tuple[str, Arguments]:
    """The command and what it is told. Only the command that is asked for is loaded, and argparse only if it must."""
    if words and words[0] in COMMANDS:
        args = read(words[1:], _command(words[0]).ARGUMENTS)
        if args is not None:
            return words[0], args
    from pgfpmlint.commands.usage import explain

    return explain(words, {name: _command(name).ARGUMENTS for name in COMMANDS if name in words})


def _command(name: str) -> Command:
    command: Command = import_module(f"pgfpmlint.commands.{name}")
    return command


def _complain(words: str) -> None:
    from pgfpmlint.report.secrets import masked
    from pgfpmlint.report.snippet import harmless

    warn("".join(f"pgfpmlint: {harmless(line)}\n" for line in masked(words).splitlines()))
