"""What comes of limits that a unit of systemd, or the kernel, sets too low."""

from __future__ import annotations

from pathlib import Path

import pytest

from servers import cage
from servers.proofs.conftest import Stage
from servers.proofs.scripts import HOLD
from servers.proofs.site import Site

pytestmark = pytest.mark.server

PAGES = "HugePages_Free:"


def test_more_workers_than_open_files(stage: Stage) -> None:
    """60 workers come to a PgBouncer with 40 files: it accepts 30 at most, and the rest wait until some of those
    go. With 128 files all are served at once."""
    rule = "capacity/workers-exceed-open-files"
    plain = HOLD.replace("->query(", "->exec(")  # without prepared statements, for the pool's mode
    with stage.bad(rule, "sixty workers and forty files") as site:
        assert not site.down
        says = "accept() failed: Too many open files"
        site.ask_together(script=plain, enough=lambda: says in site.log("localhost/pgbouncer"))
        assert site.served <= 30
        assert says in site.log("localhost/pgbouncer")
    with stage.good(rule, "room for all of them") as site:
        assert not site.down
        assert set(site.ask_together(script=plain)) == {"ok"}
        assert site.served == 60
        assert "Too many open files" not in site.log("localhost/pgbouncer")


def test_more_workers_than_tasks(stage: Stage) -> None:
    """PHP-FPM ends at its start with 30 workers in 20 tasks; in 31 it goes on."""
    rule = "capacity/workers-exceed-tasks"
    with stage.bad(rule, "thirty workers and twenty tasks") as site:
        assert "fork() failed: Resource temporarily unavailable" in ended(site)
    with stage.good(rule, "a task for each") as site:
        assert "ready to handle connections" in ended(site)


def test_more_pipes_than_open_files(stage: Stage) -> None:
    """PHP-FPM ends at its start when it can't open the pipes that it reads its workers' output from."""
    rule = "capacity/pipes-exceed-open-files"
    for name in ("thirty workers and forty files", "its own limit counts"):
        with stage.bad(rule, name) as site:
            assert "Too many open files" in ended(site)
    for name in ("nobody reads their output", "files enough"):
        with stage.good(rule, name) as site:
            assert "ready to handle connections" in ended(site)


def test_a_socket_in_a_tmp_of_its_own(stage: Stage) -> None:
    """The workers don't find the socket that PgBouncer makes in its own /tmp; in the common one, or below /run, they
    do."""
    rule = "reach/socket-in-private-tmp"
    with stage.bad(rule, "a pooler that was hardened") as site:
        assert not site.down
        assert all("No such file or directory" in answer for answer in site.ask("localhost/www"))
    for name in ("a /tmp for all", "a socket below /run"):
        with stage.good(rule, name) as site:
            assert not site.down
            assert site.ask("localhost/www") == ["ok"]


def ended(site: Site) -> str:
    """What PHP-FPM wrote to its log, up to the word that it goes on or that it does not: its socket is there before."""
    folder = site.machine("localhost").outside("/var/log")

    def said() -> str:
        return "".join(log.read_text() for log in folder.glob("php*fpm*.log"))

    assert cage.until(lambda: any(word in said() for word in ("ready to handle", "exiting, bye-bye!")), 20)
    return said()


def test_too_few_huge_pages(stage: Stage) -> None:
    """PostgreSQL that must have huge pages does not start on a machine with too few; one that need not does."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    free = [int(line.split()[1]) for line in lines if line.startswith(PAGES)]
    if free and free[0] > 512:
        pytest.skip("this machine has more huge pages than the example's")
    rule = "capacity/huge-pages-missing"
    with stage.bad(rule, "two gigabytes in one") as site:
        assert "could not map anonymous shared memory" in "".join(site.down.values())
    with stage.good(rule, "it may go without") as site:
        assert not site.down
