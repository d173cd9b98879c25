"""What servers and workers may take of their host's memory, where the configuration declares it."""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.finding.problem import Label
from pgfpmlint.model.capacity import Term, workers
from pgfpmlint.model.nodes import ClientPool, FpmMaster, Host, Instance
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Place

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
    below 0 where they are larger, and ``fitting`` the work_mem, in kB, with which that is enough.
    """

    connections: int
    work_mem: int
    multiplier: float
    need: int
    shared_buffers: int
    memory: int | None
    allowed: int | None
    fitting: int | None


def shared_buffers(instance: Instance) -> int | None:
    """In MB; None where it can't be known."""
    pages = instance.postgres.setting("shared_buffers").number
    return pages * BLOCK // 1024 if pages is not None else None


def sort_memory(instance: Instance) -> SortMemory | None:
    """None where one of the settings can't be known."""
    connections, work_mem = (instance.postgres.setting(name).number for name in ("max_connections", "work_mem"))
    shared = shared_buffers(instance)
    if not connections or work_mem is None or shared is None:
        return None
    multiplier = _factor(instance.postgres.setting("hash_mem_multiplier").value)
    need = int(connections * OPERATIONS * work_mem * multiplier) // 1024
    if not instance.host.memory:
        return SortMemory(connections, work_mem, multiplier, need, shared, None, None, None)
    memory = instance.host.memory // MEGABYTE
    allowed = (memory - shared) // 4
    fitting = int(max(0, allowed) * 1024 / (connections * OPERATIONS * multiplier))
    return SortMemory(connections, work_mem, multiplier, need, shared, memory, allowed, fitting)


def _factor(text: str | None) -> float:
    """hash_mem_multiplier; versions before 13 have none and behave as with 1."""
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 1.0


class WorkerMemory(NamedTuple):
    """What the FPM workers of one host take at most, in MB, and how many of them its memory holds beside ``rest``.

    ``terms`` are the workers of each pool, or of a master whose process.max caps its pools.
    """

    host: Host
    terms: tuple[Term, ...]
    each: int
    memory: int
    rest: int

    @property
    def workers(self) -> int:
        return sum(term.amount for term in self.terms)

    @property
    def need(self) -> int:
        return self.workers * self.each

    @property
    def have(self) -> int:
        """What is there for workers; below 0 where ``rest`` is more than all."""
        return self.memory - self.rest

    @property
    def limit(self) -> int:
        """The most workers that fit."""
        return max(0, self.have // self.each)

    @property
    def largest(self) -> Term | None:
        """The one with most workers; None where there are none."""
        return max(self.terms, key=lambda term: term.amount, default=None)

    @property
    def labels(self) -> tuple[Label, ...]:
        """Every line that the workers are counted from."""
        counted = (one for term in self.terms for one in (*term.parts, term))
        found: dict[Place, Label] = {}
        for one in counted:
            for place in one.places:
                found.setdefault(place, Label(place, one.said))
        return tuple(found.values())


def worker_memory(
    host: Host, masters: Sequence[tuple[FpmMaster, Sequence[ClientPool]]], rest: int = FOR_THE_REST
) -> WorkerMemory | None:
    """Of ``masters`` of ``host``, with their pools; None where memory or worker_memory isn't declared."""
    if not host.memory or not host.worker_memory:
        return None
    terms = tuple(term for master, pools in masters for term in workers(pools, master).terms)
    return WorkerMemory(host, terms, max(1, host.worker_memory // MEGABYTE), host.memory // MEGABYTE, rest)
