"""How many processes an FPM master may run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.nodes import FpmMaster
from pgfpmlint.model.world import World


def process_max_below_children(master: FpmMaster, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """``process.max`` lets the pools reach only a part of their ``pm.max_children``."""
    limit = master.fpm.setting("process.max")
    children = [(pool.name, pool.setting("pm.max_children")) for pool in master.fpm.pools]
    total = sum(setting.number or 0 for _, setting in children)
    if not limit.number or limit.place is None or total <= limit.number:
        return
    yield Hit(
        limit.place,
        {"limit": limit.number, "total": total, "pools": len(children)},
        tuple(
            Label(setting.place, f"pool {name}: {setting.number} workers")
            for name, setting in children
            if setting.is_written and setting.place is not None
        ),
        (
            f"{' + '.join(str(setting.number or 0) for _, setting in children)} = {total} pm.max_children",
            f"{total} wanted - {limit.number} process.max = {total - limit.number} never started",
        ),
    )
