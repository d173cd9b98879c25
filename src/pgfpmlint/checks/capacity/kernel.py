"""What the kernel grants of what servers ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.nodes import Instance, Kernel
from pgfpmlint.model.world import World
from pgfpmlint.resolve.settings import Effective

Params = Mapping[str, object]

MEGABYTE = 1024 * 1024
HUGE_PAGE = 2 * MEGABYTE
"""That of x86-64 and of arm64 with pages of 4 kB, where nothing asks for another
(https://docs.kernel.org/admin-guide/mm/hugetlbpage.html)."""


def backlog_above_somaxconn(kernel: Kernel, world: World, params: Params) -> Iterator[Hit]:
    """The kernel cuts a server's queue of connections that wait to be accepted."""
    most = kernel.sysctl.setting("net.core.somaxconn")
    if most.number is None or most.place is None:
        return
    for server, setting in _queues(kernel, world):
        if setting.is_written and setting.place is not None and (setting.number or 0) > most.number:
            yield Hit(
                setting.place,
                {"server": server, "name": setting.name, "wanted": setting.number, "most": most.number},
                (Label(most.place, f"{most.number} at most"),),
            )


def _queues(kernel: Kernel, world: World) -> Iterator[tuple[str, Effective]]:
    for pool in world.deployment.pools:
        if pool.host.name == kernel.host.name:
            yield pool.name, pool.pool.setting("listen.backlog")
    for pooler in world.deployment.poolers:
        if pooler.host.name == kernel.host.name:
            yield pooler.name, pooler.bouncer.setting("listen_backlog")


def huge_pages_missing(kernel: Kernel, world: World, params: Params) -> Iterator[Hit]:
    """PostgreSQL must have huge pages, and the machine has too few: it does not start."""
    for instance, asked, hit in _too_few(kernel, world):
        if asked.value == "on" and asked.is_written and asked.place is not None:
            yield hit._replace(related=(Label(asked.place, f"{instance.name} must have them"), *hit.related))


def huge_pages_unused(kernel: Kernel, world: World, params: Params) -> Iterator[Hit]:
    """The machine keeps huge pages for PostgreSQL, and these are too few for it: it takes none of them."""
    for _, asked, hit in _too_few(kernel, world):
        if asked.value == "try" and hit.values["have"] != "0 MB":
            yield hit


def _too_few(kernel: Kernel, world: World) -> Iterator[tuple[Instance, Effective, Hit]]:
    pages = kernel.sysctl.setting("vm.nr_hugepages")
    own = [one for one in world.deployment.instances if one.host.name == kernel.host.name and not one.fragment]
    if pages.number is None or pages.place is None or len(own) != 1:
        return
    instance = own[0]
    buffers, size = (instance.postgres.setting(name) for name in ("shared_buffers", "huge_page_size"))
    each = (size.number or 0) * 1024 or HUGE_PAGE
    if buffers.number is None or pages.number * each >= buffers.number * 8192:
        return
    shared, have = buffers.number * 8192 // MEGABYTE, pages.number * each // MEGABYTE
    labels = [Label(one.place, one.name) for one in (buffers, size) if one.is_written and one.place is not None]
    values = {
        "instance": instance.name,
        "pages": pages.number,
        "shared": f"{shared} MB",
        "have": f"{have} MB",
        "fitting": -(-buffers.number * 8192 * 21 // (20 * each)),
    }
    words = f"{pages.number} pages × {each // MEGABYTE} MB = {have} MB < {shared} MB shared_buffers"
    yield instance, instance.postgres.setting("huge_pages"), Hit(pages.place, values, tuple(labels), (words,))
