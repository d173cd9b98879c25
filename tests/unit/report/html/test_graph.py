from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.model.accounts import accounts
from pgfpmlint.model.passage import Passages
from pgfpmlint.report.html.graph import Graph, graph
from pgfpmlint.report.snippet import Screen
from trees import deployment_of, outcome_of

CONF = "listen_addresses = '*'\nssl = on\n"
POOL = "[www]\nuser = a\nlisten = 9000\npm = static\npm.max_children = 5\nenv[DB_CONNECTION] = pgsql\n"


def graph_of(files: Mapping[str, str]) -> Graph:
    deployment = deployment_of(files)
    errors = [finding for finding in outcome_of(files).findings if finding.severity == "error"]
    return graph(accounts(deployment), Passages(deployment).legs, errors, Screen())


def test_a_link_that_is_rejected_fails() -> None:
    files = {
        ".pgfpmlint.yaml": "hosts: {db: {root: db, addresses: [10.0.2.5]}, web: {root: web, addresses: [10.0.1.1]}}\n",
        "db/etc/postgresql/16/main/postgresql.conf": CONF,
        "db/etc/postgresql/16/main/pg_hba.conf": "host all all 10.9.0.0/16 scram-sha-256\n",
        "web/etc/php/8.3/fpm/pool.d/www.conf": POOL + "env[DB_HOST] = 10.0.2.5\nenv[DB_USERNAME] = a\n",
    }
    (edge,) = graph_of(files).edges
    assert (edge.client, edge.server, edge.state) == ("web/www", "db/16-main", "bad")
    assert edge.why.startswith("rejected: no pg_hba.conf entry for host")


def test_a_link_that_nobody_knows_is_open() -> None:
    files = {
        "db/etc/postgresql/16/main/postgresql.conf": CONF,
        "web/etc/php/8.3/fpm/pool.d/www.conf": POOL + "env[DB_HOST] = pg.elsewhere\n",
    }
    (edge,) = graph_of(files).edges
    assert (edge.client, edge.server, edge.state) == ("web/www", "?", "open")
    assert "pg.elsewhere" in edge.why


def test_hosts_that_are_alike_are_one_lane() -> None:
    files = {}
    for host in ("h1", "h2", "h3"):
        files[f"hosts/{host}/etc/postgresql/16/main/postgresql.conf"] = CONF
        pool = POOL.replace("5\n", "6\n") if host == "h3" else POOL
        files[f"hosts/{host}/etc/php/8.3/fpm/pool.d/www.conf"] = pool + "env[DB_HOST] = 127.0.0.1\n"
    found = graph_of(files)
    assert [lane.hosts for lane in found.lanes] == [("h1", "h2"), ("h3",)]
    assert [(edge.client, edge.server) for edge in found.edges] == [("h1/www", "h1/16-main"), ("h3/www", "h3/16-main")]
