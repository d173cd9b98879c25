"""Standbys that do not follow."""

from __future__ import annotations

import pytest

from servers import cage
from servers.proofs.conftest import Stage
from servers.wire import Refused

pytestmark = pytest.mark.server


def test_a_standby_smaller_than_its_primary(stage: Stage) -> None:
    """It ends at its start; one as large as its primary follows."""
    rule = "capacity/standby-smaller-than-primary"
    with stage.bad(rule, "raised on the primary only") as site:
        assert list(site.down) == ["db2/15-main"]
        assert "max_connections = 100 is a lower setting than on the primary server" in site.down["db2/15-main"]
        assert "recovery aborted because of insufficient parameter settings" in site.down["db2/15-main"]
    with stage.good(rule, "raised on the standby as well") as site:
        assert not site.down
        assert cage.until(lambda: "started streaming WAL from primary" in site.log("db2/15-main"))


def test_fewer_wal_senders_than_standbys(stage: Stage) -> None:
    """The second standby is refused; with two WAL senders both follow."""
    rule = "capacity/wal-senders-below-standbys"
    refusal = "number of requested standby connections exceeds max_wal_senders"
    with stage.bad(rule, "one for two") as site:
        assert not site.down
        assert cage.until(lambda: refusal in site.log("db2/15-main") + site.log("db3/15-main"))
    with stage.good(rule, "two for two") as site:
        assert not site.down
        assert cage.until(lambda: "started streaming WAL" in site.log("db2/15-main"))
        assert cage.until(lambda: "started streaming WAL" in site.log("db3/15-main"))
        assert refusal not in site.log("db2/15-main") + site.log("db3/15-main")


def test_fewer_replication_slots_than_standbys(stage: Stage) -> None:
    """The primary makes one slot and refuses the second, whose standby never follows; with room for two both do."""
    rule = "capacity/replication-slots-below-standbys"
    make = "select pg_create_physical_replication_slot('{}')"
    with stage.bad(rule, "one for two") as site:
        assert not site.down
        with site.session("db1/15-main") as session:
            session.rows(make.format("db2"))
            with pytest.raises(Refused, match="all replication slots are in use"):
                session.rows(make.format("db3"))
        assert cage.until(lambda: 'replication slot "db3" does not exist' in site.log("db3/15-main"))
    with stage.good(rule, "two for two") as site:
        assert not site.down
        with site.session("db1/15-main") as session:
            for name in ("db2", "db3"):
                session.rows(make.format(name))
        assert cage.until(lambda: "started streaming WAL" in site.log("db2/15-main"))
        assert cage.until(lambda: "started streaming WAL" in site.log("db3/15-main"))
