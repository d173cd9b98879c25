"""An nginx that does not get through to PHP-FPM."""

from __future__ import annotations

import pytest

from servers.proofs.conftest import Stage
from servers.proofs.front import errors, nginx

pytestmark = pytest.mark.server


def test_a_socket_that_nobody_listens_on(stage: Stage) -> None:
    """Every request is answered 502; with the pool's own socket, 200."""
    rule = "reach/fastcgi-pass-without-listener"
    with stage.bad(rule, "the version before") as site, nginx(site) as get:
        assert not site.down
        assert get()[0] == 502
        assert "failed (2: No such file or directory)" in errors(site)
    with stage.bad(rule, "another port") as site, nginx(site) as get:
        assert get()[0] == 502
        assert "failed (111: Connection refused)" in errors(site)
    with stage.good(rule, "the same socket") as site, nginx(site) as get:
        assert get() == (200, "ok")


def test_a_socket_that_nginx_may_not_open(stage: Stage) -> None:
    """The socket is root's, and nginx's workers are not; with listen.owner they get through."""
    rule = "reach/socket-refuses-web-server"
    with stage.bad(rule, "nobody said whose it is") as site, nginx(site) as get:
        assert not site.down
        assert get()[0] == 502
        assert "failed (13: Permission denied)" in errors(site)
    for name in ("its owner", "open to all"):
        with stage.good(rule, name) as site, nginx(site) as get:
            assert get() == (200, "ok")


def test_a_pool_that_lets_in_others(stage: Stage) -> None:
    rule = "reach/pool-refuses-web-server"
    with stage.bad(rule, "loopback is missing") as site, nginx(site) as get:
        assert not site.down
        assert get()[0] == 502
        # It hangs up at once; whether nginx is told of a reset or of the end depends on who is quicker.
        assert any(words in errors(site) for words in ("(104: Connection reset by peer)", "prematurely closed"))
    with stage.good(rule, "loopback") as site, nginx(site) as get:
        assert get() == (200, "ok")


def test_a_pool_on_the_loopback_of_another_machine(stage: Stage) -> None:
    rule = "reach/pool-listens-on-loopback-only"
    with stage.bad(rule, "two machines") as site, nginx(site, host="front") as get:
        assert not site.down
        assert get()[0] == 502
        assert "failed (111: Connection refused)" in errors(site, "front")
    with stage.good(rule, "all addresses") as site, nginx(site, host="front") as get:
        assert get() == (200, "ok")
