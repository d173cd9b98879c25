"""Where ``.pgfpmlint.yaml`` is looked for."""

from __future__ import annotations

import os

from pgfpmlint.config import Config, ConfigError
from pgfpmlint.source import paths
from pgfpmlint.source.text import Source

FILE_NAME = ".pgfpmlint.yaml"


def find(where: str) -> str | None:
    """The configuration file that counts in the folder ``where`` (absolute): there, or the nearest one above it up to
    the repository's root, which is where ``.git`` lies. Outside a repository only ``where`` itself is looked at, for
    what lies further up may be anybody's."""
    folder, found = where, None
    while True:
        path = os.path.join(folder, FILE_NAME)
        if found is None and os.path.lexists(path):
            found = path
        if os.path.lexists(os.path.join(folder, ".git")):
            return found
        above = os.path.dirname(folder)
        if above == folder:
            here = os.path.join(where, FILE_NAME)
            return here if found == here else None
        folder = above


def load(path: str, where: str) -> Config:
    """The configuration in the file ``path`` (from the folder ``where``). ConfigError when it can't be read."""
    from pgfpmlint.config.reading import read

    path = os.path.normpath(os.path.join(where, path))
    shown = paths.shown(path, where)
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise ConfigError(f"{shown}: {error.strerror}; name a readable file, or leave --config out") from None
    return read(Source.from_bytes(shown, data))
