"""How many connections the pools of mod_dbd hold on a real PostgreSQL, against our sums."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pgfpmlint.resolve.apache import dbd
from pgfpmlint.resolve.apache.config import Config
from pgfpmlint.resolve.apache.processes import mpm_of, processes
from pgfpmlint.resolve.workers import product
from servers import cage, found
from servers.found import Server
from servers.postgres import Cluster
from servers.test_apache import APACHE, load
from trees import tree_of

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(APACHE is None, reason="no Apache on this machine; .ci/servers installs one"),
    pytest.mark.skipif(not found.postgres(), reason="no PostgreSQL on this machine; .ci/servers installs one"),
]

TWO = "StartServers 2\nThreadsPerChild 6\nMaxRequestWorkers 12\nMinSpareThreads 1\nMaxSpareThreads 12\n"
FULL = "DBDMin 3\nDBDKeep 3\nDBDMax 3\n"
COUNT = "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"


def count(cluster: Cluster) -> int:
    with cluster.session() as session:
        return int(session.rows(COUNT)[0]["count"] or 0)


HEAD = "ServerRoot {folder}\nPidFile p.pid\nErrorLog e.log\nServerName x\nListen 127.0.0.1:18083\nUser nobody\n"
HOSTS = "<VirtualHost *>\nDBDMin 2\n</VirtualHost>\n<VirtualHost *>\nServerName c\n</VirtualHost>\n"


# A pool whose three sizes are one opens all of it as a process starts.
@pytest.mark.parametrize(
    ("mpm", "text", "held"),
    [
        ("event", TWO + FULL, 6),
        ("worker", TWO + FULL, 6),
        ("event", TWO + FULL + HOSTS, 10),
        ("prefork", "StartServers 4\nMaxRequestWorkers 4\nDBDMin 2\nDBDMax 9\n", 8),
        ("event", TWO + "DBDMax 1\n", 0),
        ("event", TWO + "DBDMin 4\nDBDKeep 3\n", 0),
    ],
)
def test_what_pools_hold(cluster: Callable[[Server], Cluster], folder: Path, mpm: str, text: str, held: int) -> None:
    """As processes start: what our sums allow, or nothing where the sizes do not fit."""
    own = cluster(found.postgres()[-1])
    own.lay({"pg_hba.conf": b"local all all trust\n", "postgresql.conf": b"listen_addresses = ''\n"})
    with own.started() as process:
        assert process is not None, own.says()
        port, socket = (own.data / "postmaster.pid").read_text().splitlines()[3:5]
        parameters = f"host={cage.outside(socket, own.scratch)} port={port} user=postgres dbname=postgres"
        body = load(f"mpm_{mpm}", "authz_core", "dbd") + HEAD.format(folder=folder)
        body += f'DBDriver pgsql\nDBDParams "{parameters}"\n{text}'
        (folder / "apache2.conf").write_text(body)
        with serving(folder):
            if held:
                cage.until(lambda: count(own) >= held)
            else:
                cage.until(lambda: "AH00636: child init failed!" in (folder / "e.log").read_text())
            assert count(own) == held
    root = tree_of({"etc/apache2/apache2.conf": body}).root("w", "", complete=True)
    config = Config(root, "/etc/apache2/apache2.conf")
    run, pools = processes(config, mpm_of(config, php=False)), dbd.pools(config)
    groups = [one for pool in pools if (one := dbd.workers(config, run, pool)) is not None]
    assert bool(held) != any(one.rule == dbd.REFUSED for one in dbd.problems(pools))
    if HOSTS not in text:  # whose pool may grow
        assert sum(product((*one.processes, *one.each)) or 0 for one in groups) == held


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[None]:
    """Apache with the folder's apache2.conf."""
    subprocess.run([str(APACHE), "-f", str(folder / "apache2.conf")], check=True, timeout=30)
    try:
        yield
    finally:
        os.kill(int((folder / "p.pid").read_text()), signal.SIGTERM)
        cage.until(lambda: not (folder / "p.pid").exists())
