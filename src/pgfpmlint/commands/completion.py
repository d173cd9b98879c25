"""``pgfpmlint completion``: what makes a shell complete commands, options and rules."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace

from pgfpmlint.commands import CommandError
from pgfpmlint.console import say

DATA = os.path.join(os.path.dirname(__file__), "data")

SHELLS = {"bash": "pgfpmlint.bash", "zsh": "_pgfpmlint", "fish": "pgfpmlint.fish"}
"""Each shell's file, named as the shell looks for it; `manual` writes them when the package is built."""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("shell", choices=tuple(SHELLS), help="which shell")
    parser.epilog = 'In ~/.bashrc: eval "$(pgfpmlint completion bash)"'


def run(args: Namespace) -> int:
    """Print it: 0. CommandError in a checkout that was never installed."""
    path = os.path.join(DATA, SHELLS[args.shell])
    try:
        with open(path, encoding="utf-8") as file:
            say(file.read())
    except FileNotFoundError:
        raise CommandError(f"{path} is missing; it is made when the package is installed: pip install -e .") from None
    return 0
