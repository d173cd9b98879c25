"""Whether scram-sha-256 may take the place of md5: asked of all that is known, and refused where something is not."""

from __future__ import annotations

import pytest

from pgfpmlint.options import Options
from pgfpmlint.pipeline import lint
from trees import config_of, tree_of

KEY = "c3RvcmVka2V5c3RvcmVka2V5c3RvcmVka2V5c3RvcmU="
SECRET = f"SCRAM-SHA-256$4096:MTIzNDU2Nzg5MDEyMzQ1Ng==${KEY}:{KEY}"
HASH = "md5f433c50293bc7afbe20b67ceb15a1e55"


def safety(version: int, users: str, script: str, conf: str = "") -> str | None:
    """Of the fix of a record with method md5; None where there is none, or nothing is said."""
    files = {
        f"db/etc/postgresql/{version}/main/postgresql.conf": f"listen_addresses = '*'\n{conf}",
        f"db/etc/postgresql/{version}/main/pg_hba.conf": f"host shop {users} all md5\n",
        "db/docker-entrypoint-initdb.d/10-roles.sql": script,
    }
    outcome = lint(tree_of(files), config_of(files), Options(pedantic=True))
    rules = ("hba/md5-method", "auth/md5-for-scram-secrets")
    (fix, *more) = [found.fix for found in outcome.findings if found.rule in rules] or [None]
    assert not more
    return fix.applicability if fix is not None else None


@pytest.mark.parametrize(
    ("users", "script", "conf", "safe"),
    [
        ("a", f"CREATE USER a PASSWORD '{SECRET}';", "", "safe"),
        ('"a"', f"CREATE USER a PASSWORD '{SECRET}';", "", "safe"),
        ("a,b", f"CREATE USER a PASSWORD '{SECRET}'; CREATE USER b;", "", "safe"),
        ("a", "CREATE USER a PASSWORD 'x';", "password_encryption = 'scram-sha-256'\n", "unsafe"),
        ("a", f"CREATE USER a PASSWORD '{HASH}'; ALTER USER a PASSWORD '{SECRET}';", "", "safe"),
        ("a", f"CREATE USER a PASSWORD '{HASH}';", "", None),
        ("a,b", f"CREATE USER a PASSWORD '{SECRET}'; CREATE USER b PASSWORD '{HASH}';", "", None),
        ("a", f"SET password_encryption = md5; CREATE USER a PASSWORD '{SECRET}x';", "", None),
        ("a,b", f"CREATE USER a PASSWORD '{SECRET}';", "", "shown"),
        ("all", f"CREATE USER a PASSWORD '{SECRET}';", "", "shown"),
        ("+a", f"CREATE USER a PASSWORD '{SECRET}';", "", "shown"),
        ("/^a", f"CREATE USER a PASSWORD '{SECRET}';", "", "shown"),
        ("a", f"CREATE USER a PASSWORD '{SECRET}'; \\i more.sql", "", "shown"),
        ("a", "CREATE USER a PASSWORD :'secret';", "", "shown"),
    ],
)
def test_a_record(users: str, script: str, conf: str, safe: str | None) -> None:
    assert safety(18, users, script, conf) == safe
    assert safety(16, users, script, conf) == (safe if safe != "shown" else None)


def test_a_server_without_scripts() -> None:
    assert safety(18, "a", "") == "shown"
    assert safety(16, "a", "") is None


@pytest.mark.parametrize(
    ("users", "entry", "settings", "safe"),
    [
        (f'"a" "{SECRET}"\n', "", "", "safe"),
        (f'"a" "{SECRET}"\n"b" ""\n', "", "", "safe"),
        (f'"a" "{SECRET}"\n"b" "plain"\n', "", "", None),
        (f'"a" "{SECRET}"\n"b" "{HASH}"\n', "", "", None),
        (f'"a" "{SECRET}"\n', "user=b password=x", "", None),
        (f'"a" "{SECRET}"\n', "auth_user=b", "", None),
        (f'"a" "{SECRET}"\n', "", "auth_user = b\n", None),
        ("", "", "", None),
    ],
)
def test_a_pooler(users: str, entry: str, settings: str, safe: str | None) -> None:
    head = f"[databases]\nshop = host=10.0.0.5 {entry}\n[pgbouncer]\nauth_type = md5\n"
    files = {
        "etc/pgbouncer/pgbouncer.ini": f"{head}auth_file = /etc/pgbouncer/userlist.txt\n{settings}",
        "etc/pgbouncer/userlist.txt": users,
    }
    found = lint(tree_of(files), config_of(files), Options(select=["auth/pooler-md5-for-scram-secrets"])).findings
    fixes = [one.fix.applicability if one.fix is not None else "" for one in found]
    assert fixes == ([safe] if safe else [])
