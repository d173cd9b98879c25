"""``pgfpmlint init``: a starter ``.pgfpmlint.yaml``."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace

from pgfpmlint import pipeline
from pgfpmlint.commands import CommandError
from pgfpmlint.config import Config
from pgfpmlint.config.lookup import FILE_NAME
from pgfpmlint.console import say, warn
from pgfpmlint.options import Options
from pgfpmlint.report.starter import Starter
from pgfpmlint.source import paths
from pgfpmlint.source.disk import DiskTree


def add_arguments(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("folder", nargs="?", default=".", metavar="FOLDER", help=f"where the {FILE_NAME} goes (default: .)")
    add("--stdout", action="store_true", help="print it instead")


def run(args: Namespace) -> int:
    """0 once it is written. CommandError where there is one already, or nothing that it could speak of."""
    if not os.path.isdir(args.folder):
        raise CommandError(f"{args.folder}: no such folder")
    target = os.path.join(args.folder, FILE_NAME) if args.folder != "." else FILE_NAME
    if os.path.lexists(target) and not args.stdout:
        raise CommandError(f"{target} is there already; --stdout prints a new one to take lines from")
    tree = DiskTree([args.folder])
    config = Config(folder=paths.shown(os.path.abspath(args.folder), tree.where))
    found = pipeline.find(tree, config, Options())
    if not found.linted:
        raise CommandError(f"nothing to lint in {args.folder}, so there is nothing to configure")
    text = Starter(found, pipeline.understand(found, config), config.folder).text()
    if args.stdout:
        say(text)
        return 0
    with open(target, "x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    warn(f"{target}: written; the lines with a question mark are for you\n")
    return 0
