"""How many connections: what an instance has to give, and the most that pools and poolers can take.

Every number comes as a Sum: a total and the terms that it follows from, each with its place, so that a reader can
add them up. The arithmetic is that of the deployment model; a total marked ``at_least`` may be exceeded because
something that multiplies it (the number of database users, of processes) is not in the files.
"""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.finding.problem import Label
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import ClientPool, FpmMaster, Host, Instance, Pool, Pooler, Proxy, Workers
from pgfpmlint.model.size import processes, size, workers_of
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.settings import Effective
from pgfpmlint.source.text import Place


class Term(NamedTuple):
    """One line of arithmetic: ``words`` explain how ``amount`` comes about, ``places`` are the lines it stands on.

    ``parts`` are the terms that it caps and stands for. ``host`` is the group of machines that the connections come
    from.
    """

    name: str
    words: str
    amount: int
    places: tuple[Place, ...] = ()
    parts: tuple[Term, ...] = ()
    host: Host | None = None

    @property
    def said(self) -> str:
        """``web/www: 50 pm.max_children``."""
        return f"{self.name}: {self.words}"

    @property
    def line(self) -> str:
        """``web/www: 50 pm.max_children × 2 hosts = 100``, for the arithmetic of a finding."""
        return f"{self.said} = {self.amount}"

    @property
    def labels(self) -> tuple[Label, ...]:
        """Its lines, for the related places of a finding."""
        return tuple(Label(place, self.said) for place in self.places)


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

    @property
    def lines(self) -> tuple[str, ...]:
        """Each term's arithmetic."""
        return tuple(term.line for term in self.terms)

    @property
    def labels(self) -> tuple[Label, ...]:
        """The lines that all terms stand on."""
        return tuple(label for term in self.terms for label in term.labels)

    def joined(self, other: Sum) -> Sum:
        """This one and ``other``, added up."""
        return Sum(
            (*self.terms, *other.terms),
            self.at_least or other.at_least,
            self.unlimited or other.unlimited,
            (*self.unknown, *other.unknown),
        )


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


RESERVING = {"superuser_reserved_connections": 0, "reserved_connections": 16}
"""Each from which version on: older ones know no such parameter, whatever a file says
(https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-RESERVED-CONNECTIONS)."""


def slots(instance: Instance) -> Slots | None:
    """What the instance has for clients; None when max_connections can't be known.

    WAL senders have slots of their own since PostgreSQL 12 and take nothing from these
    (https://www.postgresql.org/docs/12/release-12.html, E.24.3.1.10).
    """
    limit = instance.postgres.setting("max_connections")
    if limit.number is None:
        return None
    reserved = []
    for name, since in RESERVING.items():
        setting = instance.postgres.setting(name)
        if setting.number and instance.postgres.reading.version.at_least(since):
            place = (setting.place,) if setting.is_written and setting.place is not None else ()
            reserved.append(Term(name, f"{setting.number} {name}", setting.number, place))
    return Slots(limit, limit.number, sum(term.amount for term in reserved), tuple(reserved))


def workers(pools: Sequence[ClientPool], master: FpmMaster) -> Sum:
    """The most workers that one master runs on one machine: ``process.max`` caps their sum
    (https://www.php.net/manual/en/install.fpm.configuration.php#process.max)."""
    terms: list[Term] = []
    for pool in pools:
        ceiling = processes(pool)
        if ceiling.number is not None and ceiling.number > 0:
            places = (ceiling.place,) if ceiling.place is not None else ()
            terms.append(Term(pool.name, f"{ceiling.number} pm.max_children", ceiling.number, places))
    cap = master.fpm.setting("process.max")
    if cap.number is not None and cap.number > 0:
        places = (cap.place,) if cap.is_written and cap.place is not None else ()
        terms = capped(terms, Term(master.name, f"{cap.number} process.max", cap.number, places))
    return Sum(tuple(terms))


def pool_demand(links: Sequence[Link]) -> Sum:
    """Connections that client pools may hold through ``links``, each × connections per worker × hosts.

    ``process.max`` caps what all pools of one master run together
    (https://www.php.net/manual/en/install.fpm.configuration.php#process.max), and PHP's ``pgsql.max_links`` what one
    worker holds.
    """
    terms: list[Term] = []
    unknown: list[str] = []
    by_master: dict[str, list[Link]] = {}
    for link in links:
        if not isinstance(link.client, (Pooler, Proxy)):
            by_master.setdefault(_master(link.client), []).append(link)
    for of_master in by_master.values():
        own = [term for of_pool in _by_pool(of_master) for term in _of_pool(of_pool)]
        cap = _master_cap(of_master) or _shared_cap(of_master)
        counted = {term.name for term in own}
        if any(link.client.name not in counted for link in of_master):
            unknown += [link.client.name for link in of_master if link.client.name not in counted]
        terms += own if cap is None else capped(own, cap)
    return Sum(tuple(terms), at_least=bool(unknown), unknown=tuple(unknown))


def _master(client: Pool) -> str:
    """What the client shares its processes with others in."""
    if isinstance(client, ClientPool):
        return client.master.name
    return f"{client.host.name} {client.workers.shared}" if client.workers.shared else client.name


