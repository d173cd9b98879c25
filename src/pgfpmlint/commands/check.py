"""``pgfpmlint check``: the main job."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from functools import partial

from pgfpmlint import pipeline
from pgfpmlint.commands import CommandError, judging, outputs, target
from pgfpmlint.config import ConfigError
from pgfpmlint.console import say, warn
from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.finding import SEVERITIES
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.registry.load import RuleBookMissing
from pgfpmlint.registry.select import SelectionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgfpmlint.commands.changed import Touches


def add_arguments(parser: ArgumentParser) -> None:
    target.add_arguments(parser)
    target.add_facts(parser)
    add = parser.add_argument
    judging.add_arguments(parser)
    add("--fail-on", choices=(*SEVERITIES, "never"), default="warning", help="exit with 1 from this severity on")
    outputs.add_arguments(parser)
    add("--fix", action="store_true", help="apply what can be mended safely, and report what remains")
    add("--unsafe-fixes", action="store_true", help="with --fix or --diff: what changes what a server does, too")
    add("--diff", action="store_true", help="print what --fix would change as a diff, and change nothing")
    add("--changed", nargs="?", const="", metavar="REF", help="only findings that changes since REF (HEAD) touch")
    judging.add_baseline(parser)
    add("--write-baseline", metavar="FILE", help="hold today's findings as known, in FILE, and stop")
    add("--show-files", action="store_true", help="list the files found, with the reason for each, and stop")
    add("--explain-config", action="store_true", help="tell what the configuration comes to, line by line, and stop")
    add("--allow-empty", action="store_true", help="exit with 0 where there is nothing to lint")
    add("--jobs", type=_number, metavar="N", help="without effect: one process does it all")
    add("--statistics", action="store_true", help="count the findings of each rule")
    add("-q", "--quiet", action="store_true", help="the report and nothing else")
    add("-v", "--verbose", action="store_true", help="name every version, rule and file that the summary is about")


def run(args: Namespace) -> int:
    """0 where nothing reaches ``--fail-on``, 1 where something does, 2 where a rule broke."""
    if args.facts and (args.fix or args.diff or args.changed is not None):
        raise CommandError("--facts are no files: --fix, --diff and --changed can't be meant")
    wanted = outputs.wanted(args)
    try:
        if args.explain_config:
            return _explain_config(args)
        if args.fix or args.diff or args.unsafe_fixes:
            from pgfpmlint.commands import fixing

            known = partial(judging.without_known, args=args) if args.baseline is not None else None
            return fixing.run(args, judging.options(args), known, partial(_concluded, args, wanted))
        outcome, touches = _linted(args)
    except (ConfigError, SelectionError, RuleBookMissing) as error:
        raise CommandError(str(error)) from error
    if args.show_files:
        from pgfpmlint.report.files import listing

        say(listing(outcome))
        return 0
    if not (outcome.files or outcome.findings or args.allow_empty):
        from pgfpmlint.report.files import unlinted

        where = unlinted(outcome) or f" in {', '.join(args.paths)}"
        raise CommandError(f"nothing to lint{where}; name files with --as KIND, or --allow-empty")
    if args.write_baseline is not None:
        return _write_baseline(outcome, args)
    outcome = judging.without_known(outcome, args)
    if touches is not None:
        outcome = outcome.touched(touches)
    return _concluded(args, wanted, outcome, say)


def _concluded(args: Namespace, wanted: Sequence[outputs.Output], outcome: Outcome, tell: Callable[[str], None]) -> int:
    """Report, to standard output by means of ``tell``, and the exit code."""
    failing = SEVERITIES[: SEVERITIES.index(args.fail_on) + 1] if args.fail_on != "never" else ()
    outputs.deliver(outcome, wanted, args, failing, tell)
    if not args.quiet:
        _remark(outcome, args, summed_up=outputs.is_for_people(wanted))
    if judging.broke(outcome):
        return 2
    return int(any(finding.severity in failing for finding in outcome.findings))


def _linted(args: Namespace) -> tuple[Outcome, Touches | None]:
    """The whole tree's outcome, and what tells the findings that alone are to be shown, if that is asked for."""
    if args.changed is None:
        return pipeline.lint(target.tree(args), target.config(args), judging.options(args)), None
    from pgfpmlint.commands.changed import linted

    return linted(args.changed, target.disk_tree(args), target.config(args), judging.options(args))


def _explain_config(args: Namespace) -> int:
    from pgfpmlint.report.configuration import explained

    config = target.config(args)
    say(explained(config, pipeline.wish(config, judging.options(args)), pipeline.rules_of(target.tree(args), config)))
    return 0


def _number(word: str) -> int:
    """Of jobs, and without effect. Of a check of 1,000 hosts (8.9 s of processor time) reading takes 6.2 s, and handing
    over what was read from one process to another 2.9 s: two that read half of it each would end a fifth sooner
    (1.3 to find the files + 3.1 + 1.0 + 0.4 + 1.4 to judge = 7.2 s), for twice the memory."""
    if not word.isascii() or not word.isdigit() or int(word) < 1:
        raise ArgumentTypeError(f"{word!r} is no number of jobs")
    return int(word)


def _remark(outcome: Outcome, args: Namespace, *, summed_up: bool) -> None:
    from pgfpmlint.report.summary import remarks, statistics, summary

    if args.statistics:
        warn(statistics(outcome))
    if summed_up:
        warn(remarks(outcome, verbose=args.verbose) + summary(outcome, verbose=args.verbose))


def _write_baseline(outcome: Outcome, args: Namespace) -> int:
    """What is known already stays known: of ``--baseline`` nothing is left out."""
    from pgfpmlint import baseline

    if judging.broke(outcome):
        return 2
    name, number = args.write_baseline, baseline.write(outcome, args.write_baseline)
    if not args.quiet:
        warn(f"{name}: known findings: {number}; --baseline {name} leaves them out\n")
    return 0
