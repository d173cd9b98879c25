"""Fixtures that hand out real servers; without servers their tests are skipped, or fail where CI requires them."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from servers import cage, found
from servers.found import Server
from servers.hba import HbaJudge
from servers.postgres import Cluster

REQUIRED = os.environ.get("PGFPMLINT_REQUIRE_SERVERS") == "1"


def each(product: str, oldest: int = 0) -> list[object]:
    """A parameter for each server of a product (PostgreSQL: from that major on), or one that says that none is here."""
    servers = [server for server in found.servers(product) if not oldest or int(server.major) >= oldest]
    return [pytest.param(server, id=str(server)) for server in servers] or [absent(product, 1)]


def absent(product: str, arguments: int) -> object:
    why = f"no {product} on this machine; .ci/servers installs one"
    return pytest.param(*[None] * arguments, id="absent", marks=pytest.mark.skip(reason=why))


@pytest.fixture(autouse=True)
def _cage(request: pytest.FixtureRequest) -> None:
    why = cage.obstacle()
    if why and not REQUIRED:
        pytest.skip(why)
    assert why is None


def _place(above: Path) -> Path:
    """A new folder that everybody may enter."""
    path = Path(tempfile.mkdtemp(prefix="pgfpmlint-", dir=above))
    path.chmod(0o755)
    return path


@pytest.fixture(scope="session")
def workshop() -> Iterator[Path]:
    """A folder that the servers' user may enter, which it may not with pytest's own."""
    folder = _place(Path("/var/tmp"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def folder(workshop: Path) -> Iterator[Path]:
    """An empty folder of the test's own."""
    path = _place(workshop)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster(workshop: Path) -> Callable[[Server], Cluster]:
    """A data directory of that server, shared by the tests of one process."""
    made: dict[Server, Cluster] = {}

    def get(server: Server) -> Cluster:
        if server not in made:
            made[server] = Cluster(server, _place(workshop))
        return made[server]

    return get


@pytest.fixture(scope="session")
def hba_judge(workshop: Path) -> Iterator[Callable[[Server], HbaJudge]]:
    """A running server that judges pg_hba.conf and pg_ident.conf, shared by the tests of one process."""
    made: dict[Server, HbaJudge] = {}
    with contextlib.ExitStack() as stack:

        def get(server: Server) -> HbaJudge:
            if server not in made:
                made[server] = stack.enter_context(HbaJudge(server, _place(workshop)).running())
            return made[server]

        yield get
