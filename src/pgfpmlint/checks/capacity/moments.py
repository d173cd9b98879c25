"""Connections beside the steady demand: kept while idle, declared for other purposes, doubled by a deployment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.budget import budget
from pgfpmlint.model.capacity import Slots, Term, slots
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import Instance, Pooler
from pgfpmlint.model.pooler_pool import pool_size
from pgfpmlint.model.size import settings_of
from pgfpmlint.model.world import World

Params = Mapping[str, object]


def idle_floor_exceeds_slots(instance: Instance, world: World, params: Params) -> Iterator[Hit]:
    """Poolers keep more connections open than the instance has, although nobody asks for them."""
    have = slots(instance)
    links = world.deployment.links.poolers_to(instance)
    terms = [term for link in links if (term := _floor(link)) is not None]
    total = sum(term.amount for term in terms)
    if have is None or total <= have.usable:
        return
    places = dict.fromkeys(place for term in terms for place in term.places)
    at, *others = places
    assumption = next((link.assumption for link in links if link.assumption), "")
    is_told = not any(link.client.bouncer.reading.version.assumed for link in links if isinstance(link.client, Pooler))
    yield Hit(
        at,
        {"instance": instance.name, "floor": total, "usable": have.usable, "assumption": assumption},
        (*(Label(place, "kept open") for place in others), *_slots(have)),
        (
            *(term.line for term in terms),
            f"{instance.name}: {have.arithmetic}",
            f"{total} kept open - {have.usable} there = {total - have.usable} too many",
        ),
        certain=not assumption and is_told,
    )


def _floor(link: Link) -> Term | None:
    """What one entry keeps open from the start: a pool of a forced user is filled before any client came, after 1.21
    (https://github.com/pgbouncer/pgbouncer/pull/947; 1.18 was seen not to, 1.24 and 1.26 to do so)."""
    pooler, entry = link.client, link.entry
    if not isinstance(pooler, Pooler) or entry is None or entry.name == "*" or entry.parameter("user") is None:
        return None
    if not pooler.bouncer.reading.version.at_least(1, 22):
        return None
    own, user = entry.parameter("min_pool_size"), entry.parameter("user")
    least = own if own is not None and (own.number or 0) >= 0 else pooler.bouncer.setting("min_pool_size")
    size = pool_size(pooler, entry, (user.value if user is not None else "") or "")
    if not least.number or not size.number or least.place is None:
        return None
    each = min(least.number, size.number)
    machines = pooler.host.machines
    words = f"{each} min_pool_size" + (f" × {machines} hosts" if machines != 1 else "")
    places = [least.place] + ([pooler.host.machines_place] if pooler.host.machines_place is not None else [])
    return Term(f"{pooler.name} database {entry.name}", words, each * machines, tuple(places))


def consumers_exceed_slots(instance: Instance, world: World, params: Params) -> Iterator[Hit]:
    """What the configuration declares takes all slots by itself."""
    have = slots(instance)
    declared = world.deployment.consumers.get(instance.name, ())
    total = sum(consumer.connections for consumer in declared)
    if have is None or not declared or total <= have.usable:
        return
    largest = max(declared, key=lambda consumer: consumer.connections)
    others = (Label(one.place, f"{one.connections} {one.name}") for one in declared if one is not largest)
    yield Hit(
        largest.place,
        {"instance": instance.name, "total": total, "usable": have.usable, "missing": total - have.usable},
        (*others, *_slots(have)),
        (
            f"{' + '.join(f'{one.connections} {one.name}' for one in declared)} = {total} declared",
            f"{instance.name}: {have.arithmetic}",
        ),
    )


def deployment_exceeds_budget(instance: Instance, world: World, params: Params) -> Iterator[Hit]:
    """Everything fits, save while old and new workers overlap as the configuration declares."""
    found = budget(instance, world.deployment)
    if found is None or not found.peak.declared or found.headroom < 0 or found.peak.total <= found.budget:
        return
    terms = [term for term in found.together.terms if term.places]
    if not terms:
        return
    largest = max(terms, key=lambda term: term.amount)
    others = [Label(place, term.said) for term in terms for place in term.places if place != largest.places[0]]
    overlap = world.deployment.policy.overlap
    declared = [Label(overlap.place, "declares how deployments overlap")] if overlap is not None else []
    yield Hit(
        largest.places[0],
        {
            "instance": instance.name,
            "peak": found.peak.total,
            "when": found.peak.words,
            "budget": found.budget,
            "sizes": settings_of(found.links),
            "missing": found.peak.total - found.budget,
            "assumption": found.assumption,
        },
        (*others, *_slots(found.slots), *declared),
        (
            *(term.line for term in terms),
            f"{found.demand} steady + {found.peak.extra} {found.peak.words} = {found.peak.total}",
            f"{instance.name}: {found.slots.arithmetic}",
            f"{found.peak.total} wanted - {found.budget} there = {found.peak.total - found.budget} too many",
        ),
        certain=not found.assumption,
    )


def _slots(have: Slots) -> tuple[Label, ...]:
    limit = have.max_connections
    own = (Label(limit.place, have.arithmetic),) if limit.is_written and limit.place is not None else ()
    return own + tuple(Label(place, f"reserves {term.amount}") for term in have.terms for place in term.places)
