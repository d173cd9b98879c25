"""Clients of poolers other than PgBouncer against what these admit, and what pgpool-II needs to cancel queries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.capacity import pool_demand, slots
from pgfpmlint.model.consumers import consumer_terms
from pgfpmlint.model.lane_bound import client_limit, lane_bound
from pgfpmlint.model.nodes import Instance, Proxy
from pgfpmlint.model.pooler_bound import poolers_bound
from pgfpmlint.model.world import World

Params = Mapping[str, object]


def clients_exceed_other_pooler(proxy: Proxy, world: World, params: Params) -> Iterator[Hit]:
    """More clients may come than are let in at once: further ones wait, or are turned away."""
    figure, links = proxy.proxy.clients, world.deployment.links
    if figure is None:
        return
    limit = client_limit(proxy, figure)
    arriving = links.to(proxy)
    wanted = pool_demand(links.pools_to(proxy)).joined(poolers_bound(links.poolers_to(proxy), links))
    consumers = consumer_terms(proxy, world.deployment)
    total = wanted.total + sum(term.amount for term in consumers)
    if total <= limit.amount:
        return
    assumption = next((link.assumption for link in arriving if link.assumption), "")
    labels = [*wanted.labels, *(label for term in consumers for label in term.labels)]
    at = limit.places[0] if limit.places else labels[0].place
    evidence = tuple(dict.fromkeys(label for link in arriving for label in link.evidence))
    what = "have to wait" if proxy.proxy.queues else "are refused"
    yield Hit(
        at,
        {
            "pooler": proxy.name,
            "demand": total,
            "limit": limit.amount,
            "words": figure.words,
            "what": what,
            "many": total - limit.amount,
            "assumption": assumption,
        },
        tuple(label for label in dict.fromkeys((*labels, *evidence)) if label.place != at),
        (
            *wanted.lines,
            *(term.line for term in consumers),
            f"{limit.name}: {limit.words} = {limit.amount}",
            f"{total} clients - {limit.amount} admitted = {total - limit.amount} that {what}",
        ),
        certain=not assumption,
    )


def cancels_not_covered(instance: Instance, world: World, params: Params) -> Iterator[Hit]:
    """pgpool-II may fill every slot, so that no connection is left to cancel a query over."""
    have = slots(instance)
    links = [
        link
        for link in world.deployment.links.poolers_to(instance)
        if isinstance(link.client, Proxy) and link.client.proxy.product == "pgpool-II" and link.lane is not None
    ]
    if have is None or not links:
        return
    bound = lane_bound([link for link in links if link.client is links[0].client], world.deployment.links)
    if not bound.terms or not bound.total <= have.usable < 2 * bound.total:
        return
    term = bound.terms[0]
    if not term.places:
        return
    values = {
        "pooler": links[0].client.name,
        "instance": instance.name,
        "twice": 2 * term.amount,
        "usable": have.usable,
    }
    limit = have.max_connections
    related = (Label(limit.place, "max_connections"),) if limit.is_written and limit.place is not None else ()
    yield Hit(
        term.places[0],
        values,
        (*(Label(place, term.said) for place in term.places[1:]), *related),
        (term.line, f"{term.amount} × 2 = {2 * term.amount}", f"{instance.name}: {have.arithmetic}"),
    )
