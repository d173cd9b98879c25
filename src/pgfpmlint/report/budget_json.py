"""``budget --format json``, schema 1: what scripts read. Keys are added over time; none changes its meaning or goes."""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.model.accounts import Account, Accounts
from pgfpmlint.model.capacity import Sum, Term, pool_demand
from pgfpmlint.model.client_limits import client_limits
from pgfpmlint.model.consumers import consumer_terms
from pgfpmlint.model.link import DECLARED, Link
from pgfpmlint.model.memory import sort_memory
from pgfpmlint.model.nodes import Pooler, Proxy
from pgfpmlint.model.pooler_bound import is_shared_port, poolers_bound
from pgfpmlint.model.takers import Taker, clients
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.report.snippet import Screen, harmless
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from pgfpmlint.model.proposals import Proposals

SCHEMA = 1
Fields = dict[str, object]


def as_json(books: Accounts, what_if: Sequence[str] = (), proposed: Proposals | None = None) -> str:
    """Paths with ``/``, lines from 1; ASCII only. ``what_if`` are the options that the numbers suppose."""
    import json

    screen = Screen()
    shown: Fields = {
        "schema": SCHEMA,
        "instances": [_instance(account, screen) for account in books.open],
        "without_budget": [{"name": harmless(gap.name), "why": screen.words(gap.why)} for gap in books.closed],
        "poolers": [
            *(_pooler(pooler, books, screen) for pooler in books.deployment.poolers),
            *(_proxy(proxy, books, screen) for proxy in books.deployment.proxies),
        ],
    }
    if what_if:
        shown["what_if"] = [screen.words(option) for option in what_if]
    if proposed is not None:
        from pgfpmlint.report.proposals_json import proposal_fields

        shown["solve"] = proposal_fields(proposed)
    return json.dumps(shown, indent=1) + "\n"


def _instance(account: Account, screen: Screen) -> Fields:
    found = account.found
    reading = found.instance.postgres.reading
    return {
        "name": harmless(account.name),
        "version": ".".join(map(str, reading.version.instead_of or reading.version.number)),
        "path": harmless(reading.main.source.path),
        "max_connections": found.slots.slots,
        "reserved": found.slots.reserved,
        "usable": found.slots.usable,
        "consumers": _consumers(found.consumers),
        "budget": found.budget,
        "pools": [_taker(taker, screen) for taker in account.takers],
        "caps": [_cap(term, screen) for total in (found.direct, found.pooled) for term in total.terms if term.parts],
        "demand": found.demand,
        "at_least": found.at_least,
        "headroom": found.headroom,
        "headroom_wanted": found.wanted,
        "peak": found.peak.total,
        "peak_headroom": found.budget - found.peak.total,
        "peak_judged": found.peak.declared,
        "peak_when": found.peak.words,
        "per_pool_limit": found.per_pool_limit,
        "fitting_max_children": found.fitting_children,
        "fails": found.fails,
        "memory": _memory(account),
        "cpus": found.instance.host.cpus,
        "unaccounted": [{"name": harmless(gap.name), "why": screen.words(gap.why)} for gap in account.unaccounted],
    }


def _consumers(terms: Sequence[Term]) -> list[Fields]:
    return [{"name": harmless(term.name), "connections": term.amount, **_at(term.places)} for term in terms]


def _taker(taker: Taker, screen: Screen) -> Fields:
    link, term = taker.link, taker.term
    places = term.places if term is not None else ()
    fields: Fields = {
        "name": harmless(taker.name),
        "kind": taker.kind,
        "per_process": taker.each,
        "processes": taker.processes,
        "hosts": taker.hosts,
        "connections": term.amount if term is not None else None,
        "at_least": taker.at_least,
        "via": harmless(taker.via) if taker.via is not None else None,
        **_at(_own_place(link) or places),
        "evidence": screen.words(_source(link)),
        "evidence_at": [
            {**_at([label.place]), "says": screen.words(label.words, screen.secrets([label.place.source]))}
            for label in link.evidence
        ],
        "assumed": not link.is_certain,
        "arithmetic": _words(term, screen) if term is not None else screen.words(taker.why),
    }
    if link.lane is not None:
        fields["database"] = screen.words(link.lane.key, screen.secrets([link.lane.place.source]))
    if link.entry is not None:
        fields["database"] = screen.words(link.entry.name, screen.secrets([link.entry.place.source]))
    return fields


