"""What servers would run with for the name at the cursor, and the line that decides it."""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.lsp.picture import Picture
from pgfpmlint.lsp.spot import Spot
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.settings import Effective, Reading


class Held(NamedTuple):
    """``server`` is its name in the deployment."""

    server: str
    setting: Effective


def held(spot: Spot, picture: Picture) -> list[Held]:
    """One for each server that reads the file; several hosts may share one."""
    if picture.run is None or not spot.key:
        return []
    deployment = picture.run.world.deployment
    return [one for one in _held(spot, deployment) if one.setting.value is not None or one.setting.is_written]


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


def _reads(reading: Reading, shown: str) -> bool:
    return any(document.source.path == shown for document in reading.documents)
