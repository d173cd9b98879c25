"""What signals and limits of systemd do to PgBouncer: whether SIGTERM waits for a client that stays, and whether it
lifts its own limit of open files."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest

from pgfpmlint.checks.timeouts.stopping import WAITS
from servers import cage, found
from servers.conftest import absent
from servers.found import Server
from servers.pgbouncer import Bouncer, started
from servers.wire import connecting_as

pytestmark = pytest.mark.server

INI = """\
[databases]
shop = host=127.0.0.1 user=app
[pgbouncer]
auth_type = any
unix_socket_dir = /tmp
"""
FILES: dict[str, bytes | None] = {"pgbouncer.ini": INI.encode()}


def versions() -> list[object]:
    return [pytest.param(one, id=str(one)) for one in found.every("pgbouncer")] or [absent("pgbouncer", 1)]


@pytest.mark.parametrize("server", versions())
def test_a_client_that_stays_when_it_is_to_stop(server: Server, folder: Path) -> None:
    """Before 1.23 PgBouncer ends at SIGTERM. From then on it serves those who are there, and no others."""
    number = tuple(int(part) for part in re.findall(r"\d+", server.version)[:2])
    with started(server, FILES, folder) as bouncer:
        assert isinstance(bouncer, Bouncer), bouncer
        with connecting_as(cage.nobody()), bouncer.console() as staying:
            bouncer.send(signal.SIGTERM)
            assert cage.until(lambda: "SIGTERM" in bouncer.says())
            if number < WAITS:
                assert bouncer.has_ended()
                return
            assert staying.rows("SHOW VERSION")
            assert not is_let_in(bouncer)
            assert staying.rows("SHOW VERSION")
        assert bouncer.has_ended()


def is_let_in(bouncer: Bouncer) -> bool:
    """Whether one more client is; newer versions keep the socket open for administrators alone."""
    try:
        return bouncer.connect("somebody", "shop") == "ok"
    except OSError:
        return False


@pytest.mark.parametrize("server", versions())
def test_the_soft_limit_of_open_files(server: Server, folder: Path) -> None:
    """PgBouncer tells the limit that it runs with: the one that it was started with."""
    with started(server, FILES, folder, descriptors=77) as bouncer:
        assert isinstance(bouncer, Bouncer), bouncer
        assert "kernel file descriptor limit: 77 " in bouncer.says()
