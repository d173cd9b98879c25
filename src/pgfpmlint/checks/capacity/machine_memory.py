"""Whether what servers take from their start fits into the memory that the configuration declares for their machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.memory import MEGABYTE, shared_buffers, worker_memory
from pgfpmlint.model.nodes import Host, Instance
from pgfpmlint.model.world import World
from pgfpmlint.resolve.settings import Effective

Params = Mapping[str, object]

DEAD_TUPLES = 1024 * 1024
"""Kilobytes that a vacuum uses of its memory at most before PostgreSQL 17
(https://www.postgresql.org/docs/16/runtime-config-resource.html#GUC-MAINTENANCE-WORK-MEM)."""


def shared_buffers_take_most_memory(instance: Instance, world: World, params: Params) -> Iterator[Hit]:
    """More of the machine's memory in shared_buffers than leaves any for the rest."""
    buffers, memory = instance.postgres.setting("shared_buffers"), instance.host.memory
    percent = int(str(params["percent"]).rstrip("%"))
    shared = shared_buffers(instance)
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
        fix=buffers.rewritten(f"{have // 4}MB"),
    )


def maintenance_exceeds_memory(instance: Instance, world: World, params: Params) -> Iterator[Hit]:
    """All autovacuum workers at once, each with its memory, beside shared_buffers."""
    names = ("autovacuum_max_workers", "autovacuum_work_mem", "maintenance_work_mem")
    workers, own, general = (instance.postgres.setting(name) for name in names)
    each, shared, memory = own if (own.number or -1) >= 0 else general, shared_buffers(instance), instance.host.memory
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
        {
            "instance": instance.name,
            "need": f"{need} MB",
            "left": f"{max(0, have - shared)} MB",
            "name": each.name,
            "fitting": f"{max(1, (have - shared) // workers.number)}MB",
        },
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
    masters = [master for master in deployment.masters if master.host.name == host.name]
    found = worker_memory(host, [(master, deployment.pools_by_master[master.name]) for master in masters], rest)
    shared = [(one, shared_buffers(one) or 0) for one in deployment.instances if one.host.name == host.name]
    buffers = sum(amount for _, amount in shared)
    largest = found.largest if found is not None else None
    if found is None or largest is None or not largest.places or not buffers:
        return
    need = found.need + buffers + rest
    # Each alone beyond the memory is told by a rule of its own.
    if need <= found.memory or found.need > found.have:
        return
    labels = [label for label in found.labels if label.place != largest.places[0]]
    for instance, amount in shared:
        labels += _label(instance.postgres.setting("shared_buffers"), f"{amount} MB of {instance.name}")
    yield Hit(
        largest.places[0],
        {
            "host": host.name,
            "need": f"{need} MB",
            "have": f"{found.memory} MB",
            "limit": max(0, (found.have - buffers) // found.each),
        },
        (*labels, *_declared(host)),
        (
            f"{found.workers} workers × {found.each} MB = {found.need} MB",
            *(f"{instance.name}: {amount} MB shared_buffers" for instance, amount in shared),
            f"{found.need} + {buffers} + {rest} for the rest = {need} MB; {host.name} has {found.memory} MB",
        ),
    )


def _label(setting: Effective, words: str) -> tuple[Label, ...]:
    return (Label(setting.place, words),) if setting.is_written and setting.place is not None else ()


def _declared(host: Host) -> tuple[Label, ...]:
    return (Label(host.place, f"declares the memory of {host.name}"),) if host.place is not None else ()
