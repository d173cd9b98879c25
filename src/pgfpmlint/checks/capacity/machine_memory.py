"""Whether what servers take from their start fits into the memory that the configuration declares for their machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.capacity import processes
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.nodes import Host, Instance
from pgfpmlint.model.world import World
from pgfpmlint.resolve.settings import Effective
from pgfpmlint.source.text import Place

Params = Mapping[str, object]

MEGABYTE = 1024 * 1024
DEAD_TUPLES = 1024 * 1024
"""Kilobytes that a vacuum uses of its memory at most before PostgreSQL 17
(https://www.postgresql.org/docs/16/runtime-config-resource.html#GUC-MAINTENANCE-WORK-MEM)."""


def shared_buffers_take_most_memory(instance: Instance, world: World, params: Params) -> Iterator[Hit]:
    """More of the machine's memory in shared_buffers than leaves any for the rest."""
    buffers, memory = instance.postgres.setting("shared_buffers"), instance.host.memory
    percent = int(str(params["percent"]).rstrip("%"))
    shared = _shared(instance)
    if not memory or shared is None or buffers.place is None or not buffers.is_written:
        return
    have = memory // MEGABYTE
    if shared * 100 <= have * percent:
        return
    yield Hit(
        buffers.place,
        {
            "instance": instance.name,
            "shared": f"{shared} MB",
            "share": shared * 100 // have,
            "memory": f"{have} MB",
            "quarter": f"{have // 4}MB",
        },
        _declared(instance.host),
        (f"{shared} MB shared_buffers of {have} MB memory = {shared * 100 // have} %",),
    )


def maintenance_exceeds_memory(instance: Instance, world: World, params: Params) -> Iterator[Hit]:
    """All autovacuum workers at once, each with its memory, beside shared_buffers."""
    names = ("autovacuum_max_workers", "autovacuum_work_mem", "maintenance_work_mem")
    workers, own, general = (instance.postgres.setting(name) for name in names)
    each, shared, memory = own if (own.number or -1) >= 0 else general, _shared(instance), instance.host.memory
    if not memory or shared is None or not workers.number or not each.number:
        return
    kilobytes = each.number
    if not instance.postgres.reading.version.at_least(17):
        kilobytes = min(kilobytes, DEAD_TUPLES)
    have, need = memory // MEGABYTE, workers.number * kilobytes // 1024
    at = next((one for one in (each, workers) if one.is_written), None)
    if need + shared <= have or at is None or at.place is None:
        return
    other = workers if at is each else each
    yield Hit(
        at.place,
        {"instance": instance.name, "need": f"{need} MB", "left": f"{max(0, have - shared)} MB", "name": each.name},
        (
            *_label(other, "counts as well"),
            *_label(instance.postgres.setting("shared_buffers"), "taken from the start"),
            *_declared(instance.host),
        ),
        (
            f"{workers.number} autovacuum_max_workers × {kilobytes // 1024} MB {each.name} = {need} MB",
            f"{have} MB memory - {shared} MB shared_buffers = {have - shared} MB",
        ),
    )


def servers_exceed_memory(deployment: Deployment, world: World, params: Params) -> Iterator[Hit]:
    """PostgreSQL and PHP-FPM on one machine that is too small for both."""
    rest = int(str(params["rest"]))
    instances = {one.host.name: one for one in deployment.instances}
    for host in deployment.hosts:
        if host.memory and host.worker_memory and host.name in instances:
            yield from _both(deployment, host, rest)


def _both(deployment: Deployment, host: Host, rest: int) -> Iterator[Hit]:
    have, each = (host.memory or 0) // MEGABYTE, max(1, (host.worker_memory or 0) // MEGABYTE)
    shared = [(one, _shared(one) or 0) for one in deployment.instances if one.host.name == host.name]
    pools = [pool for pool in deployment.pools if pool.host.name == host.name]
    counted = [(pool, found) for pool in pools if (found := processes(pool)).number and found.place is not None]
    workers = sum(found.number or 0 for _, found in counted)
    buffers = sum(amount for _, amount in shared)
    need = workers * each + buffers + rest
    # Each alone beyond the memory is told by a rule of its own.
    if need <= have or workers * each + rest > have or not counted or not buffers:
        return
    largest = max(counted, key=lambda one: one[1].number or 0)
    at: Place | None = largest[1].place
    if at is None:
        return
    labels = [
        Label(found.place, f"{pool.name}: {found.number} pm.max_children")
        for pool, found in counted
        if found is not largest[1] and found.place is not None
    ]
    for instance, amount in shared:
        labels += _label(instance.postgres.setting("shared_buffers"), f"{amount} MB of {instance.name}")
    yield Hit(
        at,
        {
            "host": host.name,
            "need": f"{need} MB",
            "have": f"{have} MB",
            "limit": max(0, (have - buffers - rest) // each),
        },
        (*labels, *_declared(host)),
        (
            f"{workers} workers × {each} MB = {workers * each} MB",
            *(f"{instance.name}: {amount} MB shared_buffers" for instance, amount in shared),
            f"{workers * each} + {buffers} + {rest} for the rest = {need} MB; {host.name} has {have} MB",
        ),
    )


def _shared(instance: Instance) -> int | None:
    """shared_buffers in megabytes; its number counts pages of 8 kB."""
    pages = instance.postgres.setting("shared_buffers").number
    return pages * 8 // 1024 if pages is not None else None


def _label(setting: Effective, words: str) -> tuple[Label, ...]:
    return (Label(setting.place, words),) if setting.is_written and setting.place is not None else ()


def _declared(host: Host) -> tuple[Label, ...]:
    return (Label(host.place, f"declares the memory of {host.name}"),) if host.place is not None else ()
