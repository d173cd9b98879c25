"""A tree on disk, and its machines' roots.

Written for other people's machines: nothing that is no regular file is opened, for a FIFO named postgresql.conf would
hang the run and opening a device can have effects; symbolic links never lead out of a root.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping, Sequence

from pgfpmlint.source import paths
from pgfpmlint.source.text import Source
from pgfpmlint.source.tree import DEVICE, HEAD, LARGEST_FILE, PASSED_OVER, Entry, Unreadable, too_large

NOTHING: Mapping[str, bytes] = {}

# The kernel's own limit (https://man7.org/linux/man-pages/man7/path_resolution.7.html).
MOST_LINKS = 40

# Of a live machine, these hold no files but the kernel's and the running programs' own.
KERNELS_OWN = frozenset({"/dev", "/proc", "/run", "/sys"})

_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_CLOEXEC", 0)


class DiskTree:
    """Files and folders given on the command line; relative ones start from ``where``, the working directory.

    ``overlay`` maps shown paths to the bytes that stand for the file there: an editor's unsaved text, or standard
    input under the name that it was given.
    """

    def __init__(
        self, given: Sequence[str] = (".",), *, where: str | None = None, overlay: Mapping[str, bytes] = NOTHING
    ) -> None:
        self.where = os.path.abspath(where) if where is not None else os.getcwd()
        self._given = [os.path.normpath(os.path.join(self.where, path)) for path in given]
        self._overlay = overlay

    @property
    def bases(self) -> list[str]:
        folders = [path if os.path.isdir(path) else os.path.dirname(path) for path in self._given]
        folders += [os.path.dirname(os.path.join(self.where, path)) for path in self._overlay]
        return [paths.shown(folder, self.where) for folder in folders]

    def files(self) -> list[Entry]:
        found: list[Entry] = []
        for path in self._given:
            shown = paths.shown(path, self.where)
            found += _below(path, shown) if os.path.isdir(path) else [_given_file(path, shown)]
        found += [Entry(path, named=True) for path in self._overlay]
        if len(self._given) > 1 or self._overlay:
            found.sort(key=lambda entry: entry.named)  # of a file that was met twice the named entry stays
            found = list({entry.path: entry for entry in found}.values())
        found.sort(key=lambda entry: entry[0])
        return found

    def root(self, name: str, prefix: str, *, complete: bool = False) -> DiskRoot:
        base = os.path.normpath(os.path.join(self.where, prefix))
        return DiskRoot(name, base, where=self.where, complete=complete, overlay=self._overlay)


class DiskRoot:
    """The folder ``base`` (absolute) as one machine's ``/``.

    Symbolic links are followed as that machine itself would, had it been started there with chroot(2): an absolute
    target starts at the root, and ``..`` does not leave it. The live ``/`` leaves them to the kernel.
    """

    def __init__(
        self, name: str, base: str, *, where: str, complete: bool = False, overlay: Mapping[str, bytes] = NOTHING
    ) -> None:
        self.name = name
        self.complete = complete
        self.live = base == "/"
        self._base = base.rstrip("/")
        self._where = where
        self._overlay = overlay
        self._folders: dict[str, str] = {"": ""}
        self._sources: dict[str, Source] = {}

    def shown(self, path: str) -> str:
        return paths.shown((self._base + paths.normal(path)).rstrip("/") or "/", self._where)

    def read(self, path: str) -> Source:
        inner = paths.normal(path)
        if inner not in self._sources:
            shown = self.shown(inner)
            self._sources[inner] = Source.from_bytes(shown, self._bytes(inner, shown, whole=True))
        return self._sources[inner]

    def head(self, path: str) -> str:
        inner = paths.normal(path)
        if inner in self._sources:
            return self._sources[inner].text[:HEAD]
        return self._bytes(inner, self.shown(inner), whole=False).decode("utf-8", "surrogateescape")

    def names(self, path: str) -> list[str]:
        inner = paths.normal(path)
        try:
            listed = set(os.listdir(self._found(inner)[0]))
        except (OSError, ValueError) as error:
            raise _unreadable(error) from None
        if self._overlay:
            folder = self.shown(inner)
            listed.update(paths.name(shown) for shown in self._overlay if shown.rpartition("/")[0] == folder)
        return sorted(listed)

    def is_file(self, path: str) -> bool:
        return stat.S_ISREG(self._mode(path)) or bool(self._overlay and self.shown(path) in self._overlay)

    def is_folder(self, path: str) -> bool:
        return stat.S_ISDIR(self._mode(path))

    def _mode(self, path: str) -> int:
        try:
            return self._found(paths.normal(path))[1].st_mode
        except (OSError, ValueError):
            return 0

    def _bytes(self, inner: str, shown: str, *, whole: bool) -> bytes:
        if shown in self._overlay:
            data = self._overlay[shown]
            if whole and len(data) > LARGEST_FILE:
                raise too_large(len(data))
            return data if whole else data[:HEAD]
        try:
            handle, size = _opened(*self._found(inner))
            try:
                if whole and size > LARGEST_FILE:
                    raise too_large(size)
                return _taken(handle, size if whole else min(size or HEAD, HEAD))
            finally:
                os.close(handle)
        except (OSError, ValueError) as error:
            raise _unreadable(error) from None

    def _found(self, inner: str) -> tuple[str, os.stat_result]:
        """Where ``inner`` is on this disk, every symbolic link in it followed, and its status."""
        if not self._base:
            return inner, os.stat(inner)
        above, _, name = inner.rpartition("/")
        path = f"{self._base}{self._folder(above)}/{name}"
        status = os.lstat(path)
        if stat.S_ISLNK(status.st_mode):
            path = self._base + self._followed("", inner)
            status = os.lstat(path)
        return path, status

    def _folder(self, path: str) -> str:
        """A folder's path from the base on with no links in it; the folder need not exist."""
        unknown = []
        while path not in self._folders:
            path, _, name = path.rpartition("/")
            unknown.append(name)
        real = self._folders[path]
        for name in reversed(unknown):
            path = f"{path}/{name}"
            real = self._folders[path] = self._followed(real, name)
        return real

    def _followed(self, done: str, path: str) -> str:
        """``done``, which holds no links, and then ``path`` part by part as chroot(2) would have it."""
        pending = path.split("/")[::-1]
        links = 0
        while pending:
            part = pending.pop()
            if part == "..":
                done = done.rpartition("/")[0]
            elif part not in ("", "."):
                step = f"{done}/{part}"
                try:
                    target = os.readlink(self._base + step)
                except OSError:  # no link, or nothing there: whoever opens it will tell
                    done = step
                    continue
                links += 1
                if links > MOST_LINKS:
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
                pending.extend(target.split("/")[::-1])
                if target.startswith("/"):
                    done = ""
        return done


