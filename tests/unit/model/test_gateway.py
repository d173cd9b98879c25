"""Which pool serves what an nginx passes on: sockets by their path, ports by the machine."""

from __future__ import annotations

import pytest

from pgfpmlint.model.gateway import Gateway
from pgfpmlint.options import Options
from trees import outcome_of, world_of


def nginx(target: str, more: str = "") -> str:
    return f"http {{ {more} server {{ location ~ \\.php$ {{ fastcgi_pass {target}; }} }} }}\n"


def pool(listen: str) -> str:
    return f"[www]\nuser = www-data\nlisten = {listen}\nlisten.owner = www-data\npm = static\npm.max_children = 2\n"


def reached(files: dict[str, str]) -> list[tuple[str, bool]]:
    """The pools that nginx reaches, and whether that is certain."""
    found = world_of(files).subjects("gateway")
    assert all(isinstance(one, Gateway) for one in found)
    return [(one.pool.name, one.is_certain) for one in found if isinstance(one, Gateway)]


@pytest.mark.parametrize(
    ("target", "listen", "meets"),
    [
        ("unix:/run/php/a.sock", "/run/php/a.sock", True),
        ("unix:/var/run/php/a.sock", "/run/php/a.sock", True),
        ("unix:/run/php/b.sock", "/run/php/a.sock", False),
        ("127.0.0.1:9000", "9000", True),
        ("localhost:9000", "127.0.0.1:9000", True),
        ("127.0.0.1:9000", "[::]:9000", True),
        ("127.0.0.1:9000", "10.0.0.5:9000", False),
        ("127.0.0.1:9001", "9000", False),
        ("$php:9000", "9000", False),
    ],
)
def test_on_one_machine(target: str, listen: str, meets: bool) -> None:
    files = {"web/etc/nginx/nginx.conf": nginx(target), "web/etc/php/8.3/fpm/php-fpm.conf": pool(listen)}
    assert reached(files) == ([("web/www", True)] if meets else [])


def test_the_socket_of_another_machine_is_another_one() -> None:
    there = {"app/etc/php/8.3/fpm/php-fpm.conf": pool("/run/php/a.sock")}
    assert reached({"web/etc/nginx/nginx.conf": nginx("unix:/run/php/a.sock"), **there}) == []


def test_folders_side_by_side_may_be_one_machine() -> None:
    """docker/nginx and docker/php share a socket, if any two do; that is an assumption."""
    files = {"docker/nginx/nginx.conf": nginx("unix:/run/a.sock"), "docker/php/www.conf": pool("/run/a.sock")}
    assert reached(files) == [("docker/php/www", False)]
    assert reached({**files, "docker/other/fpm-www.conf": pool("/run/a.sock")}) == []
    files["staging/nginx/nginx.conf"] = files.pop("docker/nginx/nginx.conf")
    assert reached(files) == []


def test_another_machine_by_name_or_address() -> None:
    fpm = {"docker/php/www.conf": pool("9000")}
    assert reached({"docker/nginx/site.conf": nginx("php:9000"), **fpm}) == [("docker/php/www", True)]
    declared = {".pgfpmlint.yaml": "hosts: {app: {root: app, addresses: [10.0.0.5]}}\n"}
    app = {"app/etc/php/8.3/fpm/php-fpm.conf": pool("9000")}
    assert reached({**declared, "web/etc/nginx/nginx.conf": nginx("10.0.0.5:9000"), **app}) == [("app/www", True)]


def test_without_a_pool_no_nginx_is_read() -> None:
    outcome = outcome_of({"etc/nginx/nginx.conf": nginx("php:9000"), "etc/postgresql/16/main/postgresql.conf": ""})
    assert [file.path for file in outcome.files] == ["etc/postgresql/16/main/postgresql.conf"]


def test_templates_and_what_is_switched_off_are_left_alone() -> None:
    files = {
        "etc/php/8.3/fpm/php-fpm.conf": pool("/run/php/a.sock"),
        "etc/nginx/sites-available/shop": nginx("unix:/run/php/a.sock"),
        "etc/nginx/conf.d/a.conf": nginx("unix:{{ socket }}"),
    }
    outcome = outcome_of(files)
    assert [file.path for file in outcome.files] == ["etc/php/8.3/fpm/php-fpm.conf"]
    assert [file.path for file in outcome.skipped] == ["etc/nginx/conf.d/a.conf"]


def test_a_broken_nginx_says_nothing() -> None:
    """What it means can't be told, and it is nginx's own business to say so."""
    files = {
        "etc/php/8.3/fpm/php-fpm.conf": pool("/run/php/a.sock") + "request_terminate_timeout = 300\n",
        "etc/nginx/nginx.conf": nginx("unix:/run/php/a.sock") + "}\n",
    }
    assert outcome_of(files, Options(select=["timeouts/", "reach/"])).findings == ()
