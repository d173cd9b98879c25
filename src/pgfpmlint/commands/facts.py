"""``pgfpmlint facts``: what one host's files say, without secrets, for a check of a whole fleet elsewhere."""

from __future__ import annotations

import os
from argparse import ArgumentParser, ArgumentTypeError, Namespace

from pgfpmlint.commands import CommandError, target
from pgfpmlint.commands.outputs import write
from pgfpmlint.config import ConfigError
from pgfpmlint.console import say, warn
from pgfpmlint.discover.hosts import LOCALHOST
from pgfpmlint.registry.load import RuleBookMissing
from pgfpmlint.registry.select import SelectionError


def add_arguments(parser: ArgumentParser) -> None:
    target.add_arguments(parser)
    parser.epilog = "Exit codes: 0 the facts are written; 2 they are not. check --facts reads them."
    add = parser.add_argument
    add("-o", "--output", metavar="HOST.json", help="write there, and not to standard output")
    add("--host", metavar="NAME", help="what the host is called in the fleet (default: as check calls it here)")
    add("--count", type=_count, metavar="N", help="how many machines are exactly like this one")
    add("--address", action="append", metavar="A", help="an address or name that the host is known by; repeatable")
    add("-q", "--quiet", action="store_true", help="the facts and no word about them")


def run(args: Namespace) -> int:
    """0 where the facts are written. CommandError where PATH is not one host."""
    from pgfpmlint.facts.host import collect, written

    if args.host is not None and set(args.host) & set("/:\0\n"):
        raise CommandError(f"--host {args.host}: a name without / and :")
    try:
        found = collect(target.tree(args), target.config(args), target.options(args))
    except (ConfigError, SelectionError, RuleBookMissing) as error:
        raise CommandError(str(error)) from error
    where = ", ".join(args.paths)
    if not found:
        raise CommandError(f"nothing to collect in {where}")
    if len(found) > 1:
        names = ", ".join(one.name for one in found[:5])
        raise CommandError(f"{where} holds {len(found)} hosts: {names}; name the folder of one")
    (facts,) = found
    name = args.host or (os.uname().nodename if facts.name == LOCALHOST else facts.name)
    name = name.replace("/", "-").replace(":", "-")
    facts = facts._replace(name=name, machines=args.count, addresses=tuple(args.address or ()))
    if args.output is None:
        say(written(facts))
    else:
        write(args.output, written(facts))
    if not args.quiet:
        number = len(facts.files)
        warn(f"{args.output or 'facts'}: {number} {'file' if number == 1 else 'files'} of {name}, without secrets\n")
    return 0


def _count(word: str) -> int:
    if not word.isascii() or not word.isdigit() or int(word) < 1:
        raise ArgumentTypeError(f"{word!r} is no number of machines")
    return int(word)
