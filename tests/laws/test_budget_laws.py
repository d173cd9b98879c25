"""What holds of any budget: its numbers add up, in the model and in what scripts are told; any words are an answer."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pgfpmlint import pipeline
from pgfpmlint.config import ConfigError
from pgfpmlint.model.accounts import accounts
from pgfpmlint.model.added_pooler import asked_for, with_poolers
from pgfpmlint.model.survey import Survey
from pgfpmlint.model.what_if import WhatIfError, changed, changes
from pgfpmlint.options import Options
from pgfpmlint.report.budget_json import as_json
from pgfpmlint.report.budget_text import as_text
from trees import config_of, tree_of

HOSTS = ("a", "b", "c")
SMALL = st.integers(0, 60)


@st.composite
def trees(draw: st.DrawFn) -> dict[str, str]:
    """Up to three web hosts, two instances, two poolers; who connects where is drawn, too."""
    files: dict[str, str] = {}
    config = ["hosts:"]
    for host in draw(st.lists(st.sampled_from(HOSTS), unique=True)):
        base = f"hosts/{host}/etc/php/8.3/fpm/"
        cap = draw(st.sampled_from(["", "", "process.max = 20\n"]))
        files[base + "php-fpm.conf"] = f"{cap}include = /etc/php/8.3/fpm/pool.d/*.conf\n"
        text = ""
        for at in range(draw(st.integers(1, 3))):
            text += (
                f"[p{at}]\nuser = w\nlisten = /run/p{at}\npm = static\npm.max_children = {draw(st.integers(1, 60))}\n"
            )
            server = draw(st.sampled_from(["primary", "replica", "edge", "side", "elsewhere"]))
            text += f"env[DB_HOST] = {server}\nenv[DB_DATABASE] = {draw(st.sampled_from(['x', 'y', 'z']))}\n"
            text += "env[DB_PORT] = 6432\n" if server in ("edge", "side") else ""
            text += draw(st.sampled_from(["", "env[DB_USERNAME] = u\n", "env[DB_USERNAME] = v\n"]))
        files[base + "pool.d/www.conf"] = text
        config.append(f"  {host}: {{root: hosts/{host}, count: {draw(st.integers(1, 4))}}}")
    for host in ("primary", "replica"):
        limit = draw(st.integers(5, 300))
        more = draw(st.sampled_from(["", "reserved_connections = 3\n", "superuser_reserved_connections = 0\n"]))
        files[f"hosts/{host}/etc/postgresql/16/main/postgresql.conf"] = (
            f"listen_addresses = '*'\nmax_connections = {limit}\n{more}"
        )
    for host in ("edge", "side"):
        lines = draw(
            st.lists(
                st.sampled_from(
                    [
                        "x = host=primary",
                        "y = host=primary user=u pool_size=7",
                        "z = host=replica max_db_connections=9",
                        "* = host=replica",
                        "w = host=side port=6432",
                        "v = host=edge port=6432 dbname=x",
                        "q = host=primary pool_size=0",
                    ]
                ),
                unique=True,
            )
        )
        sizes = draw(st.sampled_from(["", "max_user_connections = 11", "reserve_pool_size = 4", "so_reuseport = 1"]))
        files[f"hosts/{host}/etc/pgbouncer/pgbouncer.ini"] = "\n".join(
            ["[databases]", *lines, "[pgbouncer]", "listen_addr = *", sizes]
        )
    if len(config) == 1:
        config = []
    if draw(st.booleans()):
        config.append(f"consumers: [{{name: one, to: primary, connections: {draw(SMALL)}}}]")
    config.append(draw(st.sampled_from(["", "policy: {overlap: {kind: blue-green}}", "policy: {headroom: 50%}"])))
    files[".pgfpmlint.yaml"] = "\n".join([*config, ""])
    return files


def survey_of(files: dict[str, str]) -> Survey:
    return pipeline.survey(tree_of(files), config_of(files), Options())


@settings(deadline=None, max_examples=60)
@given(trees())
def test_the_numbers_add_up(files: dict[str, str]) -> None:
    books = accounts(survey_of(files).deployment())
    as_text(books)
    said: dict[str, Any] = json.loads(as_json(books))
    for one in said["instances"]:
        assert one["usable"] == one["max_connections"] - one["reserved"]
        assert one["budget"] == one["usable"] - sum(consumer["connections"] for consumer in one["consumers"])
        own = [pool for pool in one["pools"] if pool["via"] is None]
        cut = 0
        for cap in one["caps"]:
            parts = [pool["connections"] for pool in own if _name(pool) in cap["of"]]
            assert cap["connections"] < sum(parts)
            cut += sum(parts) - cap["connections"]
        assert one["demand"] == sum(pool["connections"] or 0 for pool in own) - cut
        assert one["headroom"] == one["budget"] - one["demand"]
        assert one["peak"] >= one["demand"]
        assert one["at_least"] == any(pool["at_least"] for pool in own)
        direct = sum(pool["hosts"] for pool in own if pool["kind"] == "php-fpm")
        assert one["per_pool_limit"] == (one["budget"] // direct if direct else one["budget"])
        for pool in one["pools"]:
            if pool["kind"] == "php-fpm":
                assert pool["connections"] == pool["per_process"] * pool["processes"] * pool["hosts"]
            if pool["via"] is not None:
                assert pool["via"] in {other["name"] for other in one["pools"]}


def _name(pool: dict[str, Any]) -> str:
    return f"{pool['name']} database {pool['database']}" if "database" in pool else str(pool["name"])


TREE = {
    "hosts/web/etc/php/8.3/fpm/php-fpm.conf": "include = /etc/php/8.3/fpm/pool.d/*.conf\n",
    "hosts/web/etc/php/8.3/fpm/pool.d/www.conf": "[www]\nuser = w\nlisten = /run/w\npm = static\n"
    "pm.max_children = 5\nenv[DB_HOST] = db\n",
    "hosts/db/etc/postgresql/16/main/postgresql.conf": "listen_addresses = '*'\nmax_connections = 120\n",
    "hosts/edge/etc/pgbouncer/pgbouncer.ini": "[databases]\nshop = host=db\n[pgbouncer]\nlisten_addr = *\n",
    ".pgfpmlint.yaml": "consumers: [{name: monitoring, to: db, connections: 2}]\n",
}
WORDS = st.sampled_from(
    [
        *("web", "web/www", "db", "edge", "edge/pgbouncer", "monitoring", "pool", ".count", ".memory", ".connections"),
        *(":", ":pm.max_children", ":max_connections", ":work_mem", ":default_pool_size", ":shop.pool_size", ":u:x.y"),
        *(":env[DB_HOST]", ":env[", ":process.max", ":pm", ":listen", ":port", "=", "5", "-1", "9" * 11, "9" * 5000),
        *("8GB", "x", ",", "\n", " ", "٣", "pool_size=5", "max_db_connections=0", "pool_mode=session", "host=db", "'"),
    ]
)
OPTIONS = st.lists(st.lists(WORDS, max_size=6).map("".join) | st.text(max_size=8), max_size=3)


@settings(deadline=None, max_examples=150)
@given(OPTIONS, OPTIONS)
def test_any_what_if_is_one_or_is_refused(sets: list[str], poolers: list[str]) -> None:
    survey = survey_of(TREE)
    try:
        supposed = changed(survey, changes(sets))
        deployment = with_poolers(supposed.deployment(), supposed.config, asked_for(poolers))
    except (WhatIfError, ConfigError):
        return
    books = accounts(deployment)
    as_text(books, [*sets, *poolers])
    json.loads(as_json(books, [*sets, *poolers]))
