"""Apache before PHP-FPM: where mod_proxy_fcgi passes requests, and how long it waits."""

from __future__ import annotations

import pytest

from pgfpmlint.checks.reach.gateway import fastcgi_pass_without_listener, socket_refuses_web_server
from pgfpmlint.checks.timeouts.gateway import gateway_gives_up_on_request
from pgfpmlint.finding.finding import Hit
from pgfpmlint.model.gateway import Front, Gateway
from pgfpmlint.model.world import World
from pgfpmlint.resolve.apache.config import Config
from pgfpmlint.resolve.apache.front import front
from trees import deployment_of, tree_of

MAIN = "hosts/web/etc/apache2/apache2.conf"
FPM = "hosts/web/etc/php/8.2/fpm/"
POOLS = {
    FPM + "php-fpm.conf": "include = /etc/php/8.2/fpm/pool.d/*.conf\n",
    FPM + "pool.d/www.conf": "[www]\nuser = shop\nlisten = /run/php/www.sock\nlisten.owner = shop\n"
    "listen.group = shop\n"
    "listen.mode = 0600\npm = static\npm.max_children = 5\nrequest_terminate_timeout = 120\n",
}
SOCKET = '"proxy:unix:/run/php/www.sock|fcgi://localhost"'


def passing(text: str) -> tuple[str, str, str | None]:
    """The address, what bounds the waiting, and for how many milliseconds."""
    root = tree_of({MAIN: text}).root("web", "hosts/web", complete=False)
    found = front(Config(root, "/etc/apache2/apache2.conf"))
    assert found is not None
    (one,) = found.passings
    assert one.addresses is not None
    waits = one.settings["fastcgi_read_timeout"]
    return one.addresses[0].text, waits.name, waits.value


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"SetHandler {SOCKET}\n", ("unix:/run/php/www.sock", "Timeout", "60000")),
        (f"Timeout 300\nSetHandler {SOCKET}\n", ("unix:/run/php/www.sock", "Timeout", "300000")),
        (f"ProxyTimeout 2min\nSetHandler {SOCKET}\n", ("unix:/run/php/www.sock", "ProxyTimeout", "120000")),
        ('SetHandler "proxy:fcgi://127.0.0.1:9000"\n', ("127.0.0.1:9000", "Timeout", "60000")),
        ('ProxyPassMatch "^/(.*\\.php)$" "fcgi://php:9000/srv/$1" timeout=90\n', ("php:9000", "timeout", "90000")),
        ("ProxyPass /app fcgi://php/srv\n", ("php:8000", "Timeout", "60000")),
        (
            '<Proxy "fcgi://php:9000">\nProxySet timeout=45\n</Proxy>\n<FilesMatch \\.php$>\n'
            'SetHandler "proxy:fcgi://php:9000"\n</FilesMatch>\n',
            ("php:9000", "timeout", "45000"),
        ),
        (
            f'<Proxy "fcgi://localhost">\nProxySet timeout=1\n</Proxy>\nSetHandler {SOCKET}\n',
            ("unix:/run/php/www.sock", "timeout", "1000"),
        ),
        (
            "<Proxy balancer://php>\nBalancerMember fcgi://php1:9000\n</Proxy>\nProxyPass / balancer://php/\n",
            ("php1:9000", "Timeout", "60000"),
        ),
    ],
)
def test_where_and_how_long(text: str, wanted: tuple[str, str, str]) -> None:
    assert passing(text) == wanted


@pytest.mark.parametrize("text", ["ProxyPass / http://app:8080/\n", "SetHandler server-status\n", "ProxyPass / !\n"])
def test_others_are_passed_over(text: str) -> None:
    root = tree_of({MAIN: text}).root("web", "hosts/web", complete=False)
    assert front(Config(root, "/etc/apache2/apache2.conf")) is None


def world_of(text: str) -> World:
    return World(deployment_of({MAIN: text, **POOLS}), (), ())


def test_it_gives_up_before_the_request_ends() -> None:
    world = world_of(f"LoadModule proxy_fcgi_module a.so\nProxyTimeout 30\nUser www-data\nSetHandler {SOCKET}\n")
    (gateway,) = world.subjects("gateway")
    assert isinstance(gateway, Gateway)
    (hit,) = gateway_gives_up_on_request(gateway, world, {})
    assert (hit.values["wait"], hit.values["longer"], hit.values["name"]) == ("30 s", "120 s", "ProxyTimeout")
    assert (hit.values["fitting"], hit.values["software"]) == ("120", "Apache")
    (refused,) = socket_refuses_web_server(gateway, world, {})
    assert (refused.values["user"], refused.values["software"]) == ("www-data", "Apache")


def test_nobody_listens_there() -> None:
    world = world_of(
        'LoadModule proxy_fcgi_module a.so\n<FilesMatch "\\.php$">\nSetHandler "proxy:unix:/run/old.sock|fcgi://x"\n</FilesMatch>\n'
    )
    (one,) = world.subjects("nginx")
    assert isinstance(one, Front)
    (hit,) = fastcgi_pass_without_listener(one, world, {})
    assert isinstance(hit, Hit)
    assert hit.values["way"] == f"write SetHandler {SOCKET}"
