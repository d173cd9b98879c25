"""Whether a host's memory holds what its servers may take, where the configuration declares the memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.memory import OPERATIONS, sort_memory, worker_memory
from pgfpmlint.model.nodes import FpmMaster, Instance
from pgfpmlint.model.world import World
from pgfpmlint.source.text import Place


def workers_exceed_memory(master: FpmMaster, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """All pools of a master at their ceiling take more memory than the host has."""
    host = master.host
    pools = world.deployment.pools_by_master[master.name]
    found = worker_memory(host, [(master, pools)], int(str(params["rest"])))
    largest = found.largest if found is not None else None
    if found is None or found.need <= found.have or largest is None or not largest.places:
        return
    labels = [label for label in found.labels if label.place != largest.places[0]]
    declared = [Label(host.place, f"declares the memory of {host.name}")] if host.place is not None else []
    # 0 would switch process.max off
    by_pools = f"lower pm.max_children until all pools add up to {found.limit}"
    mend = f"set process.max = {max(1, found.limit)}" if largest.parts else by_pools
    yield Hit(
        largest.places[0],
        {
            "master": master.name,
            "workers": found.workers,
            "need": f"{found.need} MB",
            "have": f"{found.have} MB",
            "mend": mend,
        },
        (*labels, *declared),
        (
            *(term.said for term in found.terms),
            f"{found.workers} workers × {found.each} MB = {found.need} MB",
            f"{host.name}: {found.memory} MB memory - {found.rest} MB for the rest = {found.have} MB",
        ),
    )


def work_mem_exceeds_memory(instance: Instance, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Every connection sorting at once takes more than a quarter of what shared_buffers leave of the host's memory.

    Two sort or hash operations per connection, × hash_mem_multiplier
    (https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-WORK-MEM). Where shared_buffers leave
    nothing, another rule says so.
    """
    found = sort_memory(instance)
    if found is None or found.allowed is None or found.fitting is None or found.allowed < 0:
        return
    settings = [instance.postgres.setting(name) for name in ("work_mem", "max_connections")]
    place = next((setting.place for setting in settings if setting.is_written), None)
    if found.need <= found.allowed or place is None:
        return
    yield Hit(
        place,
        {
            "instance": instance.name,
            "need": f"{found.need} MB",
            "allowed": f"{found.allowed} MB",
            "fitting": _size(found.fitting),
        },
        tuple(_memory_labels(instance, place)),
        (
            f"{found.connections} max_connections × {OPERATIONS} operations × {found.work_mem} kB work_mem"
            f" × {found.multiplier:g} hash_mem_multiplier = {found.need} MB",
            f"({found.memory} MB memory - {found.shared_buffers} MB shared_buffers) / 4 = {found.allowed} MB",
        ),
        fix=settings[0].rewritten(_size(found.fitting)),
    )


def _size(kilobytes: int) -> str:
    """As PostgreSQL takes it, a round number where there is one; 64kB is the least that work_mem may be."""
    return f"{kilobytes // 1024}MB" if kilobytes >= 1024 else f"{max(64, kilobytes)}kB"


def _memory_labels(instance: Instance, but: Place) -> Iterator[Label]:
    for name in ("max_connections", "work_mem", "hash_mem_multiplier", "shared_buffers"):
        setting = instance.postgres.setting(name)
        if setting.is_written and setting.place is not None and setting.place != but:
            yield Label(setting.place, f"{name} of {instance.name}")
    if instance.host.place is not None:
        yield Label(instance.host.place, f"declares the memory of {instance.host.name}")
