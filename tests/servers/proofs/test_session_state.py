"""What clients of a pooler find of each other, and what becomes of what they ask for."""

from __future__ import annotations

import pytest

from servers.proofs.conftest import Stage
from servers.proofs.scripts import running
from servers.wire import Session

pytestmark = pytest.mark.server

LEAVE = running("""$db->exec("set search_path to somebody");""")
LOOK = running("""echo $db->query("show search_path")->fetchColumn(), " ";""")
OWN = '"$user", public'


def test_what_the_client_before_left(stage: Stage) -> None:
    """The second client has the search_path of the first; with the default reset it has its own."""
    rule = "pooling/state-left-behind"
    bad, good = stage.bad(rule, "switched off to save a round trip"), stage.good(rule, "the default")
    for played, path in ((bad, "somebody"), (good, OWN)):
        with played as site:
            assert not site.down
            assert site.ask("web/www", LEAVE) == ["ok"]
            assert site.ask("web/www", LOOK) == [f"{path} ok"]


def test_a_search_path_that_is_forgotten(stage: Stage) -> None:
    """A client that asks for a search_path is let in and doesn't get it."""
    with stage.bad("pooling/startup-parameter-dropped", "made the error go away") as site:
        assert not site.down
        machine = site.machine("edge")
        with Session(machine.outside("/tmp"), 6432) as session:
            session.start({"user": "app", "database": "shop", "search_path": "mine"})
            session.ready()
            assert session.rows("show search_path") == [{"search_path": OWN}]


def test_workers_that_wait_in_session_mode(stage: Stage) -> None:
    """Five of eight workers are served while they hold what they have; in transaction mode all eight are, and so are
    five of five."""
    rule = "pooling/session-pool-smaller-than-workers"
    with stage.bad(rule, "the default mode") as site:
        assert not site.down
        site.ask_together(enough=5)
        assert site.served == 5
    for name, count in (("transaction mode", 8), ("as many workers as connections", 5)):
        with stage.good(rule, name) as site:
            assert not site.down
            site.ask_together()
            assert site.served == count
