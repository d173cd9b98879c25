"""``pgfpmlint check``: the main job."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace

from pgfpmlint import pipeline
from pgfpmlint.catalog import version
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.commands import CommandError
from pgfpmlint.config import Config, ConfigError
from pgfpmlint.config.lookup import find, load
from pgfpmlint.console import say, wants_color, warn
from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.finding import SEVERITIES
from pgfpmlint.formats import FORMATS
from pgfpmlint.options import Options
from pgfpmlint.registry.load import RuleBookMissing
from pgfpmlint.registry.select import SelectionError
from pgfpmlint.report import REPORTERS, Look, render
from pgfpmlint.source import paths
from pgfpmlint.source.disk import DiskTree

PRODUCTS = {
    "postgres_version": version.POSTGRESQL,
    "php_version": version.PHP,
    "pgbouncer_version": version.PGBOUNCER,
}

STDIN = "-"
KINDS = ", ".join(FORMATS)


def add_arguments(parser: ArgumentParser) -> None:
    add = parser.add_argument
    parser.usage = "%(prog)s [option ...] [PATH ...]"
    add("paths", nargs="*", metavar="PATH", default=["."], help="file, folder, or - for standard input (default: .)")
    add("--stdin-filename", metavar="PATH", help="the file that standard input stands for")
    add("--root", metavar="DIR", help="the folder that stands for one machine's /")
    add("--config", metavar="FILE", help="instead of the .pgfpmlint.yaml nearest to PATH, or to here")
    add("--as", dest="as_kind", choices=tuple(FORMATS), metavar="KIND", help=f"kind of the files named: {KINDS}")
    add("--postgres-version", metavar="N", help="judge as that PostgreSQL does")
    add("--php-version", metavar="N", help="judge as that PHP does")
    add("--pgbouncer-version", metavar="N", help="judge as that PgBouncer does")
    add("--select", action="append", metavar="IDS", help="only these rules: ids, families (hba/) or all")
    add("--ignore", action="append", metavar="IDS", help="not these rules")
    add("--pedantic", action="store_true", help="opinions too")
    add("--fail-on", choices=(*SEVERITIES, "never"), default="warning", help="exit with 1 from this severity on")
    add("--format", choices=tuple(REPORTERS), default="text", help="how to report")
    add("-o", "--output", metavar="FILE", help="write the report there")
    add("--color", choices=("auto", "always", "never"), default="auto", help="whether to colour the report")
    add("--show-files", action="store_true", help="list the files found, with the reason for each, and stop")
    add("--allow-empty", action="store_true", help="exit with 0 where there is nothing to lint")
    add("--statistics", action="store_true", help="count the findings of each rule")
    add("-q", "--quiet", action="store_true", help="the report and nothing else")
    add("-v", "--verbose", action="store_true", help="name every version, rule and file that the summary is about")


def run(args: Namespace) -> int:
    """0 where nothing reaches ``--fail-on``, 1 where something does, 2 where a rule broke."""
    try:
        outcome = pipeline.lint(_tree(args), _config(args), _options(args))
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
    _report(outcome, args)
    if not args.quiet:
        _remark(outcome, args)
    for crash in outcome.crashed:
        warn(f"pgfpmlint: internal error: {crash.rule}: {_shown(crash.error)}\n")
    if outcome.crashed:
        return 2
    failing = SEVERITIES[: SEVERITIES.index(args.fail_on) + 1] if args.fail_on != "never" else ()
    return int(any(finding.severity in failing for finding in outcome.findings))


def _tree(args: Namespace) -> DiskTree:
    given = [path for path in args.paths if path != STDIN]
    for path in given:
        _there(path)
    if args.root is not None and not os.path.isdir(args.root):
        raise CommandError(f"--root {args.root}: no such folder")
    if len(given) == len(args.paths):
        if args.stdin_filename:
            raise CommandError("--stdin-filename needs - among the paths")
        return DiskTree(given)
    if not args.stdin_filename:
        raise CommandError("- needs --stdin-filename: which file does standard input stand for?")
    tree = DiskTree(given)
    shown = paths.shown(os.path.normpath(os.path.join(tree.where, args.stdin_filename)), tree.where)
    return DiskTree(given, overlay={shown: sys.stdin.buffer.read()})


def _there(path: str) -> None:
    try:
        os.lstat(path)
    except (OSError, ValueError) as error:  # no file's name can hold a NUL byte
        missing = isinstance(error, (FileNotFoundError, NotADirectoryError, ValueError))
        why = "no such file or folder" if missing else str(error.args[1])
        raise CommandError(f"{path}: {why}") from None


def _config(args: Namespace) -> Config:
    where = os.getcwd()
    given = [args.stdin_filename if path == STDIN else path for path in args.paths]
    path = args.config if args.config is not None else find(where, given)
    return Config() if path is None else load(path, where)


def _options(args: Namespace) -> Options:
    versions: dict[str, ServerVersion] = {}
    for name, product in PRODUCTS.items():
        text = getattr(args, name)
        if text is not None:
            option = f"--{name.replace('_', '-')}"
            try:
                versions[product] = version.parse(product, text, option)
            except ValueError as error:
                raise CommandError(f"{option}: {error}") from None
    select, ignore = _words("--select", args.select), _words("--ignore", args.ignore)
    return Options(args.root, args.as_kind, versions, select, ignore, args.pedantic)


def _words(option: str, given: list[str] | None) -> tuple[str, ...]:
    """Ids of an option that may be repeated and may hold several, with commas or blanks between them."""
    found = tuple(word for words in given or () for word in words.replace(",", " ").split())
    if given and not found:  # an empty variable of a script must not select everything
        raise CommandError(f"{option} names no rule")
    return found


def _report(outcome: Outcome, args: Namespace) -> None:
    color = wants_color(args.color) if args.output is None else args.color == "always"
    text = render(args.format, outcome, Look(color))
    if args.output is None:
        say(text)
    else:
        with open(args.output, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)


def _remark(outcome: Outcome, args: Namespace) -> None:
    from pgfpmlint.report.summary import remarks, statistics, summary

    if args.statistics:
        warn(statistics(outcome))
    if args.format == "text" or args.output is not None:
        warn(remarks(outcome, verbose=args.verbose) + summary(outcome, verbose=args.verbose))


def _shown(words: str) -> str:
    from pgfpmlint.report.secrets import masked
    from pgfpmlint.report.snippet import harmless

    return harmless(masked(words))
