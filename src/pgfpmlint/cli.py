"""The command line: words to a command, a command's answer to an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from pgfpmlint.commands import CommandError
from pgfpmlint.commands.usage import understood
from pgfpmlint.console import warn

FAILED = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command does and return its exit code; never raises SystemExit, and shows a traceback only under
    PGFPMLINT_DEBUG=1. ``argv`` is without the program's name."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        command, args = understood(words)
        return command.run(args)
    except SystemExit as done:  # argparse, after printing help or what is wrong
        return done.code if isinstance(done.code, int) else FAILED
    except CommandError as error:
        _complain(str(error))
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        _complain(f"{error.filename or _place()}: {error.strerror or type(error).__name__}")
    except Exception as error:
        from pgfpmlint.breakage import ADVICE, breakage, wants_traceback

        if wants_traceback():
            raise
        _complain(f"internal error: {breakage(error)}")
        _complain(ADVICE)
    return FAILED


def _place() -> str:
    """What an error of the system that names no file is about."""
    try:
        os.getcwd()
    except OSError:
        return "the working directory"
    return "input or output"


def _complain(words: str) -> None:
    from pgfpmlint.report.secrets import masked
    from pgfpmlint.report.snippet import harmless

    warn("".join(f"pgfpmlint: {harmless(line)}\n" for line in masked(words).splitlines()))
