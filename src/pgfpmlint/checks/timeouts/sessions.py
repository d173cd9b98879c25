"""Limits of one PostgreSQL server, of which the shorter hides the longer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.model.nodes import Instance
from pgfpmlint.model.time_limits import Limit, difference, of_instance, pointing
from pgfpmlint.model.world import World

Hits = Iterator[Hit]


def lock_timeout_never_fires(instance: Instance, world: World, params: Mapping[str, object]) -> Hits:
    """The statement's own limit is reached first, for it starts to count first."""
    yield from _hidden(of_instance(instance, "lock_timeout"), of_instance(instance, "statement_timeout"))


def transaction_timeout_hides_longer(instance: Instance, world: World, params: Mapping[str, object]) -> Hits:
    """PostgreSQL 17 and later pass over limits that are not below transaction_timeout."""
    whole = of_instance(instance, "transaction_timeout")
    for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
        yield from _hidden(of_instance(instance, name), whole)


def deadlock_check_never_runs(instance: Instance, world: World, params: Mapping[str, object]) -> Hits:
    """Who waits for a lock gives up before the server looks for a deadlock."""
    check = of_instance(instance, "deadlock_timeout")
    limits = [of_instance(instance, name) for name in ("lock_timeout", "statement_timeout")]
    on = [limit for limit in limits if limit is not None and limit.micros]
    if check is not None and check.is_written and on:
        yield from _hidden(check, min(on, key=lambda limit: limit.micros))


def lock_waits_never_logged(instance: Instance, world: World, params: Mapping[str, object]) -> Hits:
    """log_lock_waits speaks when the check for deadlocks does, and nobody waits so long. A deadlock_timeout that
    somebody wrote is another rule's business."""
    logs, check = instance.postgres.setting("log_lock_waits"), of_instance(instance, "deadlock_timeout")
    lock = of_instance(instance, "lock_timeout")
    if logs.value != "on" or not logs.is_written or logs.place is None or check is None or check.is_written:
        return
    if lock is not None and 0 < lock.micros <= check.micros:
        values = {"lock": lock.seconds, "check": check.seconds}
        yield Hit(logs.place, values, lock.labels, (f"{lock.words} ≤ {check.words}",))


def _hidden(longer: Limit | None, shorter: Limit | None) -> Hits:
    if longer is None or shorter is None or not 0 < shorter.micros <= longer.micros:
        return
    at, labels = pointing(longer, shorter)
    if at is not None:
        values = {"name": longer.name, "longer": longer.seconds, "hiding": shorter.name, "shorter": shorter.seconds}
        yield Hit(at, values, labels, (difference(longer, shorter),))
