"""Fixtures that hand out real servers; without servers their tests are skipped, or fail where CI requires them."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from servers import cage
from servers.found import Server
from servers.hba import HbaJudge
from servers.postgres import Cluster

REQUIRED = os.environ.get("PGFPMLINT_REQUIRE_SERVERS") == "1"


@pytest.fixture(autouse=True)
def _cage(request: pytest.FixtureRequest) -> None:
    why = cage.obstacle()
    if why and not REQUIRED:
        pytest.skip(why)
    assert why is None


@pytest.fixture(scope="session")
def workshop() -> Iterator[Path]:
    """A folder that the servers' user may enter, which it may not with pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="pgfpmlint-", dir="/var/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def folder(workshop: Path) -> Iterator[Path]:
    """An empty folder of the test's own."""
    path = Path(tempfile.mkdtemp(dir=workshop))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster(workshop: Path) -> Callable[[Server], Cluster]:
    """A data directory of that server, shared by the tests of one process."""
    made: dict[Server, Cluster] = {}

    def get(server: Server) -> Cluster:
        if server not in made:
            place = workshop / f"cluster-{server}"
            place.mkdir()
            made[server] = Cluster(server, place)
        return made[server]

    return get


@pytest.fixture(scope="session")
def hba_judge(workshop: Path) -> Iterator[Callable[[Server], HbaJudge]]:
    """A running server that judges pg_hba.conf and pg_ident.conf, shared by the tests of one process."""
    made: dict[Server, HbaJudge] = {}
    with contextlib.ExitStack() as stack:

        def get(server: Server) -> HbaJudge:
            if server not in made:
                place = workshop / f"hba-{server}"
                place.mkdir()
                made[server] = stack.enter_context(HbaJudge(server, place).running())
            return made[server]

        yield get
