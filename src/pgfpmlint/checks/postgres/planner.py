"""Settings that contradict each other about the machine: what is cached, what a page costs, what a task may take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.nodes import Instance
from pgfpmlint.model.world import World
from pgfpmlint.resolve.settings import Effective

DEFAULT = " (default)"


def cache_smaller_than_shared_buffers(instance: Instance, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """The planner is told of less cache than the server's own buffers, which are a part of it."""
    yield from _compared(instance, "effective_cache_size", "shared_buffers")


def maintenance_memory_below_work_mem(instance: Instance, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """VACUUM and CREATE INDEX get less than a single sort."""
    yield from _compared(instance, "maintenance_work_mem", "work_mem")


def random_pages_cheaper(instance: Instance, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A page out of order is said to cost less than the next one."""
    yield from _compared(instance, "random_page_cost", "seq_page_cost")


def _compared(instance: Instance, lower: str, higher: str) -> Iterator[Hit]:
    """The first is less than the second; the line of the first, or of the second where the first has its default."""
    small, large = instance.postgres.setting(lower), instance.postgres.setting(higher)
    less, more = _amount(small), _amount(large)
    if less is None or more is None or less >= more:
        return
    places = [one.place for one in (small, large) if one.is_written and one.place is not None]
    if places:
        values = {"small": _shown(small), "large": _shown(large)}
        yield Hit(places[0], values, tuple(Label(place, "the other one") for place in places[1:]))


def _amount(setting: Effective) -> float | None:
    try:
        return float(setting.value) if setting.value is not None else None
    except ValueError:
        return None


def _shown(setting: Effective) -> str:
    raw = getattr(setting.origin, "raw", None)
    return f"{setting.name} = {raw}" if raw is not None else f"{setting.name}{DEFAULT}"
