"""Which tree a command looks at: the paths, options and configuration that all commands over trees share."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace

from pgfpmlint.catalog import version
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.commands import CommandError
from pgfpmlint.config import Config
from pgfpmlint.config.lookup import find, load
from pgfpmlint.formats import FORMATS
from pgfpmlint.options import Options
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.source import paths
from pgfpmlint.source.disk import DiskTree
from pgfpmlint.source.tree import Tree

if TYPE_CHECKING:
    from pgfpmlint.facts.fleet import Stored

PRODUCTS = {
    "postgres_version": version.POSTGRESQL,
    "php_version": version.PHP,
    "pgbouncer_version": version.PGBOUNCER,
}

STDIN = "-"
KINDS = ", ".join(FORMATS)


def add_arguments(parser: ArgumentParser) -> None:
    """The options that say which files are looked at, and as what."""
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


def add_facts(parser: ArgumentParser) -> None:
    """For commands that look at a fleet."""
    does = "in the place of PATH: what pgfpmlint facts wrote, of many hosts"
    parser.add_argument("--facts", nargs="+", metavar="HOST.json", help=does)


def tree(args: Namespace) -> Tree:
    """The files that the paths name, or those of a fleet. CommandError where one of them is not there."""
    return _fleet(args) if _facts(args) else disk_tree(args)


def disk_tree(args: Namespace) -> DiskTree:
    """The files that the paths name. CommandError where one of them is not there."""
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
    found = DiskTree(given)
    shown = paths.shown(os.path.normpath(os.path.join(found.where, args.stdin_filename)), found.where)
    return DiskTree(given, overlay={shown: sys.stdin.buffer.read()})


def _there(path: str) -> None:
    try:
        os.lstat(path)
    except (OSError, ValueError) as error:  # no file's name can hold a NUL byte
        missing = isinstance(error, (FileNotFoundError, NotADirectoryError, ValueError))
        why = "no such file or folder" if missing else str(error.args[1])
        raise CommandError(f"{path}: {why}") from None


def config(args: Namespace) -> Config:
    """The configuration that counts for the paths. ConfigError where it can't be meant."""
    where = os.getcwd()
    given = [args.stdin_filename if path == STDIN else path for path in args.paths]
    path = args.config if args.config is not None else find(where, given)
    config = Config() if path is None else load(path, where)
    if not _facts(args):
        return config
    from pgfpmlint.facts.fleet import configured

    return configured(config, _facts_of(args))


def _facts(args: Namespace) -> list[str]:
    return getattr(args, "facts", None) or []


def _fleet(args: Namespace) -> Tree:
    from pgfpmlint.facts.fleet import Fleet

    if args.paths != ["."] or args.root is not None or args.as_kind is not None or args.stdin_filename:
        raise CommandError("--facts stands in the place of PATH, --root, --as and --stdin-filename")
    return Fleet([facts for _, facts in _facts_of(args)])


def _facts_of(args: Namespace) -> list[Stored]:
    """Read once."""
    from pgfpmlint.facts.fleet import loaded
    from pgfpmlint.facts.host import FactsError

    if not hasattr(args, "read_facts"):
        try:
            args.read_facts = loaded(args.facts)
        except FactsError as error:
            raise CommandError(str(error)) from None
    found: list[Stored] = args.read_facts
    return found


def options(args: Namespace) -> Options:
    """What is said about files and versions. CommandError where a version is none."""
    versions: dict[str, ServerVersion] = {}
    for name, product in PRODUCTS.items():
        text = getattr(args, name)
        if text is not None:
            option = f"--{name.replace('_', '-')}"
            try:
                versions[product] = version.parse(product, text, option)
            except ValueError as error:
                raise CommandError(f"{option}: {error}") from None
    return Options(args.root, args.as_kind, versions)
