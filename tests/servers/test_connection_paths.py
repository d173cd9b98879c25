"""Real PHP, PgBouncer and PostgreSQL say of each small deployment whether its worker gets through."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import connection_paths
from servers import found
from servers.proofs.scripts import running
from servers.proofs.site import Site

VECTORS = Path(__file__).parent.parent / "fixtures/vectors"

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(
        not (found.postgres() and found.php_fpm() and found.pgbouncer()),
        reason="needs PostgreSQL, PHP-FPM and PgBouncer together; .ci/servers installs them",
    ),
]

SELECT = running('$db->query("select 1");')


@contextlib.contextmanager
def played(files: dict[str, str], folder: Path) -> Iterator[Site]:
    with contextlib.ExitStack() as stack:
        yield Site(files, folder, stack, connection_paths.PASSWORD)


def answer(files: dict[str, str], folder: Path) -> str:
    """``ok``, or what the worker is told."""
    with played(files, folder) as site:
        assert not site.down, site.down
        site.run_scripts()
        (pool,) = [pool.name for pool in site.deployment.pools]
        (found,) = site.ask(pool, SELECT)
        return found


@pytest.mark.parametrize("name", connection_paths.CASES)
def test_a_connection_path(name: str, folder: Path) -> None:
    recorded = json.loads((VECTORS / "connection-paths.json").read_text())["answers"]
    assert (answer(connection_paths.CASES[name], folder) == "ok") == (recorded[name] == "ok")
