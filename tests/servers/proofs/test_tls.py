"""Two ends that don't agree on TLS."""

from __future__ import annotations

import pytest

from servers.proofs.conftest import Stage
from servers.proofs.test_doors import SELECT, shown

pytestmark = pytest.mark.server


def test_a_pooler_without_tls_where_records_want_it(stage: Stage) -> None:
    rule = "tls/pooler-without-tls-refused"
    refused = 'no pg_hba.conf entry for host "10.77.1.20", user "app", database "shop", no encryption'
    bad = {"switched off": refused, "off by default": refused}
    shown(stage, rule, "web/www", bad, ["switched on", "preferred", "a record without TLS as well"])


def test_a_pooler_with_tls_where_records_want_none(stage: Stage) -> None:
    """Direct clients with libpq's default get in: it tries again without TLS."""
    rule = "tls/client-with-tls-refused"
    bad = {"preferred by a pooler": 'user "app", database "shop", SSL encryption'}
    shown(stage, rule, "web/www", bad, ["a record for both", "the server speaks none", "libpq comes back without"])


def test_a_pooler_that_demands_tls_of_a_server_without(stage: Stage) -> None:
    """Clients wait in vain; the pooler says why in its log."""
    rule = "tls/pooler-demands-tls-of-server"
    with stage.bad(rule, "ssl is off by default") as site:
        assert not site.down
        assert site.ask("web/www", SELECT) != ["ok"]
        assert "server refused SSL" in site.log("edge/pgbouncer")
    with stage.good(rule, "ssl is on") as site:
        assert not site.down
        assert site.ask("web/www", SELECT) == ["ok"]


def test_an_application_without_tls_where_records_want_it(stage: Stage) -> None:
    rule = "tls/client-without-tls-refused"
    bad = {"switched off": 'no pg_hba.conf entry for host "10.77.1.10", user "app", database "shop", no encryption'}
    shown(stage, rule, "web/www", bad, ["required", "libpq prefers it by itself"])


def test_an_application_that_demands_tls_where_there_is_none(stage: Stage) -> None:
    rule = "tls/client-demands-tls-of-server"
    refused = "server does not support SSL, but SSL was required"
    bad = {"a pooler that speaks none": refused, "PostgreSQL with ssl off": refused}
    shown(stage, rule, "web/www", bad, ["ssl is on", "preferred"])


def test_a_pooler_that_demands_tls_of_clients_without(stage: Stage) -> None:
    rule = "tls/pooler-demands-tls-of-client"
    bad = {"one demands, the other refuses": "SSL required"}
    shown(stage, rule, "web/www", bad, ["the client demands it as well", "libpq prefers it by itself"])
