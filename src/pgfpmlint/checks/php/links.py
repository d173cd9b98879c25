"""PHP's own limits and switches for connections to PostgreSQL, against the connections that workers open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.fix import removed
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.dsn import said_by
from pgfpmlint.model.link import Dsn
from pgfpmlint.model.nodes import ClientPool
from pgfpmlint.model.php import php_flag, php_setting
from pgfpmlint.model.world import World
from pgfpmlint.resolve.settings import Effective

LIMITS = ("pgsql.max_persistent", "pgsql.max_links")
ALLOWED, CHECKED = "pgsql.allow_persistent", "pgsql.auto_reset_persistent"
EXTENSIONS = {"pdo": "pdo_pgsql", "pgsql": "pgsql"}


def persistent_links_exceed_limit(pool: ClientPool, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A worker keeps more connections than PHP allows it: from then on pg_pconnect fails."""
    kept = list(_kept(pool))
    for name in LIMITS:
        limit = php_setting(pool, name)
        number = limit.number
        if number is None or not 0 <= number < len(kept) or limit.place is None or php_flag(pool, ALLOWED) is False:
            continue
        labels = tuple(dsn.persistent for dsn in kept if dsn.persistent is not None)
        values = {"pool": pool.name, "name": name, "limit": number, "kept": len(kept)}
        values["connections"] = "connection" if len(kept) == 1 else "different connections"
        yield Hit(limit.place, values, labels)
        return


def persistent_switched_off(pool: ClientPool, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """The code asks to keep connections, and PHP is told not to."""
    switch = php_setting(pool, ALLOWED)
    if php_flag(pool, ALLOWED) is not False or not switch.is_written or switch.place is None:
        return
    for dsn in _kept(pool):
        if dsn.persistent is not None:
            yield Hit(dsn.persistent.place, {"pool": pool.name}, (Label(switch.place, "switches it off"),))


def limit_ignored_by_pdo(pool: ClientPool, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A limit of the extension pgsql where all connections are PDO's."""
    dsns = said_by(pool).dsns
    if not dsns or any(dsn.driver != "pdo" for dsn in dsns):
        return
    for name in (*LIMITS, ALLOWED):
        limit = php_setting(pool, name)
        if limit.place is None or not limit.is_written or not _limits(limit) or not _is_of(pool, limit):
            continue
        values = {"pool": pool.name, "name": name, "value": limit.value or "off"}
        yield Hit(limit.place, values, (dsns[0].evidence[0],), fix=removed(limit.place))


def kept_links_unchecked(pool: ClientPool, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """pg_pconnect hands out connections whose server may be gone, and nothing has PHP look first."""
    if php_flag(pool, CHECKED) is False and php_flag(pool, ALLOWED) is True:
        for dsn in _kept(pool):
            if dsn.persistent is not None:
                yield Hit(dsn.persistent.place, {"pool": pool.name})


def driver_missing(pool: ClientPool, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """The files that load PHP's extensions load PDO, so they are all apart, and none is PostgreSQL's."""
    php = pool.master.php
    if php is None or not php.whole or "pdo" not in php.extensions:
        return
    loaded = {*php.extensions, *(_extension(entry) for entry in _own_extensions(pool))}
    for driver in sorted({dsn.driver for dsn in said_by(pool).dsns if dsn.driver}):
        extension = EXTENSIONS[driver]
        first = next(dsn for dsn in said_by(pool).dsns if dsn.driver == driver)
        if extension not in loaded:
            yield Hit(first.evidence[0].place, {"pool": pool.name, "extension": extension})


def _kept(pool: ClientPool) -> Iterator[Dsn]:
    """One for each different connection that pg_pconnect opens."""
    seen = set()
    for dsn in said_by(pool).dsns:
        key = (dsn.host, dsn.port, dsn.database, dsn.user, dsn.sslmode, dsn.options)
        if dsn.driver == "pgsql" and dsn.persistent is not None and key not in seen:
            seen.add(key)
            yield dsn


def _limits(setting: Effective) -> bool:
    return (setting.number or 0) >= 0 if setting.name != ALLOWED else setting.value in ("", "0")


def _is_of(pool: ClientPool, setting: Effective) -> bool:
    """Whether the line is the pool's own, or its master has no other pool that it may be meant for."""
    arrays = (pool.pool.entry(array, setting.name) for array in ("php_admin_value", "php_value"))
    return any(entry is not None for entry in arrays) or len(pool.master.fpm.pools) == 1


def _own_extensions(pool: ClientPool) -> Iterator[str]:
    for array in ("php_admin_value", "php_value"):
        entry = pool.pool.entry(array, "extension")
        if entry is not None:
            yield entry.value or ""


def _extension(value: str) -> str:
    return value.rpartition("/")[2].removesuffix(".so")