def _own_place(link: Link) -> list[Place]:
    """Where a pooler says what the link stands for."""
    if link.lane is not None:
        return [link.lane.place]
    return [link.entry.place] if link.entry is not None else []


def _source(link: Link) -> str:
    """What the evidence is, in a word: ``env[DB_HOST]``, ``declared``, ``[databases]``, ``only candidate``."""
    if link.certainty == DECLARED or not link.evidence:
        return link.certainty
    if link.entry is not None:
        return "[databases]"
    if isinstance(link.client, Proxy):
        return link.client.proxy.product
    return link.evidence[0].words.partition(" names ")[0]


def _words(term: Term, screen: Screen) -> str:
    return screen.words(term.words, screen.secrets(place.source for place in term.places))


def _cap(term: Term, screen: Screen) -> Fields:
    return {
        "name": harmless(term.name),
        "connections": term.amount,
        "of": [harmless(part.name) for part in term.parts],
        "arithmetic": _words(term, screen),
        **_at(term.places),
    }


def _memory(account: Account) -> Fields | None:
    found = sort_memory(account.found.instance)
    if found is None:
        return None
    return {
        "work_mem_kb": found.work_mem,
        "hash_mem_multiplier": found.multiplier,
        "need_mb": found.need,
        "allowed_mb": max(0, found.allowed) if found.allowed is not None else None,
        "fitting_work_mem_kb": found.fitting,
    }


def _pooler(pooler: Pooler, books: Accounts, screen: Screen) -> Fields:
    links = books.deployment.links
    reading = pooler.bouncer.reading
    sums: tuple[Sum, ...] = (pool_demand(links.pools_to(pooler)), poolers_bound(links.poolers_to(pooler), links))
    consumers = consumer_terms(pooler, books.deployment)
    limit = pooler.bouncer.setting("max_client_conn").number
    return {
        "name": harmless(pooler.name),
        "version": str(reading.version),
        "path": harmless(reading.main.source.path) if reading.documents else None,
        "clients": [_taker(taker, screen) for taker in clients(pooler, links)],
        "consumers": _consumers(consumers),
        "demand": sum(total.total for total in sums) + sum(term.amount for term in consumers),
        "at_least": any(total.at_least for total in sums),
        "max_client_conn": limit,
        "admitted": limit * pooler.host.machines if limit is not None else None,
        "admitted_at_least": is_shared_port(pooler),
        "limits": [
            {
                "setting": one.limit.name,
                "of": screen.words(one.whose) or None,
                "limit": one.limit.number,
                "admitted": one.admitted,
                "clients": one.wanted,
            }
            for one in client_limits(pooler, books.deployment)
        ],
    }


def _proxy(proxy: Proxy, books: Accounts, screen: Screen) -> Fields:
    """As of a PgBouncer; ``product`` says what it is."""
    from pgfpmlint.model.lane_bound import client_limit

    links, reading = books.deployment.links, proxy.proxy.reading
    sums: tuple[Sum, ...] = (pool_demand(links.pools_to(proxy)), poolers_bound(links.poolers_to(proxy), links))
    consumers = consumer_terms(proxy, books.deployment)
    limit = client_limit(proxy, proxy.proxy.clients) if proxy.proxy.clients is not None else None
    wanted = sum(total.total for total in sums) + sum(term.amount for term in consumers)
    found = {"setting": _words(limit, screen), "of": None, "limit": limit.amount} if limit is not None else {}
    return {
        "name": harmless(proxy.name),
        "product": harmless(proxy.proxy.product),
        "version": str(reading.version) if reading is not None else None,
        "path": harmless(reading.main.source.path) if reading is not None else None,
        "clients": [_taker(taker, screen) for taker in clients(proxy, links)],
        "consumers": _consumers(consumers),
        "demand": wanted,
        "at_least": any(total.at_least for total in sums),
        "max_client_conn": None,
        "admitted": limit.amount if limit is not None else None,
        "admitted_at_least": False,
        "limits": [{**found, "admitted": limit.amount, "clients": wanted}] if limit is not None else [],
    }


def _at(places: tuple[Place, ...] | list[Place]) -> Fields:
    if not places:
        return {"path": None, "line": None}
    return {"path": harmless(places[0].path), "line": places[0].line}
