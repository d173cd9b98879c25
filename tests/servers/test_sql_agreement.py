"""PostgreSQL as the judge of what is made of SQL: its catalogs after a script has run, its grammar on any statement.

``PGFPMLINT_AGREEMENT=SCRIPTS:SEED`` compares more; statements are forty times as many.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pgfpmlint.catalog import version as versions
from pgfpmlint.resolve import sql as reading
from pgfpmlint.resolve.settings import Written
from pgfpmlint.resolve.sql.facts import SqlReading
from pgfpmlint.resolve.sql.grammar import Refused, grammar_version, parsed, refusal
from pgfpmlint.source.memory import MemoryTree
from servers import sql
from servers.conftest import each
from servers.found import Server
from servers.inputs import scripts
from servers.postgres import Cluster
from servers.wire import Refused as ServersRefusal

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(sql.psql() is None, reason="needs psql; Debian's postgresql-client has it"),
]

COUNT, _, SEED = os.environ.get("PGFPMLINT_AGREEMENT", "15:1").partition(":")

Clusters = Callable[[Server], Cluster]

ATTRIBUTES = {
    "login": "rolcanlogin",
    "superuser": "rolsuper",
    "inherit": "rolinherit",
    "createrole": "rolcreaterole",
    "createdb": "rolcreatedb",
    "replication": "rolreplication",
    "bypassrls": "rolbypassrls",
}

FORMS = "case when rolpassword is null then 'none' when rolpassword ~ '^md5' then 'md5' else 'scram-sha-256' end"

REFUSED = ("syntax error", "unterminated", "trailing junk", "invalid", "zero-length", "unacceptable", "conflicting")
"""How the server's lexer and grammar begin their objections."""


@contextlib.contextmanager
def running(cluster: Cluster) -> Iterator[Cluster]:
    cluster.lay({"postgresql.conf": b"max_connections = 20\n"})
    with cluster.started() as process:
        assert process, cluster.says()
        yield cluster


@pytest.mark.parametrize("server", each("postgresql"))
def test_what_a_script_leaves_behind(server: Server, cluster: Clusters, folder: Path) -> None:
    """Roles, databases, settings and memberships, as the catalogs show them."""
    version = versions.parse(versions.POSTGRESQL, server.version, "the server's")
    with running(cluster(server)) as judge:
        for seed in range(int(SEED or 1), int(SEED or 1) + int(COUNT)):
            sql.sweep(judge)
            text = scripts.script(seed)
            said = sql.errors(judge, {"a.sql": text}, folder)
            root = MemoryTree({"a.sql": text.encode()}).root("m", "", complete=True)
            found = reading.read(root, ["/a.sql"], version)
            assert _ours(found) == _theirs(judge), (seed, text)
            objections = [
                one.says.split(" at or")[0] for one in found.reading.problems if one.rule == "sql/syntax-error"
            ]
            theirs = [words.split(" at or")[0] for _, _, words in said if words.startswith(REFUSED[:2])]
            assert objections == theirs, (seed, text)
            refused = [one.says for one in found.reading.problems if one.rule != "sql/syntax-error"]
            assert set(refused) <= {words for _, _, words in said}, (seed, text)
        sql.sweep(judge)


def _ours(found: SqlReading) -> dict[str, Any]:
    roles = {name: role for name, role in found.roles.items() if role.created}
    return {
        "roles": {
            name: {
                **{fact: role.facts[fact].value for fact in (*ATTRIBUTES, "connection limit")},
                "password": _kept(role.facts),
            }
            for name, role in roles.items()
        },
        "settings": sorted(
            [name, database, *_config(one)]
            for name, role in roles.items()
            for (database, _), one in role.settings.items()
        )
        + sorted(["", "", *_config(one)] for one in found.all_roles.values())
        + sorted(
            ["", name, *_config(one)]
            for name, database in found.databases.items()
            for one in database.settings.values()
        ),
        "members": sorted([name, group] for name, role in roles.items() for group in role.member_of),
        "databases": {
            name: one.facts["connection limit"].value for name, one in found.databases.items() if one.created
        },
        "system": sorted([one.lower(), raw] for one, raw in map(_config, found.system.values()) if "." not in one),
    }


def _config(one: Any) -> tuple[str, str]:
    assert isinstance(one.origin, Written)
    return one.name, one.origin.raw


def _kept(facts: Any) -> str:
    form = facts["password"].value
    return str(facts["hashed as"].value if "hashed as" in facts else "scram-sha-256") if form == "plain" else str(form)


def _theirs(judge: Cluster) -> dict[str, Any]:
    """Of what has been made since initdb: its own has lower numbers."""
    columns = ", ".join(f'{column}::text as "{fact}"' for fact, column in ATTRIBUTES.items())
    with judge.session() as session:
        rows = session.rows(
            f"select rolname, {columns}, rolconnlimit, {FORMS} as password from pg_authid where oid >= 16384"
        )
        settings = session.rows(
            "select coalesce(rolname, '') as r, coalesce(datname, '') as d, unnest(setconfig) as s"
            " from pg_db_role_setting left join pg_roles r on r.oid = setrole"
            " left join pg_database d on d.oid = setdatabase"
        )
        members = session.rows(
            "select m.rolname as m, g.rolname as g from pg_auth_members join pg_roles m on m.oid = member"
            " join pg_roles g on g.oid = roleid where m.oid >= 16384"
        )
        databases = session.rows("select datname, datconnlimit from pg_database where oid >= 16384")
        system = session.rows("select name, setting from pg_file_settings where sourcefile ~ 'auto.conf$'")
    config = sorted([str(row["r"]), str(row["d"]), *str(row["s"]).split("=", 1)] for row in settings)
    return {
        "roles": {
            str(row["rolname"]): {
                **{fact: {"true": "on", "false": "off"}[str(row[fact])] for fact in ATTRIBUTES},
                "connection limit": row["rolconnlimit"],
                "password": row["password"],
            }
            for row in rows
        },
        "settings": [row for row in config if row[0]]
        + [row for row in config if not row[0] and not row[1]]
        + [row for row in config if not row[0] and row[1]],
        "members": sorted({(str(row["m"]), str(row["g"])): [str(row["m"]), str(row["g"])] for row in members}.values()),
        "databases": {str(row["datname"]): row["datconnlimit"] for row in databases},
        "system": sorted(
            [str(row["name"]).lower(), str(row["setting"])] for row in system if "." not in str(row["name"])
        ),
    }


@pytest.mark.parametrize("server", each("postgresql"))
def test_what_the_grammar_takes(server: Server, cluster: Clusters) -> None:
    """In a transaction that has failed the server still parses what it is sent, and does nothing of it."""
    with running(cluster(server)) as judge, judge.session() as session:
        session.rows("begin")
        with contextlib.suppress(ServersRefusal):
            session.rows("select 1/0")
        exact = int(server.major) == grammar_version()
        for seed in range(int(SEED or 1), int(SEED or 1) + 40 * int(COUNT)):
            text = scripts.statement(seed)
            says = ""
            try:
                session.rows(text)
            except ServersRefusal as refused:
                says = "" if "current transaction is aborted" in str(refused) else str(refused)
            ours = refusal(text)
            answer = parsed(text)
            assert isinstance(answer, Refused) == (ours is not None), text
            if exact and "$1" not in text:  # which libpg_query takes in more places
                assert (ours.says if ours else "") == says, text
            elif ours is not None:
                assert says, text  # an older grammar takes nothing that a newer one refuses
