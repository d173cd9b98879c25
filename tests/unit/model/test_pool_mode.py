"""Whose pool_mode a client gets; what each PgBouncer does was seen in its SHOW POOLS."""

from __future__ import annotations

import pytest

from pgfpmlint.model.pool_mode import pool_mode
from trees import deployment_of

INI = """[databases]
forced = host=db user=owner
plain = host=db
own = host=db pool_mode=session
[users]
login = pool_mode=transaction
owner = pool_mode=statement
[pgbouncer]
pool_mode = session
"""


@pytest.mark.parametrize(
    ("version", "database", "user", "mode"),
    [
        ("1.15", "forced", "login", "session"),
        ("1.18", "forced", "login", "session"),
        ("1.21", "forced", "login", None),
        ("1.24", "forced", "login", "statement"),
        ("1.26", "forced", "login", "statement"),
        ("1.18", "plain", "login", "transaction"),
        ("1.26", "own", "login", "transaction"),
        ("1.18", "plain", "other", "session"),
        ("1.18", "plain", None, None),
        ("1.18", None, "other", "session"),
    ],
)
def test_whose_mode_counts(version: str, database: str | None, user: str | None, mode: str | None) -> None:
    files = {".pgfpmlint.yaml": f'versions: {{pgbouncer: "{version}"}}\n', "edge/etc/pgbouncer/pgbouncer.ini": INI}
    (pooler,) = deployment_of(files).poolers
    found = pool_mode(pooler, database, user)
    assert (found.value if found is not None else None) == mode
