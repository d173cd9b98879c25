"""How many connections real PgBouncers open when there are clients enough: what the budget says, no more and no less.

Each test asks for more than is there, and counts the backends of PostgreSQL. The numbers are worked out by hand.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pgfpmlint.model.budget import budget
from pgfpmlint.model.capacity import Sum
from servers import cage, found
from servers.conftest import absent
from servers.found import Server
from servers.pgbouncer import started
from servers.postgres import Cluster
from servers.wire import Refused, Session
from trees import deployment_of

pytestmark = pytest.mark.server

CLIENTS = 8
"""For each database and user: more than any of the pools here holds."""

BOUNCER = """\
[databases]
{databases}
[pgbouncer]
auth_type = trust
auth_file = {folder}/users.txt
unix_socket_dir = {folder}
pool_mode = transaction
server_login_retry = 0.1
{sizes}
"""


def versions() -> list[object]:
    """The oldest, the usual and the newest PgBouncer that there are."""
    every = [*found.every("pgbouncer")]
    chosen = [*every[:1], *found.pgbouncer(), *every[-1:]]
    distinct = {str(server): server for server in chosen}
    return [pytest.param(server, id=name) for name, server in distinct.items()] or [absent("pgbouncer", 1)]


class Case:
    """``databases`` and ``sizes`` of a pgbouncer.ini, who asks for what, and what is opened, by version from which."""

    def __init__(self, databases: str, sizes: str, clients: str, opened: dict[tuple[int, ...], int]) -> None:
        self.databases = databases
        self.sizes = sizes
        self.clients = [tuple(one.split("@")) for one in clients.split()]
        self._opened = opened

    def opened(self, server: Server) -> int:
        number = tuple(map(int, server.version.split(".")))
        return [value for since, value in self._opened.items() if number >= since][-1]


TWO = "a = host={sock} dbname=postgres user=x\nb = host={sock} dbname=postgres user=x"
ANY = (1,)

CASES = {
    "a pool and its reserve": Case(
        "a = host={sock} dbname=postgres user=x",
        "default_pool_size = 3\nreserve_pool_size = 2\nreserve_pool_timeout = 0.1",
        "x@a",
        {ANY: 5},
    ),
    "a reserve that nobody waits for": Case(
        "a = host={sock} dbname=postgres user=x",
        "default_pool_size = 3\nreserve_pool_size = 2\nreserve_pool_timeout = 0",
        "x@a",
        {ANY: 3},
    ),
    "one user of two entries, capped together since 1.23": Case(
        TWO, "default_pool_size = 3\nmax_user_connections = 4", "x@a x@b", {ANY: 6, (1, 23): 4}
    ),
    "a line in [users] for a forced user, which counts since 1.23": Case(
        TWO.splitlines()[0], "default_pool_size = 3\n[users]\nx = max_user_connections=2", "x@a", {ANY: 3, (1, 23): 2}
    ),
    "two entries of one database, each with a cap of its own": Case(
        TWO, "default_pool_size = 3\nmax_db_connections = 2", "x@a x@b", {ANY: 4}
    ),
    "two users of one entry": Case("a = host={sock} dbname=postgres", "default_pool_size = 3", "x@a y@a", {ANY: 6}),
    "two users of two entries, each user capped": Case(
        "a = host={sock} dbname=postgres\nb = host={sock} dbname=postgres",
        "default_pool_size = 3\nmax_user_connections = 4",
        "x@a y@a x@b y@b",
        {ANY: 8},
    ),
    "databases that no line names": Case(
        "* = host={sock}", "default_pool_size = 2", "x@postgres x@template1", {ANY: 4}
    ),
    "no size at all, which was one until 1.24": Case(
        "a = host={sock} dbname=postgres user=x pool_size=0 max_db_connections=5",
        "default_pool_size = 3",
        "x@a",
        {ANY: 1, (1, 24): 5},
    ),
    "no size but a reserve, which was all until 1.24": Case(
        "a = host={sock} dbname=postgres user=x pool_size=0 reserve_pool=3 max_db_connections=5",
        "default_pool_size = 3\nreserve_pool_timeout = 0.1",
        "x@a",
        {ANY: 3, (1, 24): 5},
    ),
    "a negative size for all, which is as good as none": Case(
        "a = host={sock} dbname=postgres user=x max_db_connections=5",
        "default_pool_size = -3",
        "x@a",
        {ANY: 1, (1, 24): 5},
    ),
}


@pytest.mark.parametrize("server", versions())
@pytest.mark.parametrize("name", CASES)
def test_as_many_as_the_budget_says(
    name: str, server: Server, folder: Path, cluster: Callable[[Server], Cluster]
) -> None:
    case = CASES[name]
    expected = case.opened(server)
    with postgres(folder, cluster) as (database, sock):
        databases = case.databases.format(sock=sock)
        told = bound(databases, case, server, sock)
        assert (told.total, told.unlimited) == (expected, None)
        with bouncer(server, folder / "edge", databases, case.sizes) as place:
            assert most(database, place, case.clients, expected) == expected


@pytest.mark.parametrize("server", versions())
def test_a_chain_passes_what_its_narrowest_part_does(
    server: Server, folder: Path, cluster: Callable[[Server], Cluster]
) -> None:
    """Eight clients, of which two get through the first, which five could leave."""
    with postgres(folder, cluster) as (database, sock), contextlib.ExitStack() as poolers:
        entry = f"a = host={sock} dbname=postgres"
        edge = poolers.enter_context(bouncer(server, folder / "edge", entry, "default_pool_size = 5"))
        entry = f"a = host={edge} port=6432 dbname=a user=x"
        front = poolers.enter_context(bouncer(server, folder / "front", entry, "default_pool_size = 2"))
        assert most(database, front, [("x", "a")], 2) == 2


@pytest.mark.parametrize("server", versions())
@pytest.mark.parametrize("forced", ["", " user=y"])
def test_who_asks_for_passwords_has_a_pool_of_his_own(
    forced: str, server: Server, folder: Path, cluster: Callable[[Server], Cluster]
) -> None:
    """Beside that of the clients, of an entry that forces their user as well. None of them is listed."""
    with postgres(folder, cluster) as (database, sock):
        with database.session() as session, contextlib.suppress(Refused):
            session.rows("create role z login")
        asks = "auth_user = x\nauth_query = select $1::text, ''::text from pg_sleep(1)\ndefault_pool_size = 3"
        with bouncer(server, folder / "edge", f"a = host={sock} dbname=postgres{forced}", asks) as place:
            assert most(database, place, [("z", "a")], 6) == 6


@contextlib.contextmanager
def postgres(folder: Path, cluster: Callable[[Server], Cluster]) -> Iterator[tuple[Cluster, Path]]:
    """A PostgreSQL that lets everybody in, and the folder of its socket."""
    sock = folder / "sock"
    sock.mkdir()
    cage.give(folder)
    database = cluster(found.postgres()[0])
    database.lay(
        {
            "postgresql.conf": f"unix_socket_directories = '{sock}'\nlisten_addresses = ''\n".encode(),
            "pg_hba.conf": b"local all all trust\n",
        }
    )
    with database.started() as process:
        assert process is not None, database.says()
        with database.session() as session:
            for user in ("x", "y"):
                with contextlib.suppress(Refused):  # the data directory is shared: an earlier test may have made it
                    session.rows(f"create role {user} login")
        yield database, sock


@contextlib.contextmanager
def bouncer(server: Server, folder: Path, databases: str, sizes: str) -> Iterator[Path]:
    """A running PgBouncer; the folder of its socket."""
    folder.mkdir()
    text = BOUNCER.format(databases=databases, folder=folder, sizes=sizes)
    files = {"pgbouncer.ini": text.encode(), "users.txt": b'"x" ""\n"y" ""\n'}
    with started(server, files, folder) as running:
        assert not isinstance(running, str), running
        yield folder


def bound(databases: str, case: Case, server: Server, sock: Path) -> Sum:
    """What the model makes of the same files, told who the clients are."""
    pools = "".join(
        f"[p{at}]\nuser = w\nlisten = /run/p{at}\npm = static\npm.max_children = {CLIENTS}\n"
        for at in range(len(case.clients))
    )
    links = "".join(
        f"  - {{from: web/p{at}, to: db/pgbouncer, database: {database}, user: {user}}}\n"
        for at, (user, database) in enumerate(case.clients)
    )
    deployment = deployment_of(
        {
            ".pgfpmlint.yaml": f'versions: {{pgbouncer: "{server.version}"}}\nlinks:\n{links}',
            "hosts/web/etc/php/8.3/fpm/php-fpm.conf": "include = /etc/php/8.3/fpm/pool.d/*.conf\n",
            "hosts/web/etc/php/8.3/fpm/pool.d/www.conf": pools,
            "hosts/db/etc/postgresql/16/main/postgresql.conf": f"unix_socket_directories = '{sock}'\n",
            "hosts/db/etc/pgbouncer/pgbouncer.ini": BOUNCER.format(databases=databases, folder=sock, sizes=case.sizes),
        }
    )
    told = budget(deployment.instances[0], deployment)
    assert told is not None
    return told.pooled


def most(database: Cluster, place: Path, clients: list[tuple[str, ...]], expected: int) -> int:
    """The most backends that are seen while all clients want one, watched for longer than it takes to open them."""
    sessions = [Session(place, 6432) for _ in clients for _ in range(CLIENTS)]
    wanted = [client for client in clients for _ in range(CLIENTS)]
    threads = [
        threading.Thread(target=_sleeping, args=(session, user, name), daemon=True)
        for session, (user, name) in zip(sessions, wanted)
    ]
    seen = 0
    with contextlib.ExitStack() as stack:
        for session in sessions:
            stack.enter_context(session)
        for thread in threads:
            thread.start()
        with database.session() as watcher:
            end = time.monotonic() + 10
            while time.monotonic() < end:
                (row,) = watcher.rows(
                    "select count(*) as seen from pg_stat_activity"
                    " where backend_type = 'client backend' and pid <> pg_backend_pid()"
                )
                seen = max(seen, int(row["seen"] or 0))
                if seen >= expected:  # and no more within another second
                    end = min(end, time.monotonic() + 1)
                    expected = 1 << 30
                time.sleep(0.02)
    return seen


def _sleeping(session: Session, user: str, name: str) -> None:
    with contextlib.suppress(Refused, OSError, socket.timeout):
        session.start({"user": user, "database": name})
        session.ready()
        session.rows("select pg_sleep(20)")
