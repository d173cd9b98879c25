"""Who takes an instance's connections, one by one: client pools, poolers' entries, and whoever comes through those."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.model.budget import Budget
from pgfpmlint.model.capacity import Sum, Term, pool_term
from pgfpmlint.model.link import Link, Links
from pgfpmlint.model.nodes import ClientPool, Pooler, Proxy
from pgfpmlint.model.pooler_bound import entry_bound
from pgfpmlint.model.pooler_users import incoming
from pgfpmlint.model.size import size
from pgfpmlint.record import NamedTuple

FPM, PGBOUNCER = "php-fpm", "pgbouncer"


class Taker(NamedTuple):
    """One client of an instance. ``term`` is its arithmetic, None where its size can't be known or has no limit, which
    ``why`` then says. ``processes`` are those of one host.

    ``each`` is what one process may hold, None where nobody can tell. ``via`` names the pooler that it connects to:
    its connections are that pooler's, and no demand of the instance.
    """

    link: Link
    kind: str
    processes: int | None
    term: Term | None
    at_least: bool = False
    via: str | None = None
    why: str = ""
    each: int | None = 1

    @property
    def name(self) -> str:
        """The node's name; a pooler has one taker for each of its entries."""
        return self.link.client.name

    @property
    def hosts(self) -> int:
        return self.link.client.host.machines

    @property
    def database(self) -> str | None:
        """The pooler's entry, by its name."""
        if self.link.lane is not None:
            return self.link.lane.key
        return self.link.entry.name if self.link.entry is not None else None


def takers(found: Budget, links: Links) -> list[Taker]:
    """Everybody who connects to the instance, those that connect to it themselves first."""
    own = [taker for link in _once(found.links) if (taker := _taker(link, links, None)) is not None]
    return [*own, *_behind([taker.link for taker in own], links)]


def clients(pooler: Pooler | Proxy, links: Links) -> list[Taker]:
    """Everybody who connects to the pooler."""
    return [taker for link in _once(links.to(pooler)) if (taker := _taker(link, links, pooler.name)) is not None]


def _behind(own: Sequence[Link], links: Links) -> Iterator[Taker]:
    """Who comes through the poolers of ``own``; poolers of poolers too, each entry once."""
    pending = [link for link in own if isinstance(link.client, (Pooler, Proxy))]
    met = {_key(link) for link in pending}
    shown: set[tuple[str, str, str]] = set()
    while pending:
        link = pending.pop(0)
        for client in _once(_through(link, links)):
            key = _key(client)
            taker = _taker(client, links, link.client.name)
            if key in shown or taker is None:
                continue
            shown.add(key)
            yield taker
            if (client.entry is not None or client.lane is not None) and key not in met:
                met.add(key)
                pending.append(client)


def _key(link: Link) -> tuple[str, str, str]:
    inner = link.entry.name if link.entry is not None else ""
    if link.lane is not None:
        inner = link.lane.shared or f"{link.lane.key}\0{id(link.lane)}"
    return link.client.name, inner, link.server.name


def _through(link: Link, links: Links) -> list[Link]:
    """Who uses what a pooler's link stands for."""
    if isinstance(link.client, Pooler) and link.entry is not None:
        return incoming(link.client, link.entry, links)
    if isinstance(link.client, Proxy) and link.lane is not None:
        from pgfpmlint.model.lane_bound import incoming_lane

        return incoming_lane(link.client, link.lane, links)
    return []


def _once(links: Sequence[Link]) -> list[Link]:
    """Without the further links of an entry that names several addresses of one server."""
    found: dict[tuple[object, ...], Link] = {}
    for link in links:
        is_pooler = link.entry is not None or link.lane is not None
        key: tuple[object, ...] = _key(link)[:2] if is_pooler else (id(link),)
        found.setdefault(key, link)
    return list(found.values())


def _taker(link: Link, links: Links, via: str | None) -> Taker | None:
    if isinstance(link.client, Proxy):
        return _lane_taker(link, link.client, links, via)
    if not isinstance(link.client, Pooler):
        own, term = size(link, link.client), pool_term(link)
        why = "" if term is not None else f"its {own.unknown} can't be known"
        kind = FPM if isinstance(link.client, ClientPool) else link.client.kind
        return Taker(link, kind, own.processes, term, via=via, why=why, each=own.connections)
    if link.entry is None:
        return None
    bound = entry_bound(link.client, link.entry, links)
    return _pooler_taker(link, bound, via)


def _lane_taker(link: Link, proxy: Proxy, links: Links, via: str | None) -> Taker | None:
    from pgfpmlint.model.lane_bound import lane_bound

    if link.lane is None:
        return None
    key = _key(link)
    bound, kind = lane_bound([one for one in links.of(proxy) if _key(one) == key], links), proxy.proxy.product
    if not bound.terms:
        why = link.lane.unknown or "it has no limit that is known"
        return Taker(link, kind, None, None, True, via, why)
    term = bound.terms[0]
    return Taker(link, kind, -(-term.amount // proxy.host.machines), term, bound.at_least, via)


def _pooler_taker(link: Link, bound: Sum, via: str | None) -> Taker:
    if not bound.terms:
        why = "it has no limit" if bound.unlimited else "its pool size can't be known"
        return Taker(link, PGBOUNCER, None, None, True, via, why)
    term = bound.terms[0]
    each = -(-term.amount // link.client.host.machines)
    return Taker(link, PGBOUNCER, each, term, bound.at_least, via)
