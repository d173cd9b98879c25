"""ALTER SYSTEM against the files that it competes with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.nodes import Scripts
from pgfpmlint.model.world import World
from pgfpmlint.resolve.settings import Effective, Written


def alter_system_hides_file(scripts: Scripts, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Another value than that of the file, which then does nothing."""
    if scripts.instance is None:
        return
    for key, setting in scripts.reading.system.items():
        line = _line(scripts, key)
        if line is None or line.value in (None, setting.value) or setting.place is None or line.place is None:
            continue
        values = {
            "name": setting.name,
            "value": _raw(setting),
            "hidden": _raw(line),
            "file": line.place.path,
            "assumption": scripts.assumption,
        }
        yield Hit(setting.place, values, (Label(line.place, "is hidden from then on"),), certain=scripts.certain)


def alter_system_switched_off(scripts: Scripts, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """allow_alter_system = off."""
    if scripts.instance is None:
        return
    switch = scripts.instance.postgres.setting("allow_alter_system")
    if switch.value != "off" or not switch.is_written or switch.place is None:
        return
    for setting in scripts.reading.system.values():
        if setting.place is not None:
            values = {"name": setting.name, "file": switch.place.path, "assumption": scripts.assumption}
            yield Hit(setting.place, values, (Label(switch.place, "switches it off"),), certain=scripts.certain)


def _line(scripts: Scripts, key: str) -> Effective | None:
    """The line of the server's own files that sets it; postgresql.auto.conf is what ALTER SYSTEM writes."""
    instance = scripts.instance
    setting = instance.postgres.settings.get(key) if instance is not None else None
    if setting is None or setting.place is None or setting.place.path.endswith("postgresql.auto.conf"):
        return None
    return setting


def _raw(setting: Effective) -> str:
    return setting.origin.raw if isinstance(setting.origin, Written) else str(setting.value)
