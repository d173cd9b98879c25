"""How large a client is: the factors of its processes, and of the connections that each of them may hold."""

from __future__ import annotations

from collections.abc import Iterable

from pgfpmlint.model.nodes import ClientPool, Pool, Pooler, Proxy
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from pgfpmlint.model.link import Link
    from pgfpmlint.resolve.settings import Effective
    from pgfpmlint.resolve.workers import Factor

CHILDREN = "pm.max_children"


class Size(NamedTuple):
    """``processes`` of one machine and ``connections`` of one process; None where a factor can't be known. ``words``
    and ``places`` are those of all factors; ``unknown`` names the factor that can't be known."""

    processes: int | None
    connections: int | None
    words: str
    places: tuple[Place, ...]
    unknown: str = ""

    @property
    def amount(self) -> int | None:
        """Connections of one machine."""
        if self.processes is None or self.connections is None:
            return None
        return self.processes * self.connections


def processes(pool: ClientPool) -> Effective:
    """An FPM pool's ceiling: ``pm.max_children``, whatever ``pm`` is; dynamic and ondemand reach it under load."""
    return pool.pool.setting(CHILDREN)


def workers_of(client: Pool) -> int | None:
    """The most processes that it runs on one machine."""
    if not isinstance(client, ClientPool):
        from pgfpmlint.resolve.workers import product

        return product(client.workers.processes)
    number = processes(client).number
    return None if number is None or number < 0 else number


def size(link: Link, client: Pool) -> Size:
    """Of ``client``, as far as it connects through ``link``."""
    several = f"{link.per_process} connections per worker" if link.per_process != 1 else ""
    if isinstance(client, ClientPool):
        number, place = workers_of(client), processes(client).place
        words = f"{processes(client).number} {CHILDREN}" + (f" × {several}" if several else "")
        said = (place, link.per_process_place if several else None)
        places = tuple(one for one in said if one is not None)
        return Size(number, link.per_process, words, places, CHILDREN if number is None else "")
    return _of_workers(client.workers.processes, _each(link, client.workers.each), client.workers.place)


def _each(link: Link, own: tuple[Factor, ...]) -> tuple[Factor, ...]:
    """What the configuration declares of one process goes before what its own files say."""
    from pgfpmlint.model.link import DECLARED
    from pgfpmlint.resolve.workers import Factor

    declared = link.certainty == DECLARED and link.per_process_place is not None
    if not declared and link.per_process == 1:
        return own
    factor = Factor(link.per_process, "connections per worker", link.per_process_place)
    return (factor,) if declared else (*own, factor)


def _of_workers(processes: tuple[Factor, ...], each: tuple[Factor, ...], place: Place) -> Size:
    from pgfpmlint.resolve.workers import product

    factors = (*processes, *each)
    places = tuple(dict.fromkeys(one.place for one in factors if one.place is not None)) or (place,)
    unknown = next((one.words for one in factors if one.number is None), "")
    return Size(product(processes), product(each), " × ".join(one.said for one in factors), places, unknown)


def called(links: Iterable[Link]) -> str:
    """What their clients are together."""
    return "PHP workers" if all(isinstance(link.client, ClientPool) for link in links) else "clients"


def settings_of(links: Iterable[Link]) -> str:
    """What makes their clients that aren't poolers larger or smaller: ``pm.max_children or numprocs``."""
    found: dict[str, None] = {}
    for link in links:
        if isinstance(link.client, ClientPool):
            found[CHILDREN] = None
        elif not isinstance(link.client, (Pooler, Proxy)):
            own = link.client.workers
            found.update(dict.fromkeys(one.setting or one.words for one in (*own.processes, *own.each)))
    *others, last = found or (CHILDREN,)
    return f"{', '.join(others)} or {last}" if others else last


def unknown_sizes(links: Iterable[Link]) -> str:
    """Words for the clients of ``links`` whose size can't be known: ``pm.max_children of web/www``."""
    by_setting: dict[str, dict[str, None]] = {}
    for link in links:
        if not isinstance(link.client, (Pooler, Proxy)):
            found = size(link, link.client)
            if found.unknown:
                by_setting.setdefault(found.unknown, {})[link.client.name] = None
    return "; ".join(f"{setting} of {', '.join(names)}" for setting, names in by_setting.items())