def _below(folder: str, shown: str) -> list[Entry]:
    """Every file in and below ``folder``, in no order. Folders are told apart by the listing alone, without a stat."""
    found: list[Entry] = []
    top = f"{shown}/" if shown not in ("", "/") else shown
    pending = [(folder, top)]
    while pending:
        folder, lead = pending.pop()
        try:
            with os.scandir(folder) as listing:
                for item in listing:
                    name = item.name
                    if item.is_file(follow_symlinks=False):
                        found.append(
                            Entry(lead + name, None, None, False, False)
                        )  # defaults cost more than all the rest
                    elif item.is_dir(follow_symlinks=False):
                        if name not in PASSED_OVER and item.path not in KERNELS_OWN:
                            pending.append((item.path, f"{lead}{name}/"))
                    elif item.is_symlink():
                        found.append(Entry(lead + name, link=os.readlink(item.path)))
                    else:
                        found.append(Entry(lead + name, _no_file(item.stat(follow_symlinks=False).st_mode)))
        except OSError as error:
            given = lead == top
            path = lead.rstrip("/") or shown or "."
            found.append(Entry(path, error.strerror or str(error), named=given, folder=True))
    return found


def _given_file(path: str, shown: str) -> Entry:
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            return Entry(shown, link=os.readlink(path), named=True)
    except (OSError, ValueError) as error:
        return Entry(shown, _unreadable(error).why, named=True)
    return Entry(shown, None if stat.S_ISREG(mode) else _no_file(mode), named=True)


def _opened(path: str, status: os.stat_result) -> tuple[int, int]:
    """A regular file's handle and size."""
    _regular(status)
    handle = os.open(path, _OPEN)
    try:
        return handle, _regular(os.fstat(handle))  # again: it may have been replaced in between
    except BaseException:
        os.close(handle)
        raise


def _regular(status: os.stat_result) -> int:
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable(_no_file(status.st_mode))
    return status.st_size


def _taken(handle: int, most: int) -> bytes:
    """The next ``most`` bytes at most. Of a regular file read(2) gives fewer only at its end, or if interrupted."""
    parts: list[bytes] = []
    while most > 0 and (part := os.read(handle, most)):
        parts.append(part)
        most -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _no_file(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "is a folder"
    kinds = ((stat.S_ISFIFO, "FIFO"), (stat.S_ISSOCK, "socket"))
    kind = next((kind for is_kind, kind in kinds if is_kind(mode)), None)
    return f"is a {kind}, not a regular file" if kind else DEVICE


def _unreadable(error: OSError | ValueError) -> Unreadable:
    if isinstance(error, OSError):
        return Unreadable(error.strerror or str(error), missing=error.errno in (errno.ENOENT, errno.ENOTDIR))
    return Unreadable(os.strerror(errno.ENOENT), missing=True)  # no file's name can hold a NUL byte
