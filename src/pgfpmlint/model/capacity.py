"""How many connections: what an instance has to give, and the most that pools and poolers can take.

Every number comes as a Sum: a total and the terms that it follows from, each with its place, so that a reader can
add them up. The arithmetic is that of the deployment model; a total marked ``at_least`` may be exceeded because
something that multiplies it (the number of database users, of processes) is not in the files.
"""

from __future__ import annotations

from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import ClientPool, Instance
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.settings import Effective
from pgfpmlint.source.text import Place


class Term(NamedTuple):
    """One line of arithmetic: ``words`` explain how ``amount`` comes about, ``places`` are the lines it stands on."""

    name: str
    words: str
    amount: int
    places: tuple[Place, ...] = ()


class Sum(NamedTuple):
    """A total and its terms. ``unlimited`` names what has no bound at all, ``unknown`` what can't be known; the total
    then counts the rest."""

    terms: tuple[Term, ...]
    at_least: bool = False
    unlimited: str | None = None
    unknown: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """All terms added up."""
        return sum(term.amount for term in self.terms)

    @property
    def shown(self) -> str:
        """The total as people should read it: with ≥ where it is a lower bound."""
        return f"≥ {self.total}" if self.at_least else str(self.total)


class Slots(NamedTuple):
    """The slots of one instance. ``reserved`` are those that ordinary users can't have."""

    max_connections: Effective
    slots: int
    reserved: int
    terms: tuple[Term, ...]

    @property
    def usable(self) -> int:
        """Slots for ordinary users."""
        return self.slots - self.reserved

    @property
    def arithmetic(self) -> str:
        """``100 slots - 3 superuser_reserved_connections = 97 usable``."""
        taken = "".join(f" - {term.amount} {term.name}" for term in self.terms)
        return f"{self.slots} max_connections{taken} = {self.usable} usable"


RESERVING = ("superuser_reserved_connections", "reserved_connections")
"""https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-RESERVED-CONNECTIONS (the second: 16+)"""


def slots(instance: Instance) -> Slots | None:
    """What the instance has for clients; None when max_connections can't be known.

    WAL senders have slots of their own since PostgreSQL 12 and take nothing from these
    (https://www.postgresql.org/docs/12/release-12.html, E.24.3.1.10).
    """
    limit = instance.postgres.setting("max_connections")
    if limit.number is None:
        return None
    reserved = []
    for name in RESERVING:
        setting = instance.postgres.setting(name)
        if setting.number:
            place = (setting.place,) if setting.is_written and setting.place is not None else ()
            reserved.append(Term(name, f"{setting.number} {name}", setting.number, place))
    return Slots(limit, limit.number, sum(term.amount for term in reserved), tuple(reserved))


def processes(pool: ClientPool) -> Effective:
    """The pool's ceiling: ``pm.max_children``, whatever ``pm`` is; dynamic and ondemand reach it under load."""
    return pool.pool.setting("pm.max_children")


def pool_demand(links: list[Link]) -> Sum:
    """Connections that client pools may hold through ``links``, each × connections per worker × hosts.

    ``process.max`` caps what all pools of one master run together
    (https://www.php.net/manual/en/install.fpm.configuration.php#process.max).
    """
    terms: list[Term] = []
    unknown: list[str] = []
    by_master: dict[str, list[Link]] = {}
    for link in links:
        if isinstance(link.client, ClientPool):
            by_master.setdefault(link.client.master.name, []).append(link)
    for of_master in by_master.values():
        own = [term for link in of_master if (term := _pool_term(link))]
        cap = _master_cap(of_master)
        if len(own) < len(of_master):
            counted = {term.name for term in own}
            unknown += [link.client.name for link in of_master if link.client.name not in counted]
        if cap is not None and sum(term.amount for term in own) > cap.amount:
            own = [cap._replace(places=cap.places + tuple(place for term in own for place in term.places))]
        terms += own
    return Sum(tuple(terms), at_least=bool(unknown), unknown=tuple(unknown))


def _pool_term(link: Link) -> Term | None:
    if not isinstance(link.client, ClientPool):
        return None
    children = processes(link.client)
    if children.number is None or children.number < 0:
        return None
    host = link.client.host
    words = f"{children.number} pm.max_children"
    places = [children.place]
    if link.per_process != 1:
        words += f" × {link.per_process} connections per worker"
        places.append(link.per_process_place)
    if host.machines != 1:
        words += f" × {host.machines} hosts"
        places.append(host.machines_place)
    amount = children.number * link.per_process * host.machines
    return Term(link.client.name, words, amount, tuple(place for place in places if place is not None))


def _master_cap(links: list[Link]) -> Term | None:
    client = links[0].client
    if not isinstance(client, ClientPool):
        return None
    limit = client.master.fpm.setting("process.max")
    if not limit.number or limit.number < 0:
        return None
    per_process = max(link.per_process for link in links)
    count = client.host.machines
    words = f"{limit.number} process.max" + (f" × {per_process} connections per worker" if per_process != 1 else "")
    words += f" × {count} hosts" if count != 1 else ""
    places = (limit.place,) if limit.place is not None else ()
    return Term(client.master.name, words, limit.number * per_process * count, places)
