"""``pgfpmlint trace``: every connection path, and who lets it in."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from pgfpmlint import pipeline
from pgfpmlint.commands import CommandError, target
from pgfpmlint.config import ConfigError
from pgfpmlint.console import say, warn
from pgfpmlint.model.passage import Passages
from pgfpmlint.report.secrets import masked
from pgfpmlint.report.snippet import harmless
from pgfpmlint.report.trace import as_json, as_text, note


def add_arguments(parser: ArgumentParser) -> None:
    target.add_arguments(parser)
    target.add_facts(parser)
    parser.epilog = "Exit codes: 0 no path is certainly rejected, 1 one is, 2 there is nothing to trace."
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to show them")


def run(args: Namespace) -> int:
    """0 where no path is certainly rejected, else 1."""
    try:
        surveyed = pipeline.survey(target.tree(args), target.config(args), target.options(args))
        deployment = surveyed.deployment()
    except ConfigError as error:
        raise CommandError(str(error)) from error
    if not (deployment.instances or deployment.poolers or deployment.proxies or deployment.clients):
        raise CommandError(f"no server and no pool in {', '.join(args.paths)}; name files with --as KIND")
    passages = Passages(deployment).all
    say(as_json(passages) if args.format == "json" else as_text(passages))
    if args.format == "text":
        warn("".join(f"{harmless(masked(said))}\n" for said in pipeline.assumed(surveyed.readings, deployment)))
        warn(note(passages))
    return int(any(passage.verdict == "rejected" for passage in passages))
