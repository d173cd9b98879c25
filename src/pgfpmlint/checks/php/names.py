"""Names of php.ini settings that PHP has never heard of: it takes them without a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.fix import written
from pgfpmlint.model.nodes import FpmMaster
from pgfpmlint.model.world import World
from pgfpmlint.resolve.settings import Effective


def misspelt_setting(master: FpmMaster, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A name that is none, and one slip of the keyboard away from one that is."""
    from pgfpmlint.catalog.php_ini_names import NAMES, PREFIXES

    for name, setting in _written(master):
        prefix, dot, _ = name.partition(".")
        if name in NAMES or setting.place is None or (dot and prefix.lower() not in PREFIXES):
            continue
        from pgfpmlint.catalog.nearest import nearest

        meant = nearest(name, NAMES)
        if meant is not None:
            text, at = setting.place.text, setting.place.text.find(name)
            key = setting.place._replace(start=setting.place.start + at, end=setting.place.start + at + len(name))
            fix = written(key, meant) if text.count(name) == 1 else None
            yield Hit(setting.place, {"name": name, "meant": meant}, fix=fix)


def _written(master: FpmMaster) -> Iterator[tuple[str, Effective]]:
    if master.php is not None:
        yield from master.php.settings.items()
    for pool in master.fpm.pools:
        for array in ("php_admin_value", "php_value"):
            yield from pool.arrays.get(array, {}).items()
