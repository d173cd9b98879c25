"""What PgBouncer makes of sizes and caps."""

from __future__ import annotations

import pytest

from servers.proofs.conftest import Stage

pytestmark = pytest.mark.server


def test_a_reserve_that_never_opens(stage: Stage) -> None:
    """Five workers for two connections and a reserve of three: with a timeout of 0 two are served, with 1 all are."""
    rule = "capacity/reserve-never-used"
    with stage.bad(rule, "nought seconds are no seconds") as site:
        assert not site.down
        site.ask_together(enough=2)
        assert site.served == 2
    with stage.good(rule, "after a second") as site:
        assert not site.down
        site.ask_together()
        assert site.served == 5


def test_a_pool_of_no_connections(stage: Stage) -> None:
    """One of two workers holds the only connection; the other is sent away. With two both are served."""
    rule = "capacity/pool-size-zero"
    with stage.bad(rule, "unlimited, somebody thought") as site:
        assert not site.down
        answers = site.ask_together()
        assert any("query_wait_timeout" in answer for answer in answers), answers
    with stage.good(rule, "two for two workers") as site:
        assert not site.down
        assert site.ask_together() == ["ok", "ok"]


def test_a_cap_for_each_entry(stage: Stage) -> None:
    """Two entries with a cap of four open eight connections to one database; one entry opens four."""
    rule = "capacity/cap-counts-per-entry"
    with stage.bad(rule, "two names for one database") as site:
        assert not site.down
        site.ask_together(enough=8)
        assert site.served == 8
    with stage.good(rule, "one name") as site:
        assert not site.down
        site.ask_together(enough=4)
        assert site.served == 4


def test_more_clients_than_a_database_admits(stage: Stage) -> None:
    """12 workers, 10 admitted: two are refused (more may be: libpq tries again). With a limit of 12 none is."""
    rule = "capacity/clients-exceed-client-limit"
    with stage.bad(rule, "a limit that was meant for server connections") as site:
        assert not site.down
        answers = site.ask_together()
        assert sum("max_db_client_connections" in answer for answer in answers) >= 2, answers
    with stage.good(rule, "as many as there are workers") as site:
        assert not site.down
        assert set(site.ask_together()) == {"ok"}
