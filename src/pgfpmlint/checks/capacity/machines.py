"""Machines: how many connections their processors serve, and whether those of one kind are set up alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.capacity import pool_demand
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.nodes import Instance
from pgfpmlint.model.size import processes
from pgfpmlint.model.world import World
from pgfpmlint.resolve.settings import Effective

Params = Mapping[str, object]

OF_A_POOLER = ("default_pool_size", "max_client_conn", "pool_mode", "max_db_connections")


def backends_exceed_cores(instance: Instance, world: World, params: Params) -> Iterator[Hit]:
    """Many more workers connect straight to the instance than its processors can serve at once."""
    cpus, links = instance.host.cpus, world.deployment.links
    wanted = pool_demand(links.pools_to(instance))
    few = (cpus or 0) * int(str(params["per_core"]))
    if not cpus or links.poolers_to(instance) or wanted.total <= few:
        return
    places = [place for term in wanted.terms for place in term.places]
    if not places:
        return
    host = instance.host
    declared = (Label(host.place, f"declares the processors of {host.name}"),) if host.place is not None else ()
    yield Hit(
        places[0],
        {"instance": instance.name, "demand": wanted.shown, "cpus": cpus, "per_core": params["per_core"], "few": few},
        (*(Label(place, "counts as well") for place in dict.fromkeys(places[1:])), *declared),
        (
            *wanted.lines,
            f"{cpus} processors × {params['per_core']} = {few}",
        ),
    )


def hosts_disagree(deployment: Deployment, world: World, params: Params) -> Iterator[Hit]:
    """web1 and web2 run the same pool or pooler, and one of them is set up otherwise than most."""
    alike: dict[tuple[str, ...], list[tuple[str, Effective]]] = {}
    for pool in deployment.pools:
        stem = _stem(pool.host.name)
        if stem is not None:
            alike.setdefault((stem, pool.pool.name, "pm.max_children"), []).append((pool.name, processes(pool)))
    for pooler in deployment.poolers:
        stem = _stem(pooler.host.name)
        if stem is not None:
            service = pooler.name.rpartition("/")[2]
            for name in OF_A_POOLER:
                alike.setdefault((stem, service, name), []).append((pooler.name, pooler.bouncer.setting(name)))
    for (_, _, name), found in alike.items():
        yield from _odd_ones(name, found)


def _odd_ones(name: str, found: list[tuple[str, Effective]]) -> Iterator[Hit]:
    """Those that differ from what most have; where there is no most, from the first."""
    values = [setting.value for _, setting in found]
    if len(found) < 2 or None in values or len(set(values)) == 1:
        return
    usual = max(values, key=values.count)
    like = next((who, setting) for who, setting in found if setting.value == usual)
    for who, setting in found:
        if setting.value != usual and setting.is_written and setting.place is not None:
            known = like[1].is_written and like[1].place is not None
            labels = (Label(like[1].place, f"of {like[0]}"),) if known and like[1].place is not None else ()
            yield Hit(
                setting.place,
                {"name": name, "who": who, "value": setting.value, "other": like[0], "usual": usual},
                labels,
            )


def _stem(host: str) -> str | None:
    """``web`` of ``web1`` and ``web-02``; None for a name without a number, which belongs to no row of machines."""
    stem = host.rstrip("0123456789")
    return stem.rstrip("-_.") or None if stem != host else None
