"""Connections that CONNECTION LIMIT refuses, while max_connections has slots left."""

from __future__ import annotations

import pytest

from servers.proofs.conftest import Stage
from servers.proofs.test_capacity import refused

pytestmark = pytest.mark.server


def test_a_role_with_fewer_connections_than_its_pools(stage: Stage) -> None:
    """Eight workers log in as a role with CONNECTION LIMIT 6: two are refused. With 8 none is."""
    rule = "capacity/role-limit-below-pools"
    with stage.bad(rule, "workers that connect themselves") as site:
        assert not site.down
        site.run_scripts()
        assert refused(site.ask_together(in_turn=True), 'too many connections for role "shop"') == 8 - 6
    with stage.good(rule, "workers that find room") as site:
        site.run_scripts()
        assert refused(site.ask_together(), "too many connections") == 0


def test_a_database_with_fewer_connections_than_its_pools(stage: Stage) -> None:
    """Eight workers use a database with CONNECTION LIMIT 6: two are refused. With 8 none is."""
    rule = "capacity/database-limit-below-pools"
    with stage.bad(rule, "workers that connect themselves") as site:
        assert not site.down
        site.run_scripts()
        assert refused(site.ask_together(in_turn=True), 'too many connections for database "shop"') == 8 - 6
    with stage.good(rule, "workers that find room") as site:
        site.run_scripts()
        assert refused(site.ask_together(), "too many connections") == 0
