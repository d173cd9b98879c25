"""The configuration's patterns of paths, and what the paths of a tree are to them."""

from __future__ import annotations

from pgfpmlint.config import ConfigError, Word
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.source import paths

if TYPE_CHECKING:
    from pgfpmlint.source.patterns import Pattern


class FromConfig:
    """Shown paths of a tree, as they are from the configuration's ``folder`` on. ``where`` is the folder that shown
    paths start from."""

    def __init__(self, where: str, folder: str) -> None:
        self._where = where or "/"
        self._folder = paths.join(self._where, folder).rstrip("/") + "/"

    def path(self, shown: str) -> str:
        """The path from the configuration's folder; empty for a file outside of it."""
        full = paths.join(self._where, shown)
        return full[len(self._folder) :] if full.startswith(self._folder) else ""


def pattern(word: Word) -> Pattern:
    """ConfigError for one that can't be meant."""
    from pgfpmlint.source.patterns import Pattern

    try:
        return Pattern(word.text)
    except ValueError as error:
        raise ConfigError(f"{word.place.path}:{word.place.line}: {error}") from None
