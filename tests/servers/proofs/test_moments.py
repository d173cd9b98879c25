"""Connections that run out at another time than at the steady peak."""

from __future__ import annotations

import contextlib

import pytest

from servers import cage
from servers.proofs.conftest import Stage, example
from servers.proofs.site import Site
from servers.proofs.test_capacity import NO_SLOT, refused
from servers.wire import Refused

pytestmark = pytest.mark.server


def _slots_taken(site: Site) -> int:
    with site.session("db/15-main") as session:
        (row,) = session.rows("select count(*) from pg_stat_activity where usename <> 'postgres'")
    return int(row["count"] or 0)


def test_more_connections_kept_than_slots(stage: Stage) -> None:
    """Without a single client PgBouncer takes all 47 slots and is refused more; with a floor of 5 it takes 15."""
    rule = "capacity/idle-floor-exceeds-slots"
    with stage.bad(rule, "three pools that are always full") as site:
        assert not site.down
        assert cage.until(lambda: any(word in site.log("edge/pgbouncer") for word in NO_SLOT))
    with stage.good(rule, "five of each") as site:
        assert not site.down
        assert cage.until(lambda: _slots_taken(site) == 15)
        assert not any(word in site.log("edge/pgbouncer") for word in NO_SLOT)


def _held_at_once(site: Site, count: int) -> int:
    """How many of so many sessions are refused."""
    missed = 0
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            try:
                stack.enter_context(site.session("db/15-main", user="app"))
            except Refused as refusal:
                missed += any(word in str(refusal) for word in NO_SLOT)
    return missed


def test_more_consumers_than_slots(stage: Stage) -> None:
    """Of 18 sessions one is refused; 17 get in."""
    rule = "capacity/consumers-exceed-slots"
    with stage.bad(rule, "reports on a small server") as site:
        assert _held_at_once(site, 18) == 1
    with stage.good(rule, "one report fewer") as site:
        assert _held_at_once(site, 17) == 0


def test_a_deployment_beyond_the_slots(stage: Stage) -> None:
    """Three hosts get what they want; the fourth, which is there while one of them is replaced, doesn't get all. With
    room for four it does."""
    rule = "capacity/deployment-exceeds-budget"
    bad = example(rule, "bad", "room for three hosts but not for four")
    with stage.play(bad) as site:
        assert refused(site.ask_together()) == 0
    for files, missed in ((bad, 40 - 37), (example(rule, "good", "room for four"), 0)):
        deploying = {path: text.replace("count: 3", "count: 4") for path, text in files.items()}
        with stage.play(deploying) as site:
            assert refused(site.ask_together(in_turn=True), *NO_SLOT) == missed
