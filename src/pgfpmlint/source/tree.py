"""Trees of files, seen as the machines that they belong to see them.

A tree is what the user asked to lint. Inside it lie *host roots*: folders that stand for the ``/`` of one machine.
Everything that follows a path written in a configuration file works on a `Root` and with that machine's own absolute
paths (``/etc/php/8.3/fpm/pool.d/www.conf``); a Root never reads anything outside itself, symbolic links included.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from pgfpmlint.source.text import Source

# A configuration file larger than this is not read: the servers' own files stay far below 1 MB, and a linter that
# runs in a commit hook must not hang on a database dump named postgresql.conf.
LARGEST_FILE = 4 * 1024 * 1024


class Unreadable(Exception):
    """A file or folder that is there but can't be read; ``why`` is for people and names no path.

    ``missing`` tells the one case that many servers treat on its own: nothing has that name.
    """

    def __init__(self, why: str, *, missing: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.missing = missing


class Root(Protocol):
    """One machine's ``/``. All paths are that machine's: absolute, ``/``-separated, normalised by the callee."""

    name: str
    """Name of the host, as in ``hosts:`` of the configuration or the folder's own name."""

    complete: bool
    """Whether a path that is not below the root certainly does not exist on the machine: true for a live ``/`` or
    a full copy, false for a repository, which holds only some of a machine's files."""

    def read(self, path: str) -> Source:
        """The file's text; `Unreadable` when missing, no regular file, larger than LARGEST_FILE, or forbidden."""

    def names(self, path: str) -> list[str]:
        """Names in a folder, sorted by code point; `Unreadable` when it is missing, forbidden, or no folder."""

    def is_file(self, path: str) -> bool: ...

    def is_folder(self, path: str) -> bool: ...

    def shown(self, path: str) -> str:
        """The path as people see it: below the working directory when possible."""


class Entry(NamedTuple):
    """One file that a tree holds: the path shown to people and, where it can't be read, why."""

    path: str
    unreadable: str | None = None


class Tree(Protocol):
    """What the user asked to lint."""

    def files(self) -> list[Entry]:
        """Every file, sorted by path; version-control and dependency folders are passed over."""

    def root(self, name: str, prefix: str, *, complete: bool) -> Root:
        """The folder ``prefix`` (a shown path) as one machine's ``/``."""
