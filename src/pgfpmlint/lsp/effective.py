"""What servers would run with for the name at the cursor, and the line that decides it."""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.lsp.accounts import reads as _reads
from pgfpmlint.lsp.picture import Picture
from pgfpmlint.lsp.spot import Spot
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.pgbouncer import BouncerEntry, BouncerReading
from pgfpmlint.resolve.settings import Effective, Unknown, Written


class Held(NamedTuple):
    """``server`` is its name in the deployment."""

    server: str
    setting: Effective


def held(spot: Spot, picture: Picture) -> list[Held]:
    """One for each server that reads the file; several hosts may share one."""
    if picture.run is None or not spot.key:
        return []
    deployment = picture.run.world.deployment
    return [one for one in _held(spot, deployment) if one.setting.value is not None or _is_told(one.setting)]


def _is_told(setting: Effective) -> bool:
    """Whether there is something to say of a setting without a value."""
    return isinstance(setting.origin, (Written, Unknown))


def _held(spot: Spot, deployment: Deployment) -> Iterator[Held]:
    shown, name = spot.document.source.path, spot.key
    if spot.kind == "postgresql.conf":
        for instance in deployment.instances:
            if _reads(instance.postgres.reading, shown):
                yield Held(instance.name, instance.postgres.setting(name))
    elif spot.kind == "pgbouncer.ini":
        for pooler in deployment.poolers:
            bouncer = pooler.bouncer
            if not _reads(bouncer.reading, shown):
                continue
            if spot.section == "pgbouncer":
                yield Held(pooler.name, bouncer.setting(name))
            else:
                yield from (Held(f"{pooler.name} {one.name}", setting) for one, setting in _of_entries(spot, bouncer))
    elif spot.kind == "php-fpm":
        yield from _fpm(spot, deployment)
    elif spot.kind == "php.ini":
        for master in deployment.masters:
            if master.php is not None and _reads(master.php.reading, shown):
                yield Held(master.name, master.php.setting(name))


def _fpm(spot: Spot, deployment: Deployment) -> Iterator[Held]:
    shown, name = spot.document.source.path, spot.key.lower()
    for master in deployment.masters:
        if not _reads(master.fpm.reading, shown):
            continue
        if spot.section == "global":
            yield Held(master.name, master.fpm.setting(name))
        for pool in deployment.pools_by_master.get(master.name, ()):
            if pool.pool.name != spot.section:
                continue
            if not spot.subscript:
                yield Held(pool.name, pool.pool.setting(name))
                continue
            entries = (pool.pool.entry(array, spot.subscript) for array in (name, name.replace("_flag", "_value")))
            found = next((entry for entry in entries if entry is not None), None)
            if found is not None:
                yield Held(pool.name, found)


FALLBACKS = {
    "pool_size": "default_pool_size",
    "reserve_pool": "reserve_pool_size",
    **dict.fromkeys((
        *("auth_dbname", "auth_query", "auth_user", "max_db_client_connections", "max_db_connections"),
        *("max_user_client_connections", "max_user_connections", "min_pool_size", "pool_mode", "query_timeout"),
        *("query_wait_timeout", "reserve_pool_size", "server_lifetime", "transaction_timeout"),
        *("client_idle_timeout", "idle_transaction_timeout"),
    ), ""),
}  # fmt: skip
"""What [pgbouncer] says for all where an entry says nothing: the parameter's name, empty where it is the key's own."""

OVERVIEW = ("pool_mode", "pool_size", "reserve_pool_size", "max_db_connections")
"""What is told of an entry as a whole."""


def _of_entries(spot: Spot, bouncer: BouncerReading) -> Iterator[tuple[BouncerEntry, Effective]]:
    """Of the entry on the line, the key at the cursor; at its name, what matters most."""
    entries = {"databases": bouncer.databases, "users": bouncer.users, "peers": bouncer.peers}.get(spot.section, ())
    keys = (spot.pair,) if spot.pair else OVERVIEW if spot.section == "databases" else ()
    for entry in entries:
        if entry.name == spot.key:
            for key in keys:
                found = entry.parameter(key) or _fallback(key, bouncer)
                if found is not None:
                    yield entry, found


def _fallback(key: str, bouncer: BouncerReading) -> Effective | None:
    return bouncer.setting(FALLBACKS[key] or key) if key in FALLBACKS else None
