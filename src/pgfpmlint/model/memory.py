"""What servers and workers may take of their host's memory, where the configuration declares it."""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.model.capacity import workers
from pgfpmlint.model.nodes import ClientPool, FpmMaster, Host, Instance
from pgfpmlint.record import NamedTuple

MEGABYTE = 1024 * 1024
BLOCK = 8
"""Kilobytes in a page, of which shared_buffers is counted in."""

OPERATIONS = 2
"""Sorts or hashes of one connection at once; a query may run more, and most run none
(https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-WORK-MEM)."""

FOR_THE_REST = 512
"""Megabytes of a web host that the system, the web server and the page cache want."""


class SortMemory(NamedTuple):
    """What sorts and hashes of all connections may take at once, in MB, and what there is for them.

    ``memory`` is the host's, None where it isn't declared; ``allowed`` is a quarter of what shared_buffers leave of it,
    and ``fitting`` the work_mem, in kB, with which that is enough.
    """

    connections: int
    work_mem: int
    multiplier: float
    need: int
    shared_buffers: int
    memory: int | None
    allowed: int | None
    fitting: int | None


def sort_memory(instance: Instance) -> SortMemory | None:
    """None where one of the settings can't be known."""
    names = ("max_connections", "work_mem", "shared_buffers")
    connections, work_mem, buffers = (instance.postgres.setting(name).number for name in names)
    if connections is None or work_mem is None or buffers is None:
        return None
    multiplier = _factor(instance.postgres.setting("hash_mem_multiplier").value)
    need = int(connections * OPERATIONS * work_mem * multiplier) // 1024
    shared = buffers * BLOCK // 1024
    memory = instance.host.memory // MEGABYTE if instance.host.memory else None
    if memory is None:
        return SortMemory(connections, work_mem, multiplier, need, shared, None, None, None)
    allowed = max(0, memory - shared) // 4
    fitting = int(allowed * 1024 / (connections * OPERATIONS * multiplier))
    return SortMemory(connections, work_mem, multiplier, need, shared, memory, allowed, fitting)


def _factor(text: str | None) -> float:
    """hash_mem_multiplier; versions before 13 have none and behave as with 1."""
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 1.0


class WorkerMemory(NamedTuple):
    """What the FPM workers of one host take at most, in MB, and how many of them its memory holds."""

    host: Host
    workers: int
    each: int
    have: int

    @property
    def need(self) -> int:
        return self.workers * self.each

    @property
    def limit(self) -> int:
        """The most workers that fit."""
        return max(0, self.have // self.each)


def worker_memory(host: Host, masters: Sequence[tuple[FpmMaster, Sequence[ClientPool]]]) -> WorkerMemory | None:
    """Of all masters of ``host``, with their pools; None where memory or worker_memory isn't declared."""
    if not host.memory or not host.worker_memory:
        return None
    count = sum(workers(pools, master).total for master, pools in masters)
    each = max(1, host.worker_memory // MEGABYTE)
    return WorkerMemory(host, count, each, host.memory // MEGABYTE - FOR_THE_REST)
