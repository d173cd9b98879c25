"""Whether a host's memory holds what its servers may take, where the configuration declares the memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.capacity import Term, processes
from pgfpmlint.model.nodes import FpmMaster, Instance
from pgfpmlint.model.world import World
from pgfpmlint.source.text import Place

MEGABYTE = 1024 * 1024


def workers_exceed_memory(master: FpmMaster, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """All pools of a master at their ceiling take more memory than the host has."""
    host = master.host
    if not host.memory or not host.worker_memory:
        return
    terms = [
        Term(pool.name, f"{children.number} pm.max_children", children.number, (children.place,))
        for pool in world.deployment.pools_by_master[master.name]
        if (children := processes(pool)).number and children.place is not None
    ]
    workers = sum(term.amount for term in terms)
    each, rest = max(1, host.worker_memory // MEGABYTE), int(str(params["rest"]))
    have = host.memory // MEGABYTE - rest
    if workers * each <= have or not terms:
        return
    largest = max(terms, key=lambda term: term.amount)
    labels = [Label(term.places[0], f"{term.name}: {term.words}") for term in terms if term is not largest]
    declared = [Label(host.place, f"declares the memory of {host.name}")] if host.place is not None else []
    yield Hit(
        largest.places[0],
        {
            "master": master.name,
            "workers": workers,
            "need": f"{workers * each} MB",
            "have": f"{have} MB",
            "limit": max(0, have // each),
        },
        (*labels, *declared),
        (
            *(f"{term.name}: {term.words}" for term in terms),
            f"{workers} workers × {each} MB = {workers * each} MB",
            f"{host.name}: {host.memory // MEGABYTE} MB memory - {rest} MB for the rest = {have} MB",
        ),
    )


def work_mem_exceeds_memory(instance: Instance, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Every connection sorting at once takes more than a quarter of what shared_buffers leave of the host's memory.

    Two sort or hash operations per connection, × hash_mem_multiplier
    (https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-WORK-MEM).
    """
    memory = instance.host.memory
    names = ("max_connections", "work_mem", "hash_mem_multiplier", "shared_buffers")
    connections, work_mem, multiplier, buffers = (instance.postgres.setting(name) for name in names)
    if not memory or work_mem.number is None or buffers.number is None or not connections.number:
        return
    factor = float(multiplier.value) if multiplier.value else 1.0
    need = int(connections.number * 2 * work_mem.number * factor) // 1024
    shared = buffers.number * 8 // 1024
    left = memory // MEGABYTE - shared
    allowed = left // 4
    place = next((setting.place for setting in (work_mem, connections) if setting.is_written), None)
    if need <= allowed or place is None:
        return
    yield Hit(
        place,
        {
            "instance": instance.name,
            "need": f"{need} MB",
            "allowed": f"{allowed} MB",
            "fitting": _size(int(allowed * 1024 / (connections.number * 2 * factor))),
        },
        tuple(_memory_labels(instance, place)),
        (
            f"{connections.number} max_connections × 2 operations × {work_mem.number} kB work_mem"
            f" × {factor:g} hash_mem_multiplier = {need} MB",
            f"({memory // MEGABYTE} MB memory - {shared} MB shared_buffers) / 4 = {allowed} MB",
        ),
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
