"""``pgfpmlint check --fix`` and ``--diff``: imported where one of them is given."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable

from pgfpmlint.commands import CommandError, target
from pgfpmlint.console import say, say_bytes, warn
from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.fix import SAFE, UNSAFE
from pgfpmlint.fix.mend import Mended, Wanted, mend
from pgfpmlint.fix.verify import CAPACITY
from pgfpmlint.fix.write import NotWritten, write
from pgfpmlint.options import Options
from pgfpmlint.registry.load import rule_book
from pgfpmlint.registry.select import named
from pgfpmlint.report.diff import diff
from pgfpmlint.report.snippet import Screen, harmless
from pgfpmlint.source import paths
from pgfpmlint.source.disk import DiskTree

Conclude = Callable[[Outcome, Callable[[str], None]], int]
"""Reports an outcome by the given means, and tells the exit code."""


def run(args: Namespace, options: Options, known: Callable[[Outcome], Outcome] | None, conclude: Conclude) -> int:
    """With ``--fix`` the exit code by what remains, with ``--diff`` 1 where there is something to change; 2 where a
    file could not be written. ``known`` leaves out of an outcome what a baseline holds."""
    if not (args.fix or args.diff):
        raise CommandError("--unsafe-fixes needs --fix or --diff")
    for option in ("write_baseline", "show_files", "changed"):
        if getattr(args, option) not in (None, False):
            raise CommandError(f"--{option.replace('_', '-')} does not go with --fix and --diff")
    tree = target.disk_tree(args)
    from_stdin = target.STDIN in args.paths
    only = _shown(tree, args.stdin_filename) if from_stdin else None
    safeties = frozenset((SAFE, UNSAFE) if args.unsafe_fixes else (SAFE,))
    mended = mend(tree, target.config(args), options, Wanted(safeties, _named(options), only, known=known))
    if args.diff:
        return _show(mended, args)
    if only is not None:
        say_bytes(_after(mended, tree, only))
    failed = "" if from_stdin else _write(mended, tree)
    if not args.quiet:
        warn(_account(mended, unsafe=args.unsafe_fixes))
    warn(failed)
    code = conclude(mended.outcome, warn if from_stdin else say)
    return 2 if failed else code


def _named(options: Options) -> frozenset[str]:
    """The rules that ``--select`` asks for by id or family."""
    book = rule_book()
    return frozenset(rule for word in options.select if word != "all" for rule in named(book, "--select", word))


def _shown(tree: DiskTree, path: str) -> str:
    return paths.shown(os.path.normpath(os.path.join(tree.where, path)), tree.where)


def _after(mended: Mended, tree: DiskTree, path: str) -> bytes:
    """The whole text that standard input becomes."""
    change = mended.changes.get(path)
    if change is not None:
        return change.text.encode("utf-8", "surrogateescape")
    return tree.root("", "/", complete=True).read(paths.join(tree.where, path)).data


def _show(mended: Mended, args: Namespace) -> int:
    text, hidden = diff(mended.changes.values())
    say(text)
    if hidden:
        warn("the diff hides secrets, and is not one to apply: --fix changes the files themselves\n")
    if not args.quiet:
        warn(_account(mended, unsafe=args.unsafe_fixes, would=True))
    return int(bool(mended.changes))


def _write(mended: Mended, tree: DiskTree) -> str:
    """What could not be written, a line each."""
    failed = []
    for path, change in mended.changes.items():
        try:
            write(change, tree.where, tree.bases)
        except NotWritten as why:
            failed.append(f"pgfpmlint: {harmless(path)}: not written: {why}\n")
    return "".join(failed)


def _account(mended: Mended, *, unsafe: bool, would: bool = False) -> str:
    """What was done, what could have been, and what was tried in vain."""
    screen = Screen()
    lines = []
    for finding, why in mended.declined:
        where = f"{harmless(finding.at.path)}:{finding.at.line}"
        lines.append(f"{where}: {finding.rule}: not fixed: {screen.words(why, screen.secrets([finding.at.source]))}")
    files = len(mended.changes)
    done = f"{'would fix' if would else 'fixed'} {mended.fixed} finding{'s'[: mended.fixed != 1]}"
    parts = [f"{done} in {files} file{'s'[: files != 1]}"] if mended.fixed else []
    if mended.more and not unsafe:
        parts.append(f"{mended.more} more with --unsafe-fixes")
    if mended.numbers:
        with_fix = {found.rule for found in mended.outcome.findings if found.fix}
        named = sorted(rule for rule in with_fix if rule.startswith(CAPACITY))
        parts.append(f"{mended.numbers} with --unsafe-fixes --select {','.join(named)}")
    if parts:
        lines.append("; ".join(parts))
    return "".join(f"{line}\n" for line in lines)
