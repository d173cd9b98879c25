"""nginx on a machine of a site, with the example's own nginx.conf, and a user before it."""

from __future__ import annotations

import contextlib
import http.client
import signal
from collections.abc import Callable, Iterator

import pytest

from servers import cage, found
from servers.proofs.site import Site

# What packages bring: parameters and nothing else, and here the one script that is asked for.
PARAMETERS = """\
fastcgi_param REQUEST_METHOD $request_method;
fastcgi_param SCRIPT_NAME $fastcgi_script_name;
fastcgi_param SERVER_PROTOCOL $server_protocol;
fastcgi_param SCRIPT_FILENAME /tmp/page.php;
"""

Get = Callable[[], tuple[int, str]]


@contextlib.contextmanager
def nginx(site: Site, page: str = '<?php echo "ok";', host: str = "localhost") -> Iterator[Get]:
    """The function asks for a page in PHP; it returns the status and the body. Every machine has the page."""
    if found.nginx() is None:
        pytest.skip("no nginx on this machine; .ci/servers installs one")
    for name in (one.name for one in site.deployment.hosts):
        (site.machine(name).folder / "tmp/page.php").write_text(page)
    machine = site.machine(host)
    (machine.folder / "etc/nginx/fastcgi_params").write_text(PARAMETERS)
    (machine.folder / "var/log/nginx").mkdir()
    words = [
        str(found.nginx()),
        "-c",
        "/etc/nginx/nginx.conf",
        "-g",
        "daemon off; pid /run/nginx.pid; error_log stderr;",
    ]
    log = machine.folder / "nginx.log"
    with cage.running(machine.within(words), cage.ENVIRONMENT, log, machine.folder, signal.SIGTERM) as process:
        pid = machine.folder / "run/nginx.pid"
        assert cage.until(lambda: process.poll() is not None or (pid.exists() and pid.read_text() != ""))
        assert process.poll() is None, log.read_text()
        yield lambda: machine.from_here(_get)


def _get() -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", 80, timeout=60)
    with contextlib.closing(connection):
        connection.request("GET", "/page.php")
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def errors(site: Site, host: str = "localhost") -> str:
    """What nginx logged."""
    return (site.machine(host).folder / "nginx.log").read_text()
