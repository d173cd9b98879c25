"""Who gives up first, what the user sees, and what goes on without anybody who waits for it."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from servers import cage
from servers.proofs.conftest import Stage
from servers.proofs.front import errors, nginx
from servers.proofs.scripts import running
from servers.proofs.site import Site
from servers.wire import Refused, Session, open_session

pytestmark = pytest.mark.server

POOL, SERVER = "localhost/www", "localhost/16-main"

# Longer than any test takes: whether it goes on is asked when somebody has given up on it.
SLEEP = running('$db->query("select pg_sleep(300)");')
SELECT = running('$db->query("select 1");')
# The same for who comes through nginx, which tells PHP nothing of databases.
PAGE = """<?php
try {{ (new PDO("pgsql:host=127.0.0.1;dbname=shop", "app", "secret"))->query("select pg_sleep({})"); }}
catch (PDOException $error) {{ echo $error->getMessage(); }}
"""
# PHP's sleep() ends with any signal, as a query doesn't.
UNTIL_TOLD = """<?php while (!file_exists("/tmp/go")) { usleep(10000); clearstatcache(); }
file_put_contents("/tmp/done", "done"); """
WAIT = "<?php $end = microtime(true) + {}; while (microtime(true) < $end) usleep(10000); {}"
# So many seconds of processor time, however busy the machine is.
COMPUTE = """<?php ini_set("display_errors", "1");
function used(): float { $all = getrusage(); return $all["ru_utime.tv_sec"] + $all["ru_utime.tv_usec"] / 1e6; }
$end = used() + 4; while (used() < $end) {} echo "ok";
"""


def answer(site: Site, script: str) -> str:
    """What the one request says; nothing where its worker was killed."""
    try:
        return site.ask(POOL, script)[0]
    except ConnectionError:
        return ""


def sleeping(site: Site, server: str = SERVER) -> bool:
    """Whether PostgreSQL still works for somebody who is gone."""
    with site.session(server) as session:
        found = session.rows("select from pg_stat_activity where query = 'select pg_sleep(300)' and state = 'active'")
        return bool(found)


def test_a_statement_that_outlives_its_worker(stage: Stage) -> None:
    """The worker is killed after a second, and PostgreSQL sleeps on; with a shorter limit PHP is told, and it ends."""
    rule = "timeouts/statement-outlives-request"
    for name in ("ten seconds behind one", "through PgBouncer, too"):
        with stage.bad(rule, name) as site:
            assert not site.down
            assert answer(site, SLEEP) == ""
            assert sleeping(site)
    with stage.good(rule, "the statement ends in time") as site:
        assert "canceling statement due to statement timeout" in answer(site, SLEEP)
        assert not sleeping(site)
    with stage.good(rule, "PostgreSQL looks every half second") as site:
        assert answer(site, SLEEP) == ""
        assert cage.until(lambda: not sleeping(site), pause=0.1)
        assert "due to statement timeout" not in site.log(SERVER)


def test_a_wait_for_a_connection_that_outlives_the_worker(stage: Stage) -> None:
    """The one server connection is taken: the worker is killed before PgBouncer turns it away, or is told why."""
    rule = "timeouts/query-wait-outlives-request"

    def meanwhile(site: Site) -> str:
        assert not site.down
        with open_session(site.machine("localhost").outside("/tmp"), 6432, "app", "shop") as session:
            session.rows("select 1")
            return answer(site, SELECT)

    with stage.bad(rule, "one connection, and half a minute to wait") as site:
        assert meanwhile(site) == ""
    with stage.good(rule, "one connection, and a second to wait") as site:
        assert "query_wait_timeout" in meanwhile(site)


def test_a_query_that_pgbouncer_gives_up_on(stage: Stage) -> None:
    rule = "timeouts/query-timeout-before-statement-timeout"
    with stage.bad(rule, "a second, and nothing in PostgreSQL") as site:
        assert not site.down
        assert "query timeout" in answer(site, SLEEP)
        assert sleeping(site)
    with stage.good(rule, "half a second in PostgreSQL") as site:
        assert "canceling statement due to statement timeout" in answer(site, SLEEP)
        assert not sleeping(site)


def test_a_kept_connection_that_was_idle(stage: Stage) -> None:
    """The first query after a pause fails, whoever ended the connection."""
    rule = "timeouts/idle-limit-ends-kept-connection"
    for name in ("a second, one worker", "a second at PgBouncer, one worker", "a second behind PgBouncer, one worker"):
        with stage.bad(rule, name) as site:
            assert not site.down
            assert answer(site, SELECT) == "ok"
            time.sleep(2.2)
            assert answer(site, SELECT) != "ok"
    for name in ("one worker, no limit", "PgBouncer passes over clients that have a server"):
        with stage.good(rule, name) as site:
            assert answer(site, SELECT) == "ok"
            time.sleep(2.2)
            assert answer(site, SELECT) == "ok"


def test_a_script_that_is_killed_before_php_ends_it(stage: Stage) -> None:
    rule = "timeouts/execution-limit-never-reached"
    with stage.bad(rule, "ten seconds within one") as site:
        assert answer(site, COMPUTE) == ""
    with stage.good(rule, "a second within a minute") as site:
        assert "Maximum execution time of 1 second exceeded" in answer(site, COMPUTE)


def test_a_reload_that_does_not_wait(stage: Stage) -> None:
    """A request, and a reload while it runs."""

    def reloaded(site: Site, seconds: int) -> str:
        folder = site.machine("localhost").folder
        script = WAIT.format(seconds, 'echo "ok";').replace("<?php", '<?php touch("/tmp/came");')
        with ThreadPoolExecutor(1) as one:
            asked = one.submit(answer, site, script)
            assert cage.until((folder / "tmp/came").exists)
            os.kill(int((folder / "run/php-fpm.pid").read_text()), signal.SIGUSR2)
            return asked.result()

    with stage.bad("timeouts/reload-cuts-requests", "a second for a minute") as site:
        assert reloaded(site, 30) == ""
    with stage.bad("timeouts/reload-kills-requests-at-once", "nothing said") as site:
        assert reloaded(site, 30) == ""
    with stage.good("timeouts/reload-cuts-requests", "as long as requests take") as site:
        assert reloaded(site, 2) == "ok"


def test_a_request_that_nginx_gives_up_on(stage: Stage) -> None:
    """The user has 504, and the worker does its work to the end, or PHP-FPM ends it."""
    rule = "timeouts/gateway-gives-up-on-request"
    with stage.bad(rule, "a second, and five") as site, nginx(site, UNTIL_TOLD) as get:
        folder = site.machine("localhost").folder / "tmp"
        assert get()[0] == 504
        assert not (folder / "done").exists()
        (folder / "go").touch()
        assert cage.until((folder / "done").exists)
    with stage.good(rule, "nginx waits longer") as site, nginx(site, WAIT.format(2, 'echo "ok";')) as get:
        assert get() == (200, "ok")


def test_a_statement_that_outlives_what_nginx_waits(stage: Stage) -> None:
    """The user has 504, and PostgreSQL sleeps on; with a shorter limit the page can say what happened."""
    rule = "timeouts/statement-outlives-gateway"
    with stage.bad(rule, "a second, and ten") as site, nginx(site, PAGE.format(300)) as get:
        assert get()[0] == 504
        assert sleeping(site)
    with stage.good(rule, "half a second") as site, nginx(site, PAGE.format(300)) as get:
        status, body = get()
        assert status == 200
        assert "canceling statement due to statement timeout" in body
        assert not sleeping(site)


def test_an_outer_nginx_that_gives_up_first(stage: Stage) -> None:
    """The 504 is the outer one's while the inner one still waits, or else the inner one's own."""
    rule, said = "timeouts/proxy-gives-up-before-gateway", "upstream timed out"
    page = '<?php sleep(3); echo "ok";'
    for kind, name, first in (
        (stage.bad, "a second before five", "edge"),
        (stage.good, "six seconds before one", "web"),
    ):
        with kind(rule, name) as site, nginx(site, page, "web"), nginx(site, page, "edge") as get:
            assert get()[0] == 504
            assert {host for host in ("edge", "web") if said in errors(site, host)} == {first}


def ran(site: Site, times: int) -> bool:
    """Whether the page of `test_a_request_that_runs_twice` is begun so often: who is asked begins a little later."""
    runs = site.machine("localhost").folder / "tmp/runs"
    return cage.until(lambda: runs.exists() and runs.read_text() == "x" * times)


def test_a_request_that_runs_twice(stage: Stage) -> None:
    """nginx gives up on the first pool and asks the second for the same, while the first is still at it."""
    rule = "timeouts/abandoned-requests-run-again"
    page = WAIT.format(3, "").replace("<?php", '<?php file_put_contents("/tmp/runs", "x", FILE_APPEND);')
    for kind, name, times in (
        (stage.bad, "a second, and two pools", 2),
        (stage.good, "a second, and one attempt", 1),
    ):
        with kind(rule, name) as site, nginx(site, page) as get:
            assert not site.down
            assert get()[0] == 504
            assert ran(site, times)


def waiting(site: Site) -> str:
    """What a session is told that waits for another one's lock."""
    with site.session(SERVER) as holder, site.session(SERVER) as waiter:
        holder.rows("create table taken (id int)")
        holder.rows("begin")
        holder.rows("lock table taken")
        try:
            waiter.rows("select from taken")
        except Refused as refused:
            return str(refused)
    return ""


