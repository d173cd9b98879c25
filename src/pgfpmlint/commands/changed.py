"""``pgfpmlint check --changed``: imported where it is given.

Which files it means git tells: what is different from a commit, staged or not, and what is new to it.

https://git-scm.com/docs/git-diff, https://git-scm.com/docs/git-ls-files
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from pgfpmlint import pipeline
from pgfpmlint.commands import CommandError
from pgfpmlint.config import Config
from pgfpmlint.discover.found import Discovery
from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.model.change import Change
from pgfpmlint.options import Options
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.source import paths
from pgfpmlint.source.disk import DiskTree
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from subprocess import CompletedProcess

HEAD = "HEAD"

DIFF = ("diff", "-z", "--name-only", "--no-renames", "--no-relative", "--no-ext-diff", "--no-textconv")

Touches = Callable[[Iterable[Place]], bool]


def linted(ref: str, tree: DiskTree, config: Config, options: Options) -> tuple[Outcome, Touches]:
    """The whole tree's outcome, and what tells by its places whether the change touches a finding."""
    files = changed_files(ref)
    found, world, outcome = pipeline.examine(tree, config, options)
    rule_folders = [folder.text for folder in config.rules.extra]
    change = Change(_shown(files, found, tree.where), found, world.deployment.links, rule_folders)
    return outcome, change.touches


def _shown(files: frozenset[str], found: Discovery, where: str) -> set[str]:
    """The ``files`` as reports show them; git knows a file behind a link by its own path."""
    behind = {file.shown for file in found.files if os.path.realpath(os.path.join(where, file.shown)) in files}
    return {paths.shown(path, where) for path in files} | behind


def changed_files(ref: str) -> frozenset[str]:
    """Absolute paths, of files that are gone, too. ``ref`` is a commit: what came since the working tree's history left
    that commit's; empty for the last commit, or for what pre-commit compares with (``--from-ref``).

    CommandError where git can't tell."""
    ref = ref or os.environ.get("PRE_COMMIT_FROM_REF") or HEAD
    top = _asked(os.getcwd(), "rev-parse", "--show-toplevel").removesuffix("\n")
    untracked = _asked(top, "ls-files", "-z", "--others", "--exclude-standard")
    if ref == HEAD and _answer(top, "rev-parse", "--quiet", "--verify", HEAD).returncode:
        known = _asked(top, "ls-files", "-z", "--cached")  # before the first commit everything is new
    else:
        known = _asked(top, *DIFF, _base(top, ref), "--")
    names = (name for name in (known + untracked).split("\0") if name)
    return frozenset(os.path.normpath(os.path.join(top, name)) for name in names)


def _base(top: str, ref: str) -> str:
    """The commit to compare the files with."""
    commit = _answer(top, "rev-parse", "--quiet", "--verify", "--end-of-options", f"{ref}^{{commit}}")
    if commit.returncode:
        path = f"; to lint {ref}, write --changed={HEAD} {ref}" if os.path.lexists(ref) else ""
        raise CommandError(f"--changed {ref}: git knows no such commit{path}")
    if ref == HEAD:
        return commit.stdout.strip()
    base = _answer(top, "merge-base", commit.stdout.strip(), HEAD)
    if base.returncode:
        raise CommandError(
            f"--changed {ref}: as far as this clone goes it shares no history with {HEAD}; fetch more (fetch-depth: 0)"
        )
    return base.stdout.strip()


def _asked(folder: str, *words: str) -> str:
    answer = _answer(folder, *words)
    if answer.returncode:
        lines = answer.stderr.strip().splitlines() or ["it gave no reason"]
        raise CommandError(f"--changed asks git, which answers: {lines[0].removeprefix('fatal: ')}")
    return answer.stdout


def _answer(folder: str, *words: str) -> CompletedProcess[str]:
    """Nothing that the repository's configuration names is run for it, and nothing is written."""
    from subprocess import DEVNULL, run

    try:
        return run(
            ["git", "-c", "core.fsmonitor=false", *words],
            cwd=folder,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"},
            stdin=DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
        )
    except FileNotFoundError:
        raise CommandError("--changed asks git, which is not installed") from None
