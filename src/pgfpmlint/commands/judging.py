"""Which rules judge, and which findings are known already: what commands that show findings share."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from pgfpmlint.commands import CommandError, target
from pgfpmlint.console import warn
from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.options import Options


def add_arguments(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--select", action="append", metavar="IDS", help="only these rules: ids, families (hba/) or all")
    add("--ignore", action="append", metavar="IDS", help="not these rules")
    add("--pedantic", action="store_true", help="opinions too")
    add("--preview", action="store_true", help="new rules on trial too; else only their ids select them")
    add("--no-suppressions", action="store_true", help="comments suppress nothing, and each is a finding")


def add_baseline(parser: ArgumentParser) -> None:
    parser.add_argument("--baseline", metavar="FILE", help="leave out the findings that FILE holds as known")


def options(args: Namespace) -> Options:
    """What is said about files, versions and rules. CommandError where it can't be meant."""
    select, ignore = _words("--select", args.select), _words("--ignore", args.ignore)
    return target.options(args)._replace(
        select=select,
        ignore=ignore,
        pedantic=args.pedantic,
        preview=args.preview,
        no_suppressions=args.no_suppressions,
    )


def _words(option: str, given: list[str] | None) -> tuple[str, ...]:
    """Ids of an option that may be repeated and may hold several, with commas or blanks between them."""
    found = tuple(word for words in given or () for word in words.replace(",", " ").split())
    if given and not found:  # an empty variable of a script must not select everything
        raise CommandError(f"{option} names no rule")
    return found


def without_known(outcome: Outcome, args: Namespace) -> Outcome:
    """Without what ``--baseline`` holds; what is gone from the tree since is told. CommandError where it is none."""
    if args.baseline is None:
        return outcome
    from pgfpmlint import baseline

    try:
        outcome, gone = baseline.read(args.baseline).without_known(outcome)
    except baseline.BaselineError as error:
        raise CommandError(str(error)) from error
    if not args.quiet:
        for entry in gone:
            warn(_shown(f"{args.baseline}: {entry.rule} is gone from {entry.path}: {entry.text}") + "\n")
        if gone:
            warn(f"{args.baseline}: --write-baseline {args.baseline} drops what is gone\n")
    return outcome


def broke(outcome: Outcome) -> bool:
    """Whether a rule broke, which is told."""
    for crash in outcome.crashed:
        warn(f"pgfpmlint: internal error: {crash.rule}: {_shown(crash.error)}\n")
    if outcome.crashed:
        from pgfpmlint.breakage import ADVICE

        warn(f"pgfpmlint: {ADVICE}\n")
    return bool(outcome.crashed)


def _shown(words: str) -> str:
    from pgfpmlint.report.secrets import masked
    from pgfpmlint.report.snippet import harmless

    return harmless(masked(words))
