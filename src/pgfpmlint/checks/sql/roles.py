"""Roles whose own attributes contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.fix import written
from pgfpmlint.model.nodes import Scripts
from pgfpmlint.model.world import World


def no_connection_allowed(scripts: Scripts, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """LOGIN and CONNECTION LIMIT 0."""
    for role in scripts.reading.roles.values():
        limit = role.facts.get("connection limit")
        known = {name: fact.value for name, fact in role.facts.items()}
        if limit is None or limit.value != "0" or limit.place is None:
            continue
        if known.get("login") == "on" and known.get("superuser") == "off":
            place = limit.place
            zero = place._replace(start=place.end - 1)
            fix = written(zero, "-1") if zero.text == "0" and place.text.upper().startswith("CONNECTION") else None
            yield Hit(place, {"role": role.name}, fix=fix)
