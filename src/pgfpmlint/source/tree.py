"""Trees of files, seen as the machines that they belong to see them.

A tree is what the user asked to lint. Inside it lie *host roots*: folders that stand for the ``/`` of one machine.
Everything that follows a path written in a configuration file works on a `Root` and with that machine's own absolute
paths (``/etc/php/8.3/fpm/pool.d/www.conf``); a Root never reads anything outside itself, symbolic links included.
"""

from __future__ import annotations

from pgfpmlint.record import NamedTuple, Protocol
from pgfpmlint.source.text import Source

# A configuration file larger than this is not read: the servers' own files stay far below 1 MB, and a linter that
# runs in a commit hook must not hang on a database dump named postgresql.conf.
LARGEST_FILE = 4 * 1024 * 1024

# How much of a file is looked at to tell what it is.
HEAD = 64 * 1024

PASSED_OVER = frozenset(
    (
        *(".git", ".hg", ".svn", ".bzr", "CVS"),
        *("node_modules", "bower_components", "vendor", "site-packages", ".venv", ".tox", ".nox", ".eggs", ".direnv"),
        *("__pycache__", ".cache", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache"),
        *(".idea", ".terraform", ".vagrant", ".vscode"),
    )
)
"""Folders that are never walked into: what version control, package managers and tools keep for themselves.
One that is given as a PATH is walked all the same."""


DEVICE = "is a device, not a regular file"


class Unreadable(Exception):
    """A file or folder that is there but can't be read; ``why`` is for people and names no path.

    ``missing`` tells the one case that many servers treat on its own: nothing has that name. A device is nothing that
    a linter opens, but /dev/null is what people name where a server wants a file.
    """

    def __init__(self, why: str, *, missing: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.missing = missing

    @property
    def is_device(self) -> bool:
        return self.why == DEVICE


def too_large(size: int) -> Unreadable:
    megabytes, limit = size / 1024**2, LARGEST_FILE // 1024**2
    return Unreadable(
        f"is too large for a configuration file: {megabytes:.0f} MB, and no more than {limit} MB are read"
    )


class Root(Protocol):
    """One machine's ``/``. All paths are that machine's: absolute, ``/``-separated, normalised by the callee."""

    name: str
    """Name of the host, as in ``hosts:`` of the configuration or the folder's own name."""

    complete: bool
    """Whether a path that is not below the root certainly does not exist on the machine: true for a live ``/`` or
    a full copy, false for a repository, which holds only some of a machine's files."""

    live: bool
    """Whether this is ``/`` of the very machine that we run on, where everything can be asked for."""

    def read(self, path: str) -> Source:
        """The file's text; `Unreadable` when missing, no regular file, larger than LARGEST_FILE, or forbidden.

        A file is read once: the same Source comes back each time.
        """

    def head(self, path: str) -> str:
        """The first HEAD bytes of the file as text, also of one that is too large to be read; else as `read`."""

    def names(self, path: str) -> list[str]:
        """Names in a folder, sorted by code point; `Unreadable` when it is missing, forbidden, or no folder."""

    def is_file(self, path: str) -> bool: ...

    def is_folder(self, path: str) -> bool: ...

    def shown(self, path: str) -> str:
        """The path as people see it: below the working directory when possible."""


class Entry(NamedTuple):
    """One file that a tree holds: the path shown to people and, where it can't be read, why.

    ``link`` is what a symbolic link says, unfollowed: only the machine that it belongs to knows where that leads.
    ``named``: the user named this very file, it was not come across in a folder. ``folder``: it is a folder, which is
    an entry only if it can't be listed.
    """

    path: str
    unreadable: str | None = None
    link: str | None = None
    named: bool = False
    folder: bool = False


class Tree(Protocol):
    """What the user asked to lint."""

    where: str
    """The folder that shown paths start from, as an absolute path; empty for a tree in memory."""

    @property
    def bases(self) -> list[str]:
        """Shown paths of the folders that were given, ``""`` for the working directory; of a file, its folder."""

    def files(self) -> list[Entry]:
        """Every file, sorted by path; version-control and dependency folders are passed over.

        A folder that can't be listed is an unreadable Entry; symbolic links to folders are not followed.
        """

    def root(self, name: str, prefix: str, *, complete: bool) -> Root:
        """The folder ``prefix`` (a shown path) as one machine's ``/``."""