def test_limits_of_sessions_that_hide_each_other(stage: Stage) -> None:
    """Who waits for a lock is told of the statement's limit, or of the lock's; and log_lock_waits logs nothing of a
    wait that was too short for it."""
    rule = "timeouts/lock-timeout-never-fires"
    with stage.bad(rule, "half a second for all") as site:
        assert waiting(site) == "canceling statement due to statement timeout"
    with stage.good(rule, "less for the lock") as site:
        assert waiting(site) == "canceling statement due to lock timeout"
    rule = "timeouts/lock-waits-never-logged"
    with stage.bad(rule, "half a second") as site:
        assert waiting(site) == "canceling statement due to lock timeout"
        assert "still waiting for" not in site.log(SERVER)
    with stage.good(rule, "a check before") as site:
        assert waiting(site) == "canceling statement due to lock timeout"
        assert "still waiting for" in site.log(SERVER)


def test_a_transaction_limit_that_hides_the_others(stage: Stage) -> None:
    """The session is ended, where a statement would have been canceled."""
    rule, server = "timeouts/transaction-timeout-hides-longer", "localhost/18-main"

    def ends(site: Site) -> str:
        with site.session(server) as session:
            try:
                session.rows("select pg_sleep(5)")
            except Refused as refused:
                return str(refused)
        return ""

    with stage.bad(rule, "half a second for all") as site:
        if not site.log(server).count("starting PostgreSQL 18"):
            pytest.skip("no PostgreSQL 18 on this machine; .ci/servers installs one")
        assert ends(site) == "the server closed the connection"
        assert "terminating connection due to transaction timeout" in site.log(server)
    with stage.good(rule, "less for the statement") as site:
        assert ends(site) == "canceling statement due to statement timeout"


