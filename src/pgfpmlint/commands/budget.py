"""``pgfpmlint budget``: the connection arithmetic of every PostgreSQL instance."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from pgfpmlint import pipeline
from pgfpmlint.commands import CommandError, target
from pgfpmlint.config import ConfigError
from pgfpmlint.console import say, wants_color, warn
from pgfpmlint.model.accounts import Accounts, accounts
from pgfpmlint.report.secrets import masked
from pgfpmlint.report.snippet import harmless


def add_arguments(parser: ArgumentParser) -> None:
    target.add_arguments(parser)
    parser.epilog = "Exit codes: 0 all fit, 1 connections will be refused, 2 there is no instance to speak of."
    add = parser.add_argument
    add("--format", choices=("text", "json"), default="text", help="how to show them")
    add("--color", choices=("auto", "always", "never"), default="auto", help="whether to colour the text")


def run(args: Namespace) -> int:
    """0 where every instance has what is asked of it, 1 where one hasn't: always, or in a deployment of the kind that
    is declared. CommandError where there is no instance, or none whose max_connections can be known."""
    try:
        surveyed = pipeline.survey(target.tree(args), target.config(args), target.options(args))
        deployment = surveyed.deployment()
    except ConfigError as error:
        raise CommandError(str(error)) from error
    books = accounts(deployment)
    if not books.open:
        where = ", ".join(args.paths)
        why = "; ".join(f"{gap.name}: {gap.why}" for gap in books.closed)
        raise CommandError(f"no budget in {where}: {why or 'there is no postgresql.conf'}")
    say(_shown(books, args))
    if args.format == "text":
        warn("".join(f"{harmless(masked(note))}\n" for note in pipeline.assumed(surveyed.readings, deployment)))
    return int(books.fails)


def _shown(books: Accounts, args: Namespace) -> str:
    if args.format == "json":
        from pgfpmlint.report.budget_json import as_json

        return as_json(books)
    from pgfpmlint.report.budget_text import as_text

    return as_text(books, color=wants_color(args.color))
