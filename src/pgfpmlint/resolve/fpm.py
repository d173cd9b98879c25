"""php-fpm.conf with every pool file it includes, as one FPM master would run with it."""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.settings import Effective, Reading
from pgfpmlint.source.text import Place
from pgfpmlint.source.tree import Root


class FpmPool(NamedTuple):
    """One pool, all its sections merged. ``sections`` are the places of its ``[name]`` headers, oldest first.

    ``settings`` holds what the files set, by lower-case directive. ``arrays`` holds ``env``, ``php_value``,
    ``php_admin_value`` … (flags under ``php_value``/``php_admin_value`` as FPM itself does): name to index to the
    entry that wins at run time, which for arrays is the first.
    """

    name: str
    sections: tuple[Place, ...]
    settings: Mapping[str, Effective]
    arrays: Mapping[str, Mapping[str, Effective]]

    def setting(self, name: str) -> Effective:
        """Written, or the default of the version in play."""
        raise NotImplementedError

    def entry(self, array: str, index: str) -> Effective | None:
        """``entry("env", "DB_HOST")``; None where the pool sets no such entry."""
        return self.arrays.get(array, {}).get(index)


class FpmReading(NamedTuple):
    reading: Reading
    globals: Mapping[str, Effective]
    pools: tuple[FpmPool, ...]

    def setting(self, name: str) -> Effective:
        """A directive of ``[global]``."""
        raise NotImplementedError


def read(root: Root, paths: tuple[str, ...], version: ServerVersion, *, fragment: bool = False) -> FpmReading:
    """Read ``paths`` one after the other as one master's configuration: php-fpm.conf alone, which includes the rest,
    or, as a fragment, the pool files of one folder whose php-fpm.conf is not in the tree."""
    raise NotImplementedError


def values(found: FpmReading) -> dict[str, object]:
    """``section.directive`` to value as ``php-fpm -tt`` prints it, and ``pools``."""
    raise NotImplementedError
