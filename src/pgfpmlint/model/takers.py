"""Who takes an instance's connections, one by one: client pools, poolers' entries, and whoever comes through those."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.model.budget import Budget
from pgfpmlint.model.capacity import Sum, Term, pool_term
from pgfpmlint.model.link import Link, Links
from pgfpmlint.model.nodes import ClientPool, Pooler
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
        return self.link.entry.name if self.link.entry is not None else None


def takers(found: Budget, links: Links) -> list[Taker]:
    """Everybody who connects to the instance, those that connect to it themselves first."""
    own = [taker for link in _once(found.links) if (taker := _taker(link, links, None)) is not None]
    return [*own, *_behind([taker.link for taker in own], links)]


def clients(pooler: Pooler, links: Links) -> list[Taker]:
    """Everybody who connects to the pooler."""
    return [taker for link in _once(links.to(pooler)) if (taker := _taker(link, links, pooler.name)) is not None]


def _behind(own: Sequence[Link], links: Links) -> Iterator[Taker]:
    """Who comes through the poolers of ``own``; poolers of poolers too, each entry once."""
    pending = [link for link in own if isinstance(link.client, Pooler)]
    met = {(link.client.name, link.entry.name if link.entry else "", link.server.name) for link in pending}
    shown: set[tuple[str, str, str]] = set()
    while pending:
        link = pending.pop(0)
        if not isinstance(link.client, Pooler) or link.entry is None:
            continue
        for client in _once(incoming(link.client, link.entry, links)):
            key = (client.client.name, client.entry.name if client.entry else "", client.server.name)
            taker = _taker(client, links, link.client.name)
            if key in shown or taker is None:
                continue
            shown.add(key)
            yield taker
            if client.entry is not None and key not in met:
                met.add(key)
                pending.append(client)


def _once(links: Sequence[Link]) -> list[Link]:
    """Without the further links of an entry that names several addresses of one server."""
    found: dict[tuple[object, ...], Link] = {}
    for link in links:
        key: tuple[object, ...] = (link.client.name, link.entry.name) if link.entry is not None else (id(link),)
        found.setdefault(key, link)
    return list(found.values())


def _taker(link: Link, links: Links, via: str | None) -> Taker | None:
    if not isinstance(link.client, Pooler):
        own, term = size(link, link.client), pool_term(link)
        why = "" if term is not None else f"its {own.unknown} can't be known"
        kind = FPM if isinstance(link.client, ClientPool) else link.client.kind
        return Taker(link, kind, own.processes, term, via=via, why=why, each=own.connections)
    if link.entry is None:
        return None
    bound = entry_bound(link.client, link.entry, links)
    return _pooler_taker(link, bound, via)


def _pooler_taker(link: Link, bound: Sum, via: str | None) -> Taker:
    if not bound.terms:
        why = "it has no limit" if bound.unlimited else "its pool size can't be known"
        return Taker(link, PGBOUNCER, None, None, True, via, why)
    term = bound.terms[0]
    each = -(-term.amount // link.client.host.machines)
    return Taker(link, PGBOUNCER, each, term, bound.at_least, via)