def _shared_cap(links: Sequence[Link]) -> Term | None:
    """What groups of the same processes may hold together where a process holds a connection only while it serves a
    request, and so one at a time."""
    clients = {link.client.name: link.client for link in links}
    first = links[0].client
    if not isinstance(first, Workers) or len(clients) < 2 or any(link.persistent for link in links):
        return None
    count, host = workers_of(first), first.host
    if count is None:
        return None
    each = max(link.per_process for link in links)
    words = " × ".join(one.said for one in first.workers.processes) + (f" × {each} connections" if each != 1 else "")
    places = tuple(one.place for one in first.workers.processes if one.place is not None)
    if host.machines != 1:
        words += f" × {host.machines} hosts"
    name = f"{host.name}/{first.workers.shared}"
    return Term(name, f"{words}, one request each", count * each * host.machines, places, host=host)


def held_by_workers(links: Sequence[Link]) -> int:
    """Connections that one worker of every FPM pool holds through ``links``, on all hosts."""
    direct = [link for link in links if isinstance(link.client, ClientPool)]
    return sum(_per_worker(of_pool) * of_pool[0].client.host.machines for of_pool in _by_pool(direct))


def _by_pool(links: Sequence[Link]) -> list[list[Link]]:
    pools: dict[str, list[Link]] = {}
    for link in links:
        pools.setdefault(link.client.name, []).append(link)
    return list(pools.values())


def _of_pool(links: Sequence[Link]) -> list[Term]:
    """What the links of one pool add, those of PHP's extension no more than it allows."""
    terms = [(link, term) for link in links if (term := pool_term(link))]
    pool = links[0].client
    limit = _links_allowed(pool, links) if isinstance(pool, ClientPool) else None
    if limit is None or limit.number is None or not terms:
        return [term for _, term in terms]
    own = [term for link, term in terms if link.of_extension]
    children = workers_of(pool) if isinstance(pool, ClientPool) else None
    host = pool.host
    hosts = f" × {host.machines} hosts" if host.machines != 1 else ""
    words = f"{children} pm.max_children × {limit.number} {limit.name}{hosts}"
    places = (limit.place,) if limit.place is not None else ()
    cap = Term(pool.name, words, (children or 0) * limit.number * host.machines, places, host=host)
    return [*capped(own, cap), *(term for link, term in terms if not link.of_extension)]


def _links_allowed(pool: ClientPool, links: Sequence[Link]) -> Effective | None:
    if not any(link.of_extension for link in links):
        return None
    from pgfpmlint.model.extension_limit import links_allowed

    return links_allowed(pool, links)


def _per_worker(links: Sequence[Link]) -> int:
    """Connections that one worker of a pool holds through its ``links``."""
    pool = links[0].client
    limit = _links_allowed(pool, links) if isinstance(pool, ClientPool) else None
    if limit is None or limit.number is None:
        return sum(link.per_process for link in links)
    return limit.number + sum(link.per_process for link in links if not link.of_extension)


def capped(terms: Sequence[Term], cap: Term) -> list[Term]:
    """The terms, or where they add up to more than ``cap`` the cap in their stead, with their places behind its own."""
    if sum(term.amount for term in terms) <= cap.amount:
        return list(terms)
    places = dict.fromkeys((*cap.places, *(place for term in terms for place in term.places)))
    parts = tuple(part for term in terms for part in (term.parts or (term,)))
    return [cap._replace(places=tuple(places), parts=parts)]


def pool_term(link: Link) -> Term | None:
    """What one link of a client pool adds; None where nobody can tell how many processes the pool runs."""
    if isinstance(link.client, (Pooler, Proxy)):
        return None
    found = size(link, link.client)
    if found.amount is None:
        return None
    host = link.client.host
    words, places = found.words, found.places
    if host.machines != 1:
        words += f" × {host.machines} hosts"
        places += (host.machines_place,) if host.machines_place is not None else ()
    return Term(link.client.name, words, found.amount * host.machines, places, host=host)


def _master_cap(links: Sequence[Link]) -> Term | None:
    """What the pools of one master may hold when it runs no more than process.max workers: those that hold the most
    connections each come first."""
    client = links[0].client
    if not isinstance(client, ClientPool):
        return None
    limit = client.master.fpm.setting("process.max")
    if not limit.number or limit.number < 0:
        return None
    held: dict[str, tuple[int, int]] = {}
    for of_pool in _by_pool(links):
        pool = of_pool[0].client
        children = workers_of(pool) if isinstance(pool, ClientPool) else None
        held[pool.name] = (_per_worker(of_pool), children if children is not None else limit.number)
    left, parts = limit.number, []
    for each, children in sorted(held.values(), reverse=True):
        workers = min(left, children)
        left -= workers
        parts.append((workers, each))
    per_worker = {each for _, each in parts}
    if len(per_worker) == 1:
        (each,) = per_worker
        amount = limit.number * each
        words = f"{limit.number} process.max" + (f" × {each} connections per worker" if each != 1 else "")
    else:
        amount = sum(workers * each for workers, each in parts)
        taken = " + ".join(f"{workers} × {each}" for workers, each in parts if workers)
        words = f"{limit.number} process.max, at worst {taken} connections per worker"
    places = [limit.place]
    host = client.host
    if host.machines != 1:
        words += f" × {host.machines} hosts" if len(per_worker) == 1 else f", on each of {host.machines} hosts"
        places.append(host.machines_place)
    kept = tuple(place for place in places if place is not None)
    return Term(client.master.name, words, amount * host.machines, kept, host=host)