def deadlock(site: Site) -> list[str]:
    """What two sessions are told that wait for each other."""
    with site.session(SERVER) as one, site.session(SERVER) as other:
        one.rows("create table a (id int)")
        one.rows("create table b (id int)")
        for session, table in ((one, "a"), (other, "b")):
            session.rows("begin")
            session.rows(f"lock table {table}")

        def want(session: Session, table: str) -> str:
            try:
                session.rows(f"lock table {table}")
            except Refused as refused:
                session.rows("rollback")
                return str(refused)
            return ""

        with ThreadPoolExecutor(2) as both:
            return sorted(both.map(want, (one, other), ("b", "a")))


def test_a_deadlock_that_nobody_looks_for(stage: Stage) -> None:
    """Neither session is told of the deadlock, and one would have been enough."""
    rule = "timeouts/deadlock-check-never-runs"
    with stage.bad(rule, "two seconds, half a second") as site:
        assert "canceling statement due to lock timeout" in deadlock(site)
        assert "deadlock" not in site.log(SERVER).partition("ready to accept")[2]
    with stage.good(rule, "a check in time") as site:
        assert deadlock(site) == ["", "deadlock detected"]


def logs_of_idle(site: Site, says: str, sql: str) -> bool:
    """Whether PgBouncer logs something of a session that runs some SQL and is then idle, or of its server."""
    with open_session(site.machine("localhost").outside("/tmp"), 6432, "app", "shop") as session:
        session.rows(sql)
        return cage.until(lambda: says in site.log("localhost/pgbouncer"), pause=0.1)


def test_idle_sessions_that_postgresql_ends_first(stage: Stage) -> None:
    """PgBouncer takes it for a crash of the server, and tells its client so; when it acts first it says what it is."""
    rule = "timeouts/idle-transaction-ended-by-server"
    with stage.bad(rule, "a second, a minute") as site:
        assert logs_of_idle(site, "pooler error: server conn crashed?", "begin")
    with stage.good(rule, "a minute, a second") as site:
        assert logs_of_idle(site, "pooler error: idle transaction timeout", "begin")
    rule = "timeouts/idle-session-ended-under-pooler"
    with stage.bad(rule, "a second") as site:
        assert logs_of_idle(site, "pooler error: server conn crashed?", "select 1")
    with stage.good(rule, "a second in PgBouncer") as site:
        logs_of_idle(site, "", "select 1")
        assert cage.until(lambda: "server idle timeout" in site.log("localhost/pgbouncer"), pause=0.1)
        assert "server conn crashed?" not in site.log("localhost/pgbouncer")
