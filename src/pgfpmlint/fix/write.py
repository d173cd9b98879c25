"""Changed files to disk: each in one step or not at all, and the same file but for its text.

A new file takes the old one's place by rename(2), with its mode, owner and extended attributes; whoever reads in
between sees the old text or the new one. What could not be kept so (hard links, an owner that we may not give) is
refused, with the reason.
"""

from __future__ import annotations

import os
import stat

from pgfpmlint.fix.mend import Change
from pgfpmlint.source import paths


class NotWritten(Exception):
    """Why a file is left as it is; ``args[0]`` is for people."""


def write(change: Change, where: str, bases: list[str]) -> None:
    """Give the file its new text. Shown paths count from ``where``; only what lies in one of ``bases`` (shown folders,
    symbolic links followed) is written. `NotWritten` where something stands against it."""
    try:
        path = os.path.realpath(os.path.join(where, change.source.path), strict=True)
        within = [os.path.realpath(os.path.join(where, base)) for base in bases]
        if not any(path.startswith(base.rstrip("/") + "/") for base in within):
            raise NotWritten("a symbolic link leads out of what is linted")
        new = change.text.encode("utf-8", "surrogateescape")
        status = os.stat(path)
        with open(path, "rb") as file:
            old = file.read()
        if old == new:
            return  # under another of its names it was changed just now
        if old != change.source.data:
            raise NotWritten("it was changed meanwhile")
        _may_be_replaced(path, status)
        _replace(path, status, new)
    except OSError as error:
        raise NotWritten(f"{error.strerror or error}") from error


def _may_be_replaced(path: str, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise NotWritten("it is no regular file")
    if status.st_nlink > 1:
        raise NotWritten(f"it has {status.st_nlink} names (hard links), which would no longer be one file")
    # root may write to it all the same; whoever took the last write bit away meant root, too
    if not status.st_mode & 0o222 or not os.access(path, os.W_OK):
        raise NotWritten("it is read-only")


def _replace(path: str, status: os.stat_result, data: bytes) -> None:
    draft = f"{paths.folder(path)}/.{paths.name(path)}.{os.getpid()}.pgfpmlint"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            _same_but_for_text(file.fileno(), path, status)
            os.fsync(file.fileno())
        now = os.stat(path)
        if (now.st_ino, now.st_mtime_ns, now.st_size) != (status.st_ino, status.st_mtime_ns, status.st_size):
            raise NotWritten("it was changed meanwhile")
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise
    folder = os.open(paths.folder(path), os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _same_but_for_text(handle: int, path: str, status: os.stat_result) -> None:
    made = os.fstat(handle)
    if (made.st_uid, made.st_gid) != (status.st_uid, status.st_gid):
        try:
            os.fchown(handle, status.st_uid, status.st_gid)
        except OSError as error:
            raise NotWritten("its owner could not be kept") from error
    # After the owner: a change of owner takes the bits for set-user-ID away.
    os.fchmod(handle, stat.S_IMODE(status.st_mode))
    for name in _attributes(path):
        _copy_attribute(handle, path, name)


def _attributes(path: str) -> list[str]:
    try:
        return os.listxattr(path) if hasattr(os, "listxattr") else []
    except OSError:
        return []  # of a file system that has none


def _copy_attribute(handle: int, path: str, name: str) -> None:
    """An access list among them; security labels that only the system may give it has given by now."""
    value = os.getxattr(path, name)
    try:
        if os.getxattr(handle, name) == value:
            return
    except OSError:
        pass  # it has none of that name yet
    try:
        os.setxattr(handle, name, value)
    except OSError as error:
        if not name.startswith("security."):
            raise NotWritten(f"its attribute {name} could not be kept") from error
