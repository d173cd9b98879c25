"""Real libpq, PgBouncer and PostgreSQL repeat what the recorded tables of TLS and of secrets say."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from servers import cage, found, matrices, sql
from servers.conftest import each
from servers.found import Server
from servers.hba import HbaJudge

VECTORS = Path(__file__).parent.parent / "fixtures/vectors"

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(sql.psql() is None, reason="needs psql; Debian's postgresql-client has it"),
    pytest.mark.skipif(not found.pgbouncer(), reason="no PgBouncer on this machine; .ci/servers installs one"),
]

Judges = Callable[[Server], HbaJudge]


def recorded(name: str) -> list[Any]:
    return list(json.loads((VECTORS / name).read_text())["rows"])


@pytest.mark.parametrize("server", each("postgresql"))
def test_tls(server: Server, hba_judge: Judges, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pooler stays on the network of the server under test: in a cage it would not reach it."""
    monkeypatch.setenv(cage.INSIDE, str(folder))
    rows = matrices.tls_rows(hba_judge(server), sql.psql() or "", found.pgbouncer()[0], folder)
    assert [list(row) for row in rows] == recorded("tls.json")


def test_secrets(hba_judge: Judges, folder: Path) -> None:
    rows = matrices.secret_rows(hba_judge(found.postgres()[0]), sql.psql() or "", found.pgbouncer()[0], folder)
    assert json.loads(json.dumps(list(rows))) == recorded("secrets.json")
