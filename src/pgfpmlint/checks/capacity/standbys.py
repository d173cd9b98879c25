"""What a primary must have for its standbys, and they for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.replication import Standby, standbys
from pgfpmlint.model.world import World

SIZED_LIKE_THE_PRIMARY = (
    "max_connections",
    "max_worker_processes",
    "max_wal_senders",
    "max_prepared_transactions",
    "max_locks_per_transaction",
)
"""https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-ADMIN"""


def standby_smaller_than_primary(deployment: Deployment, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A hot standby that has less than its primary of what it must mirror."""
    for standby in standbys(deployment):
        if standby.instance.postgres.setting("hot_standby").value != "off":
            for name in SIZED_LIKE_THE_PRIMARY:
                yield from _smaller(standby, name)


def _smaller(standby: Standby, name: str) -> Iterator[Hit]:
    own, its = standby.instance.postgres.setting(name), standby.primary.postgres.setting(name)
    if own.number is None or its.number is None or own.number >= its.number:
        return
    at, other = (own, its) if own.is_written else (its, own)
    if at.place is None or not at.is_written:
        return
    labels = (Label(other.place, f"{name} of the other"),) if other.is_written and other.place is not None else ()
    yield Hit(
        at.place,
        {
            "standby": standby.instance.name,
            "primary": standby.primary.name,
            "name": name,
            "own": f"{own.number}{'' if own.is_written else ' by default'}",
            "its": f"{its.number}{'' if its.is_written else ' by default'}",
            "wanted": its.number,
        },
        (*labels, standby.label),
        fix=own.rewritten(str(its.number)),
        certain=not standby.mutual,
    )


def wal_senders_below_standbys(deployment: Deployment, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A primary with fewer WAL senders than machines that follow it."""
    followers: dict[str, list[Standby]] = {}
    for standby in standbys(deployment):
        if not standby.mutual:
            followers.setdefault(standby.primary.name, []).append(standby)
    for of_primary in followers.values():
        primary = of_primary[0].primary
        senders = primary.postgres.setting("max_wal_senders")
        count = sum(standby.instance.host.machines for standby in of_primary)
        if senders.number is None or not senders.is_written or senders.place is None or senders.number >= count:
            continue
        yield Hit(
            senders.place,
            {"primary": primary.name, "senders": senders.number, "count": count, **_wanted(count + 2)},
            tuple(standby.label for standby in of_primary),
            (f"{count} standbys - {senders.number} max_wal_senders = {count - senders.number} that can't follow",),
        )


def replication_slots_below_standbys(
    deployment: Deployment, world: World, params: Mapping[str, object]
) -> Iterator[Hit]:
    """A primary that can't hold the slots that its standbys name."""
    users: dict[str, dict[str, Standby]] = {}
    for standby in standbys(deployment):
        slot = standby.instance.postgres.setting("primary_slot_name")
        if not standby.mutual and slot.value and slot.is_written and standby.instance.host.machines == 1:
            users.setdefault(standby.primary.name, {}).setdefault(slot.value, standby)
    for by_slot in users.values():
        primary = next(iter(by_slot.values())).primary
        limit = primary.postgres.setting("max_replication_slots")
        if limit.number is None or not limit.is_written or limit.place is None or limit.number >= len(by_slot):
            continue
        named = [standby.instance.postgres.setting("primary_slot_name") for standby in by_slot.values()]
        yield Hit(
            limit.place,
            {"primary": primary.name, "limit": limit.number, "count": len(by_slot), **_wanted(len(by_slot))},
            tuple(Label(slot.place, "a slot of its own") for slot in named if slot.place is not None),
        )


def _wanted(least: int) -> dict[str, object]:
    """What to set max_wal_senders or max_replication_slots to: the default of both, 10, unless that is too few."""
    return {"wanted": max(10, least), "why": "the default" if least <= 10 else "as many as are needed"}
