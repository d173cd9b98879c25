"""How a server is stopped, against who still uses it then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.nodes import FpmMaster, Instance, Pooler
from pgfpmlint.model.world import World

WAITS = (1, 23)
"""Since when PgBouncer waits for its clients at SIGTERM (https://www.pgbouncer.org/changelog.html)."""


def stop_waits_for_kept_connections(
    server: Instance | Pooler | FpmMaster, world: World, params: Mapping[str, object]
) -> Iterator[Hit]:
    """systemd's SIGTERM makes PgBouncer wait for clients that never leave, and take no others meanwhile."""
    unit = server.unit
    if not isinstance(server, Pooler) or unit is None or not unit.whole or unit.broken:
        return
    version = server.bouncer.reading.version
    kill, stop, patience = (unit.setting(name) for name in ("KillSignal", "ExecStop", "TimeoutStopSec"))
    at = kill.place or unit.anchor
    if version.assumed or not version.at_least(*WAITS) or kill.value not in (None, "SIGTERM") or stop.is_written:
        return
    kept = [(link, link.persistent) for link in world.deployment.links.to(server) if link.persistent is not None]
    if not kept or at is None:
        return
    labels = [Label(label.place, label.words) for _, label in kept]
    if patience.is_written and patience.place is not None:
        labels.append(Label(patience.place, "how long systemd waits"))
    yield Hit(
        at,
        {
            "pooler": server.name,
            "version": version,
            "pool": kept[0][0].client.name,
            "patience": patience.value or "90 s (systemd's default)",
            "assumption": kept[0][0].assumption,
        },
        tuple(dict.fromkeys(labels)),
        fix=kill.rewritten("SIGINT"),
        certain=all(link.is_certain for link, _ in kept),
    )
