"""Who gets in by a record for the members of a role: what scripts of SQL tell of memberships, and what they don't.

https://www.postgresql.org/docs/current/auth-pg-hba-conf.html: membership counts, direct or not, inherited or not.
"""

from __future__ import annotations

import pytest

from pgfpmlint.model.passage import Passage, Passages
from trees import deployment_of

POOL = """\
[www]
user = www-data
listen = /run/php/php8.3-fpm.sock
pm = static
pm.max_children = 5
env[PGHOST] = {host}
env[PGDATABASE] = shop
env[PGUSER] = app
"""
MADE = "CREATE ROLE app LOGIN; CREATE ROLE shop; CREATE ROLE staff; CREATE ROLE crew; CREATE ROLE pest;"
STAFF = MADE + "GRANT crew TO app WITH INHERIT FALSE; GRANT staff TO crew;"


def only(hba: str, sql: str, host: str = "127.0.0.1", folder: str = "m/initdb.d", **more: str) -> Passage:
    files = {
        "m/etc/php/8.3/fpm/php-fpm.conf": POOL.format(host=host),
        "m/etc/postgresql/16/main/postgresql.conf": "",
        "m/etc/postgresql/16/main/pg_hba.conf": hba,
        f"{folder}/10.sql": sql,
    }
    (found,) = Passages(deployment_of({**files, **more})).all
    return found


@pytest.mark.parametrize(
    ("hba", "sql", "verdict"),
    [
        ("host all +staff all md5\n", STAFF, "admitted"),
        ("host all +crew all md5\n", STAFF, "admitted"),
        ("host all +app all md5\n", STAFF, "admitted"),
        ("host all +pest all reject\nhost all all all md5\n", STAFF, "admitted"),
        ("host all +staff all reject\nhost all all all md5\n", STAFF, "rejected"),
        ("host all +pest all md5\n", STAFF, "rejected"),
        ('host all "+staff" all md5\n', STAFF, "rejected"),
        # whoever made it may have granted it
        ("host all +elsewhere all md5\n", STAFF, "unknown"),
        ("host all +staff all md5\n", MADE, "rejected"),
        ("host all +staff all md5\n", "CREATE ROLE staff;", "unknown"),
        ("host all +staff all md5\n", STAFF + "REVOKE staff FROM crew;", "rejected"),
        ("host all +staff all md5\n", STAFF + "DO $$ BEGIN EXECUTE 'GRANT ' || x; END $$;", "unknown"),
        ("host samerole all all md5\n", MADE + "GRANT shop TO app;", "admitted"),
        ("host samerole all all md5\n", MADE, "rejected"),
        ("host samegroup all all md5\n", "CREATE ROLE app LOGIN;", "unknown"),
    ],
)
def test_members(hba: str, sql: str, verdict: str) -> None:
    assert only(hba, sql).verdict == verdict


def test_a_server_that_was_assumed_leaves_a_refusal_open() -> None:
    admitted = only("host all +staff all md5\n", STAFF, folder="setup/initdb.d")
    assert (admitted.verdict, "assumed: m/16-main is the only" in admitted.why) == ("admitted", True)
    assert only("host all +pest all md5\n", STAFF, folder="setup/initdb.d").verdict == "unknown"


@pytest.mark.parametrize(
    ("ident", "verdict"),
    [("web www-data +staff\n", "admitted"), ("web www-data +pest\n", "rejected"), ("web www-data +x\n", "unknown")],
)
def test_a_map_may_ask_for_members_too(ident: str, verdict: str) -> None:
    found = only("local all all peer map=web\n", STAFF, "/run/postgresql",
                 **{"m/etc/postgresql/16/main/pg_ident.conf": ident})  # fmt: skip
    assert found.verdict == verdict
