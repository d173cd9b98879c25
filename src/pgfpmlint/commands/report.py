"""``pgfpmlint report``: one page for people."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace

from pgfpmlint import pipeline
from pgfpmlint.commands import CommandError, judging, target
from pgfpmlint.commands.outputs import write
from pgfpmlint.config import ConfigError
from pgfpmlint.console import warn
from pgfpmlint.registry.load import RuleBookMissing
from pgfpmlint.registry.select import SelectionError
from pgfpmlint.report.summary import summary

INSTALL = "pip install 'pgfpmlint[report]'"


def add_arguments(parser: ArgumentParser) -> None:
    target.add_arguments(parser)
    target.add_facts(parser)
    parser.epilog = "Exit codes: 0 the page is written, whatever it tells (check is for scripts); 2 something broke."
    add = parser.add_argument
    add("-o", "--output", metavar="FILE.html", required=True, help="write the page there")
    judging.add_arguments(parser)
    judging.add_baseline(parser)
    add("-q", "--quiet", action="store_true", help="the page and no word about it")


def run(args: Namespace) -> int:
    """0 where the page is written, 2 where a rule broke besides. CommandError where there is nothing to show, or
    nothing to draw it with."""
    try:
        import vl_convert  # noqa: F401 (what is missing is told before anything is read)

        from pgfpmlint.report.html.page import render
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "pgfpmlint":
            raise
        raise CommandError(f"{error.name}, which draws the page, is not installed: {INSTALL}") from None
    try:
        examined = pipeline.examine(target.tree(args), target.config(args), judging.options(args))
    except (ConfigError, SelectionError, RuleBookMissing) as error:
        raise CommandError(str(error)) from error
    outcome = examined.outcome
    if not (outcome.files or outcome.findings):
        raise CommandError(f"nothing to lint in {', '.join(args.paths)}; name files with --as KIND")
    outcome = judging.without_known(outcome, args)
    write(args.output, render(outcome, examined.world, _subject(args.paths)))
    if not args.quiet:
        warn(f"{args.output}: {summary(outcome, verbose=False)}")
    return 2 if judging.broke(outcome) else 0


def _subject(paths: list[str]) -> str:
    """What people call the tree."""
    return ", ".join(os.path.basename(os.path.abspath(path)) if path in (".", "..") else path for path in paths)
