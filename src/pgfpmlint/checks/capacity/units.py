"""Whether what systemd allows a server is enough for what the server's own files let it do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.capacity import Sum, pool_demand, slots, workers
from pgfpmlint.model.memory import MEGABYTE, shared_buffers
from pgfpmlint.model.nodes import FpmMaster, Instance, Kernel, Pooler
from pgfpmlint.model.service import (
    OWN_FILES,
    SERVER_PROCESSES,
    Allowed,
    allowed,
    open_files,
    server_connections,
)
from pgfpmlint.model.size import called
from pgfpmlint.model.world import World

Params = Mapping[str, object]
Unit = Instance | Pooler | FpmMaster


def workers_exceed_open_files(server: Unit, world: World, params: Params) -> Iterator[Hit]:
    """More PHP workers connect than PgBouncer can accept connections of."""
    if not isinstance(server, Pooler):
        return
    limit = open_files(server)
    links = world.deployment.links.pools_to(server)
    arriving, most = pool_demand(links), server.bouncer.setting("max_client_conn")
    if limit is None or most.number is None or not arriving.terms:
        return
    clients = min(-(-arriving.total // server.host.machines), most.number)
    if clients + OWN_FILES <= limit.number:
        return
    at = limit.place or (most.place if most.is_written else None)
    labels = [*arriving.labels]
    labels += dict.fromkeys(label for link in links for label in link.evidence)
    if at is None:
        at, labels = labels[0].place, labels[1:]
    assumption = next((link.assumption for link in links if link.assumption), "")
    yield Hit(
        at,
        {
            "pooler": server.name,
            "clients": f"{clients} {called(links)}",
            "limit": limit.words,
            "admitted": max(0, limit.number - OWN_FILES),
            "fitting": _round(clients + OWN_FILES + server_connections(server, world.deployment.links).total),
            "assumption": assumption,
        },
        tuple(labels),
        (
            *arriving.lines,
            f"{clients} clients + {OWN_FILES} of its own = {clients + OWN_FILES}, and {limit.words}",
        ),
        certain=not assumption,
    )


def client_limit_above_open_files(server: Unit, world: World, params: Params) -> Iterator[Hit]:
    """PgBouncer promises more clients and servers than it can have files open. What workers take of it for certain is
    another rule's business."""
    if not isinstance(server, Pooler) or any(workers_exceed_open_files(server, world, params)):
        return
    limit, most = open_files(server), server.bouncer.setting("max_client_conn")
    if limit is None or most.number is None or most.place is None or not most.is_written:
        return
    onwards = server_connections(server, world.deployment.links)
    servers = onwards.total // server.host.machines
    need = most.number + servers + OWN_FILES
    if need <= limit.number:
        return
    yield Hit(
        most.place,
        {
            "pooler": server.name,
            "need": f"≥ {need}" if onwards.at_least else str(need),
            "limit": limit.words,
            "fitting": _round(need),
        },
        limit.labels(limit.words),
        (
            f"{most.number} max_client_conn + {servers} server connections + {OWN_FILES} of its own = {need}",
            *onwards.lines,
        ),
    )


def workers_exceed_tasks(server: Unit, world: World, params: Params) -> Iterator[Hit]:
    """PHP-FPM can't start as many workers as its pools may have."""
    if not isinstance(server, FpmMaster):
        return
    limit = allowed(server, "TasksMax")
    wanted = workers(world.deployment.pools_by_master[server.name], server)
    if limit is not None and wanted.total + 1 > limit.number:
        words = f"{wanted.total} workers + 1 master = {wanted.total + 1} tasks, and {limit.words}"
        yield from _of_workers(server, limit, wanted, words, wanted.total + 1)


def pipes_exceed_open_files(server: Unit, world: World, params: Params) -> Iterator[Hit]:
    """PHP-FPM's master can't open the two pipes that it reads each worker's output from."""
    if not isinstance(server, FpmMaster) or server.fragment:
        return
    own = server.fpm.setting("rlimit_files")
    limit = open_files(server)
    if own.number and own.place is not None:
        limit = Allowed("rlimit_files", own.number, own.place)
    pools = [
        pool
        for pool in world.deployment.pools_by_master[server.name]
        if pool.pool.setting("catch_workers_output").value == "yes"
    ]
    wanted = workers(pools, server)
    need = 2 * wanted.total + OWN_FILES
    if limit is None or need <= limit.number or not wanted.terms:
        return
    words = f"2 × {wanted.total} workers + {OWN_FILES} of its own = {need} files, and {limit.words}"
    yield from _of_workers(server, limit, wanted, words, _round(need))


