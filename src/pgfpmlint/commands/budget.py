"""``pgfpmlint budget``: the connection arithmetic of every PostgreSQL instance."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from pgfpmlint import pipeline
from pgfpmlint.commands import CommandError, target
from pgfpmlint.config import ConfigError
from pgfpmlint.console import say, wants_color, warn
from pgfpmlint.model.accounts import Accounts, accounts
from pgfpmlint.model.survey import Survey
from pgfpmlint.model.what_if import WhatIfError
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.report.secrets import masked
from pgfpmlint.report.snippet import harmless

if TYPE_CHECKING:
    from pgfpmlint.model.proposals import Proposals
    from pgfpmlint.model.solve import Build


def add_arguments(parser: ArgumentParser) -> None:
    target.add_arguments(parser)
    target.add_facts(parser)
    parser.epilog = "Exit codes: 0 all fit, 1 connections will be refused, 2 there is no instance to speak of."
    add = parser.add_argument
    add("--format", choices=("text", "json"), default="text", help="how to show them")
    add("--set", action="append", default=[], metavar="X=V", help="what if: web.count=5, db:max_connections=200")
    add("--add-pooler", action="append", default=[], metavar="X=Y", help="what if: web=edge:pool_size=20")
    add("--solve", action="store_true", help="propose values with which every budget holds")
    add("--color", choices=("auto", "always", "never"), default="auto", help="whether to colour the text")


def run(args: Namespace) -> int:
    """0 where every instance has what is asked of it, 1 where one hasn't: always, or in a deployment of the kind that
    is declared. CommandError where there is no instance, or none whose max_connections can be known."""
    try:
        surveyed = pipeline.survey(target.tree(args), target.config(args), target.options(args))
        surveyed, build = _asked(surveyed, args)
        deployment = build(surveyed)
    except (ConfigError, WhatIfError) as error:
        raise CommandError(str(error)) from error
    books = accounts(deployment)
    if not books.open:
        where = ", ".join(args.paths)
        why = "; ".join(f"{gap.name}: {gap.why}" for gap in books.closed)
        raise CommandError(f"no budget in {where}: {why or 'there is no postgresql.conf'}")
    found = None
    if args.solve:
        from pgfpmlint.model.proposals import proposals

        found = proposals(surveyed, build)
    say(_shown(books, found, args))
    if args.format == "text":
        warn("".join(f"{harmless(masked(note))}\n" for note in pipeline.assumed(surveyed.readings, deployment)))
    return int(books.fails)


def _asked(surveyed: Survey, args: Namespace) -> tuple[Survey, Build]:
    """What was found, with the values that are asked for in its stead, and how to build a deployment of it."""
    if args.set:
        from pgfpmlint.model.what_if import changed, changes

        surveyed = changed(surveyed, changes(args.set))
    if not args.add_pooler:
        return surveyed, Survey.deployment
    from pgfpmlint.model.added_pooler import asked_for, with_poolers

    wanted = asked_for(args.add_pooler)
    return surveyed, lambda survey: with_poolers(survey.deployment(), survey.config, wanted)


def _shown(books: Accounts, found: Proposals | None, args: Namespace) -> str:
    what_if = [f"--set {text}" for text in args.set] + [f"--add-pooler {text}" for text in args.add_pooler]
    if args.format == "json":
        from pgfpmlint.report.budget_json import as_json

        return as_json(books, what_if, found)
    from pgfpmlint.report.budget_text import as_text

    return as_text(books, what_if, found, color=wants_color(args.color))
