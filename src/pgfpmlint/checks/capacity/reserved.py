"""Slots that are kept for roles which no script makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.nodes import Instance
from pgfpmlint.model.world import World

MEMBERSHIP = "pg_use_reserved_connections"


def reserved_for_nobody(instance: Instance, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """reserved_connections, while the scripts that make the server's roles let none of them use those."""
    reserved = instance.postgres.setting("reserved_connections")
    if not reserved.is_written or not reserved.number or reserved.place is None:
        return
    if not instance.postgres.reading.version.at_least(16) or any(one.reading.gaps for one in instance.scripts):
        return
    roles = [role for one in instance.scripts if one.certain for role in one.reading.roles.values()]
    made = [role for role in roles if role.created]
    if made and not any(MEMBERSHIP in role.member_of for role in roles):
        labels = (Label(made[0].place, "the first of the roles that scripts make"),)
        yield Hit(reserved.place, {"instance": instance.name, "slots": reserved.number}, labels)