def _of_workers(server: FpmMaster, limit: Allowed, wanted: Sum, words: str, fitting: int) -> Iterator[Hit]:
    labels = [*wanted.labels]
    at = limit.place
    if at is None:
        at, labels = labels[0].place, labels[1:]
    yield Hit(
        at,
        {"master": server.name, "workers": wanted.total, "limit": limit.words, "name": limit.name, "fitting": fitting},
        tuple(labels),
        (words,),
    )


def backends_exceed_tasks(server: Unit, world: World, params: Params) -> Iterator[Hit]:
    """PostgreSQL can't start a process for each connection that it promises."""
    if not isinstance(server, Instance):
        return
    limit, have = allowed(server, "TasksMax"), slots(server)
    if limit is None or limit.place is None or have is None:
        return
    own = len(SERVER_PROCESSES)
    need = have.slots + own
    if need <= limit.number:
        return
    most = have.max_connections
    label = (Label(most.place, f"{have.slots} max_connections"),) if most.is_written and most.place is not None else ()
    yield Hit(
        limit.place,
        {
            "instance": server.name,
            "slots": have.slots,
            "default": "" if most.is_written else " (the default)",
            "limit": limit.words,
            "fitting": _round(2 * need),
        },
        label,
        (f"{have.slots} max_connections + {own} for {', '.join(SERVER_PROCESSES)} = {need}, and {limit.words}",),
    )


def unit_memory_below_shared_buffers(server: Unit, world: World, params: Params) -> Iterator[Hit]:
    """The kernel kills PostgreSQL's processes before its shared buffers are full."""
    if not isinstance(server, Instance) or server.postgres.setting("huge_pages").value == "on":
        return
    limit, shared = allowed(server, "MemoryMax"), shared_buffers(server)
    buffers = server.postgres.setting("shared_buffers")
    if limit is None or limit.place is None or shared is None or shared * MEGABYTE < limit.number:
        return
    if any(one.sysctl.setting("vm.nr_hugepages").number for one in _kernels(server, world)):
        return  # huge pages are not counted
    label = (Label(buffers.place, "shared_buffers"),) if buffers.is_written and buffers.place is not None else ()
    most = limit.number // MEGABYTE
    yield Hit(
        limit.place,
        {"instance": server.name, "shared": f"{shared} MB", "most": f"{most} MB", "fitting": f"{2 * shared}M"},
        label,
        (f"{shared} MB shared_buffers ≥ {most} MB MemoryMax",),
    )


def unit_memory_below_workers(server: Unit, world: World, params: Params) -> Iterator[Hit]:
    """The workers at their ceiling take more than their unit may, as measured and declared."""
    if not isinstance(server, FpmMaster) or not server.host.worker_memory:
        return
    limit = allowed(server, "MemoryMax")
    wanted = workers(world.deployment.pools_by_master[server.name], server)
    need = wanted.total * server.host.worker_memory
    if limit is None or limit.place is None or need <= limit.number:
        return
    each, most = server.host.worker_memory // MEGABYTE, limit.number // MEGABYTE
    declared = server.host.place
    labels = [*wanted.labels]
    labels += [Label(declared, f"{each} MB worker_memory of {server.host.name}")] if declared is not None else []
    yield Hit(
        limit.place,
        {
            "master": server.name,
            "workers": wanted.total,
            "need": f"{need // MEGABYTE} MB",
            "most": f"{most} MB",
            "fitting": limit.number // server.host.worker_memory,
        },
        tuple(labels),
        (f"{wanted.total} workers × {each} MB = {need // MEGABYTE} MB, and {most} MB MemoryMax",),
    )


def _kernels(server: Instance, world: World) -> Iterator[Kernel]:
    return (one for one in world.deployment.kernels if one.host.name == server.host.name)


def _round(number: int) -> int:
    """A power of two that holds it, as such limits are written."""
    fitting = 1024
    while fitting < number:
        fitting *= 2
    return fitting
