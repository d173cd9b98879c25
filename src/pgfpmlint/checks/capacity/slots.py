"""Whether an instance has slots for everybody who may connect to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pgfpmlint.finding.finding import Hit, Silent
from pgfpmlint.finding.fix import UNSAFE, Fix
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.budget import Budget, budget, headroom_target
from pgfpmlint.model.capacity import Slots, Sum, Term
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import ClientPool, Instance, Pooler
from pgfpmlint.model.size import called, settings_of, unknown_sizes
from pgfpmlint.model.world import World
from pgfpmlint.source.text import Place

DEFAULT_TARGET = 20
"""Percent of max_connections; also the default of the configuration's ``policy: {headroom: …}``."""

Judgement = Iterator[Hit | Silent]


def workers_exceed_max_connections(instance: Instance, world: World, params: Mapping[str, object]) -> Judgement:
    """Client pools that connect straight to the instance may hold more connections than it has usable slots."""
    found = budget(instance, world.deployment)
    yield from _gaps(instance, found, world)
    if found is None or found.direct.total <= found.slots.usable:
        return
    links = world.deployment.links.pools_to(instance)
    at, labels = _largest_first(found.direct.terms)
    limit = found.fitting_children or 0
    yield Hit(
        at,
        {
            "instance": instance.name,
            "demand": found.direct.shown,
            "clients": called(links),
            "usable": found.slots.usable,
            "way": _way(links, limit),
            "assumption": found.assumption,
        },
        (*labels, *_slot_labels(found.slots), *_evidence(links)),
        (
            *_addition(found.direct),
            _have(found),
            _missing(found.direct, found.slots.usable),
            *_left(found),
            *_each(found),
        ),
        certain=not found.assumption,
        fix=_lowered(links, limit) if limit > 0 else None,
    )


def _way(links: Sequence[Link], limit: int) -> str:
    """What to type where the limit leaves any worker; other clients than FPM have settings of their own."""
    if limit > 0:
        return f"set pm.max_children = {limit} in every pool that connects there, "
    return "" if all(isinstance(link.client, ClientPool) for link in links) else f"lower {settings_of(links)}, "


def _lowered(links: Sequence[Link], limit: int) -> Fix | None:
    """The limit as pm.max_children of every pool that has more."""
    pools = {link.client.name: link.client for link in links if isinstance(link.client, ClientPool)}
    children = [pool.pool.setting("pm.max_children") for pool in pools.values()]
    fixes = [one.rewritten(str(limit)) for one in children if (one.number or 0) > limit]
    edits = tuple(edit for fix in fixes if fix is not None for edit in fix.edits)
    return Fix(UNSAFE, edits) if edits else None


def pool_outgrows_server(instance: Instance, world: World, params: Mapping[str, object]) -> Judgement:
    """Poolers may open more connections to the instance than it has usable slots."""
    found = budget(instance, world.deployment)
    yield from _gaps(instance, found, world)
    if found is None or (found.pooled.total <= found.slots.usable and not found.pooled.unlimited):
        return
    links = world.deployment.links.poolers_to(instance)
    labels = found.pooled.labels
    related = (*labels, *_reserved_labels(found.slots), *_evidence(links))
    at = found.slots.max_connections.place if found.slots.max_connections.is_written else None
    if at is None and labels:
        at, related = labels[0].place, related[1:]
    if at is None:
        return
    poolers = sorted({link.client.name for link in links})
    yield Hit(
        at,
        {
            "instance": instance.name,
            "poolers": " and ".join(poolers),
            "demand": "any number of" if found.pooled.unlimited else found.pooled.shown,
            "usable": found.slots.usable,
            "way": _way_of_poolers(links),
            "assumption": found.assumption,
        },
        related,
        (
            *([found.pooled.unlimited] if found.pooled.unlimited else []),
            *_addition(found.pooled),
            _have(found),
            *([] if found.pooled.unlimited else [_missing(found.pooled, found.slots.usable)]),
        ),
        certain=not found.assumption,
    )


def _way_of_poolers(links: Sequence[Link]) -> str:
    if all(isinstance(link.client, Pooler) for link in links):
        return "lower default_pool_size or set max_db_connections"
    return "lower the sizes of their pools"


def demand_exceeds_budget(instance: Instance, world: World, params: Mapping[str, object]) -> Judgement:
    """Pools, poolers and declared consumers fit one by one, but not together."""
    found = budget(instance, world.deployment)
    yield from _gaps(instance, found, world)
    if found is None or found.headroom >= 0 or found.demand == 0:
        return
    if max(found.direct.total, found.pooled.total) > found.slots.usable or found.pooled.unlimited:
        return
    together = found.together
    at, labels = _largest_first(together.terms)
    consumers = [label for term in found.consumers for label in term.labels]
    yield Hit(
        at,
        {
            "instance": instance.name,
            "demand": together.shown,
            "budget": found.budget,
            "sizes": settings_of(found.links),
            "assumption": found.assumption,
        },
        (*labels, *_slot_labels(found.slots), *consumers, *_evidence(found.links)),
        (*_addition(together), _have(found), *_left(found), _missing(together, found.budget)),
        certain=not found.assumption,
    )


