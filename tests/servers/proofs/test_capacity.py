"""Connections that are refused because the sums of capacity/ don't fit."""

from __future__ import annotations

import pytest

from servers.proofs.conftest import Stage

pytestmark = pytest.mark.server

NO_SLOT = ("sorry, too many clients already", "remaining connection slots are reserved")


def refused(answers: list[str], *words: str) -> int:
    """How many were refused with one of ``words``; all others must have got in."""
    strange = [answer for answer in answers if answer != "ok" and not any(word in answer for word in words)]
    assert not strange, strange[:3]
    return sum(answer != "ok" for answer in answers)


def test_more_workers_than_slots(stage: Stage) -> None:
    """150 workers on three hosts for 117 slots: 33 find none. With 117 workers all do."""
    rule = "capacity/workers-exceed-max-connections"
    with stage.bad(rule, "three hosts with 50 workers each") as site:
        assert not site.down
        assert refused(site.ask_together(in_turn=True), *NO_SLOT) == 150 - 117
    with stage.good(rule, "the same three hosts with 39 workers each") as site:
        assert not site.down
        assert refused(site.ask_together(in_turn=True), *NO_SLOT) == 0


def test_more_server_connections_than_slots(stage: Stage) -> None:
    """Three entries of 20 for 47 slots: PostgreSQL refuses PgBouncer's logins, and 13 workers wait for what it can't
    get. With 67 slots all 60 are served at once."""
    rule = "capacity/pool-outgrows-server"
    with stage.bad(rule, "three pools of workers that fill three entries") as site:
        assert not site.down
        site.ask_together(enough=lambda: any(word in site.log("edge/pgbouncer") for word in NO_SLOT))
        assert site.served <= 47
        assert any(word in site.log("edge/pgbouncer") for word in NO_SLOT)
    with stage.good(rule, "three pools of workers and a server with room") as site:
        assert not site.down
        assert set(site.ask_together()) == {"ok"}
        assert site.served == 60


def test_workers_and_pooler_share_the_slots(stage: Stage) -> None:
    """60 workers and 40 pooled connections for 97 slots: three find none. 60 and 30 are served at once."""
    rule = "capacity/demand-exceeds-budget"
    with stage.bad(rule, "workers and a pooler that is full") as site:
        assert not site.down
        answers = site.ask_together(enough=lambda: any(word in site.log("localhost/pgbouncer") for word in NO_SLOT))
        assert any(word in "".join([*answers, site.log("localhost/pgbouncer")]) for word in NO_SLOT)
    with stage.good(rule, "a smaller pooler that is full") as site:
        assert not site.down
        assert set(site.ask_together()) == {"ok"}
        assert site.served == 90


def test_more_clients_than_the_pooler_admits(stage: Stage) -> None:
    """50 workers, 40 admitted: ten are refused (more may be: libpq tries again), and 20 are served, for which the pool
    has connections. With a limit of 50 none is refused."""
    rule, pooler = "capacity/clients-exceed-max-client-conn", "localhost/pgbouncer"
    refusal = "no more connections allowed (max_client_conn)"
    with stage.bad(rule, "a written limit") as site:
        assert not site.down
        assert refused(site.ask_together(enough=20 + 10), refusal) >= 10
    with stage.good(rule, "a limit above the sum") as site:
        assert not site.down
        assert refused(site.ask_together(enough=lambda: site.log(pooler).count("login attempt") >= 50), refusal) == 0
