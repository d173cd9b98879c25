"""What a server asks of the machine that it starts on, beyond its own files: accounts, folders, limits.

A tree seldom tells. A live machine does; of accounts every tree that holds a machine's ``etc/passwd`` does. Whatever is
not certain is answered with None.
"""

from __future__ import annotations

import sys

from pgfpmlint.source import paths
from pgfpmlint.source.tree import Root, Unreadable

NSSWITCH = "/etc/nsswitch.conf"

# Where names come from, in nsswitch.conf(5): /etc/passwd and /etc/group, and services' own transient accounts.
# Anything else (ldap, sss, nis) knows accounts that no file shows.
PLAIN_SOURCES = frozenset(("compat", "files", "systemd"))


class Machine:
    """The machine whose ``/`` is ``root``."""

    __slots__ = ("_names", "_root")

    def __init__(self, root: Root) -> None:
        self._root = root
        self._names: dict[str, frozenset[str] | None] = {}

    def has_user(self, name: str) -> bool | None:
        return self._has("passwd", name)

    def has_group(self, name: str) -> bool | None:
        return self._has("group", name)

    def has_folder(self, path: str) -> bool | None:
        parts = path.split("/")
        if ".." in parts and any(
            self.has_folder("/".join(parts[:at])) is False for at, part in enumerate(parts) if at > 1 and part == ".."
        ):
            return False  # nothing leads back from a folder that is not there
        if self._root.is_folder(path):
            return True
        if not self._root.live:
            return None
        try:
            self._root.names(path)
        except Unreadable as error:
            return False if error.missing else None
        return True

    def has_file(self, path: str) -> bool | None:
        if self._root.is_file(path):
            return True
        return False if self._root.live and self.has_folder(paths.folder(path)) is not None else None

    def lacks(self, path: str, marks: tuple[str, ...]) -> bool:
        """Whether a file is there, can be read, and holds none of ``marks``."""
        text = self._text(path)
        return text is not None and not any(mark in text for mark in marks)

    def has_entry(self, folder: str, path: str) -> bool:
        """Whether a relative path is there below ``folder``, in upper or lower case."""
        for part in path.split("/"):
            try:
                names = self._root.names(folder)
            except Unreadable:
                return False
            found = next((name for name in names if name.lower() == part.lower()), None)
            if found is None:
                return False
            folder = f"{folder}/{found}"
        return True

    def cannot_create(self, path: str) -> str:
        """Why a file of that name certainly can't be opened for writing, in the system's words; else empty."""
        if self.has_folder(path):
            return "Is a directory (21)"
        return "No such file or directory (2)" if self.has_folder(paths.folder(path)) is False else ""

    def is_linux(self) -> bool:
        """Whether it is certainly a Linux."""
        return self._root.live and sys.platform == "linux"

    def stack_limit(self) -> int | None:
        """Bytes that a process started here may use as its stack; None where that is not limited or not known."""
        if not self._root.live:
            return None
        try:
            import resource
        except ImportError:  # there is none on Windows
            return None
        soft = resource.getrlimit(resource.RLIMIT_STACK)[0]
        return None if soft == resource.RLIM_INFINITY else soft

    def _has(self, table: str, name: str) -> bool | None:
        if table not in self._names:
            self._names[table] = self._listed(table)
        names = self._names[table]
        return None if names is None else name in names

    def _listed(self, table: str) -> frozenset[str] | None:
        text = self._text(f"/etc/{table}")
        if text is None or not self._is_plain(table):
            return None
        names = frozenset(line.partition(":")[0] for line in text.splitlines() if ":" in line)
        return None if any(name.startswith("+") for name in names) else names  # "+" takes in a NIS map

    def _is_plain(self, table: str) -> bool:
        for line in (self._text(NSSWITCH) or "").splitlines():
            database, colon, sources = line.partition("#")[0].partition(":")
            if colon and database.strip() == table:
                return PLAIN_SOURCES.issuperset(word for word in sources.split() if not word.startswith("["))
        return True

    def _text(self, path: str) -> str | None:
        try:
            return self._root.read(path).text
        except Unreadable:
            return None