def headroom_below_target(instance: Instance, world: World, params: Mapping[str, object]) -> Judgement:
    """Everything fits, but with less room than the policy asks for."""
    found = budget(instance, world.deployment)
    yield from _gaps(instance, found, world)
    if found is None or found.headroom < 0 or found.demand == 0 or found.pooled.unlimited:
        return
    percent = _target(world, params)
    target = headroom_target(found.slots.slots, percent)
    if found.headroom >= target:
        return
    together = found.together
    at, labels = _largest_first(together.terms)
    yield Hit(
        at,
        {
            "instance": instance.name,
            "headroom": found.headroom,
            "demand": together.shown,
            "budget": found.budget,
            "target": target,
            "percent": percent,
            "sizes": settings_of(found.links),
            "percent_left": found.headroom * 100 // found.slots.slots,
            "tight": "; that is less than 10 %" if found.headroom * 10 < found.slots.slots else "",
            "assumption": found.assumption,
        },
        (*labels, *_slot_labels(found.slots), *_evidence(found.links)),
        (
            *_addition(together),
            _have(found),
            *_left(found),
            f"{found.budget} budget - {found.demand} demand = {found.headroom} headroom",
            f"{percent} % of {found.slots.slots} max_connections = {target} wanted",
        ),
        certain=not found.assumption,
    )


def _gaps(instance: Instance, found: Budget | None, world: World) -> Iterator[Silent]:
    """A sum of what is known may already be too large; that it fits can only be said when all of it is known."""
    if found is None:
        yield Silent(f"max_connections of {instance.name} can't be known")
    elif found.direct.unknown:
        yield Silent(f"{unknown_sizes(found.links)} can't be known")
    if found is not None and found.pooled.unknown:
        yield Silent(f"the pool size of {', '.join(found.pooled.unknown)} can't be known")
    if world.deployment.links.gap is not None:
        yield Silent(world.deployment.links.gap)


def _target(world: World, params: Mapping[str, object]) -> int:
    """The wanted headroom in percent: what the policy declares, unless the rule's own parameter says otherwise."""
    own, policy = int(str(params["target"])), world.deployment.policy
    return policy.headroom if own == DEFAULT_TARGET else own


def _largest_first(terms: Sequence[Term]) -> tuple[Place, tuple[Label, ...]]:
    """Where the largest term stands, and labels for all other places of all terms, in their order.

    One always stands somewhere: a pool without a written pm.max_children has no number to count.
    """
    written = [term for term in terms if term.places]
    largest = max(written, key=lambda term: term.amount)
    labels = [
        Label(place, term.line)
        for term in written
        for place in term.places
        if not (term is largest and place is term.places[0])
    ]
    return largest.places[0], tuple(labels)


def _slot_labels(slots: Slots) -> tuple[Label, ...]:
    limit = slots.max_connections
    own = (Label(limit.place, slots.arithmetic),) if limit.is_written and limit.place is not None else ()
    return own + _reserved_labels(slots)


def _reserved_labels(slots: Slots) -> tuple[Label, ...]:
    return tuple(Label(place, f"reserves {term.amount}") for term in slots.terms for place in term.places)


def _evidence(links: Sequence[Link]) -> tuple[Label, ...]:
    return tuple(dict.fromkeys(label for link in links for label in link.evidence))


def _addition(total: Sum) -> list[str]:
    lines = [term.line for term in total.terms]
    if len(total.terms) > 1:
        lines.append(f"{' + '.join(str(term.amount) for term in total.terms)} = {total.shown} wanted")
    return lines


def _have(found: Budget) -> str:
    source = "" if found.slots.max_connections.is_written else " (max_connections is the default)"
    return f"{found.instance.name}: {found.slots.arithmetic}{source}"


def _left(found: Budget) -> list[str]:
    if not found.consumers:
        return []
    taken = "".join(f" - {term.words}" for term in found.consumers)
    return [f"{found.slots.usable} usable{taken} = {found.budget} budget"]


def _each(found: Budget) -> list[str]:
    if found.direct_pools < 2:
        return []
    lines = [f"{found.budget} / {found.direct_pools} pools over all hosts = {found.per_pool_limit} each at most"]
    if found.fitting_children is not None and found.fitting_children != found.per_pool_limit:
        base = f"({found.budget} - {found.beside} {found.beside_words})" if found.beside else str(found.budget)
        single = found.held_by_workers == found.direct_pools and found.beside == found.pooled.total
        over = "pools over all hosts" if single else "connections that one worker of each holds"
        lines.append(f"{base} / {found.held_by_workers} {over} = {found.fitting_children} pm.max_children")
    return lines


def _missing(wanted: Sum, have: int) -> str:
    return f"{wanted.total} wanted - {have} there = {wanted.total - have} too many"
