"""Settings of roles, which a pooler that logs in as somebody else keeps from its clients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.connection_path import ConnectionPath
from pgfpmlint.model.nodes import Instance
from pgfpmlint.model.roles import settings_of
from pgfpmlint.model.world import World


def role_setting_bypassed(instance: Instance, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """ALTER ROLE … SET for a role that clients name and that never logs in to the instance."""
    if not instance.scripts:
        return
    paths = [path for path in world.subjects("path") if isinstance(path, ConnectionPath) and path.instance == instance]
    inside = {path.links[-1].user for path in paths} | {link.user for link in world.deployment.links.to(instance)}
    by_role: dict[str, list[ConnectionPath]] = {}
    for path in paths:
        role = path.links[0].user
        if len(path.links) > 1 and role and path.links[-1].user and role not in inside and None not in inside:
            by_role.setdefault(role, []).append(path)
    for role, own in by_role.items():
        for (_, _), fact in settings_of(instance, role).items():
            if fact.value.place is None:
                continue
            last = own[0].links[-1]
            forced = last.entry.parameter("user") if last.entry is not None else None
            labels = [Label(forced.place, "for everybody")] if forced is not None and forced.place is not None else []
            assumption = fact.assumption or next((path.assumption for path in own if path.assumption), "")
            yield Hit(
                fact.value.place,
                {
                    "role": role,
                    "name": fact.value.name,
                    "clients": " and ".join(sorted({path.pool.name for path in own})),
                    "pooler": last.client.name,
                    "instance": instance.name,
                    "user": last.user,
                    "assumption": assumption,
                },
                (*labels, *dict.fromkeys(label for path in own for label in path.evidence)),
                certain=not assumption,
            )
