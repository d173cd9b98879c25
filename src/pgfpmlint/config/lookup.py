"""Where ``.pgfpmlint.yaml`` is looked for."""

from __future__ import annotations

import os
from collections.abc import Iterable

from pgfpmlint.config import Config, ConfigError
from pgfpmlint.source import paths
from pgfpmlint.source.text import Source
from pgfpmlint.source.tree import LARGEST_FILE

FILE_NAME = ".pgfpmlint.yaml"


def find(where: str, given: Iterable[str] = ()) -> str | None:
    """The configuration file that counts for the PATHs ``given`` in the folder ``where`` (absolute).

    It is the one nearest to a PATH: in its folder or the nearest one above, up to the repository's root, which is
    where ``.git`` lies, and at least up to ``where``. For PATHs that have none it is the one of ``where``. ConfigError
    where PATHs have different ones: there is one deployment, and one configuration of it.
    """
    folders = (_folder(os.path.normpath(os.path.join(where, path))) for path in given)
    found = list(dict.fromkeys(path for folder in folders if (path := _nearest(folder, where)) is not None))
    if len(found) > 1:
        shown = " and ".join(paths.shown(path, where) for path in found[:2])
        raise ConfigError(f"{shown}: each is nearest to a PATH; lint these one by one, or choose with --config FILE")
    return found[0] if found else _nearest(where, where)


def _folder(path: str) -> str:
    return path if os.path.isdir(path) else os.path.dirname(path)


def _nearest(start: str, where: str) -> str | None:
    """The file in ``start``, or the nearest one above it up to the repository's root. Outside a repository only folders
    from ``where`` on are looked at, for what lies further up may be anybody's."""
    folder, found = start, None
    while True:
        path = os.path.join(folder, FILE_NAME)
        if found is None and os.path.lexists(path):
            found = path
        if os.path.lexists(os.path.join(folder, ".git")):
            return found
        above = os.path.dirname(folder)
        if above == folder:
            break
        folder = above
    holder = os.path.dirname(found) if found is not None else ""
    return found if holder == start or f"{holder}/".startswith(f"{where.rstrip('/')}/") else None


def load(path: str, where: str, data: bytes | None = None) -> Config:
    """The configuration in the file ``path`` (from the folder ``where``), or in ``data``, which an editor would save
    there. ConfigError when it can't be read, or names a folder that is not there."""
    from pgfpmlint.config.reading import read

    path = os.path.normpath(os.path.join(where, path))
    shown = paths.shown(path, where)
    config = read(Source.from_bytes(shown, _data(path, shown) if data is None else data))
    for host in config.hosts:
        if host.root is not None and not os.path.isdir(os.path.join(where, host.root)):
            place = host.places["root"]
            raise ConfigError(f"{shown}:{place.line}: hosts.{host.name}.root: there is no folder {host.root}")
    return config


def _data(path: str, shown: str) -> bytes:
    try:
        if os.path.exists(path) and not os.path.isfile(path):  # reading a FIFO or a device may never end
            raise ConfigError(f"{shown}: is no regular file; name a readable file, or leave --config out")
        with open(path, "rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ConfigError(f"{shown}: {error.strerror}; name a readable file, or leave --config out") from None
    if len(data) > LARGEST_FILE:
        raise ConfigError(f"{shown}: is too large for a configuration file")
    return data
