"""Which address a location passes requests to, and how long nginx waits there: inheritance, includes, groups."""

from __future__ import annotations

import pytest

from pgfpmlint.resolve.nginx import NginxReading, read
from pgfpmlint.resolve.nginx_time import milliseconds
from pgfpmlint.source.memory import MemoryTree

MAIN = "etc/nginx/nginx.conf"


def reading(files: dict[str, str], main: str = MAIN, *, fragment: bool = False, complete: bool = True) -> NginxReading:
    tree = MemoryTree({name: text.encode() for name, text in files.items()})
    return read(tree.root("m", "", complete=complete), f"/{main}", fragment=fragment)


def waits(found: NginxReading) -> list[str | None]:
    return [passing.settings["fastcgi_read_timeout"].value for passing in found.passings]


def site(inner: str, of_http: str = "") -> dict[str, str]:
    return {MAIN: f"events {{}} http {{ {of_http} server {{ location / {{ fastcgi_pass php:9000; {inner} }} }} }}"}


def test_the_innermost_level_wins_whatever_the_order() -> None:
    assert waits(reading(site(""))) == ["60000"]
    assert waits(reading(site("", "fastcgi_read_timeout 5;"))) == ["5000"]
    assert waits(reading(site("fastcgi_read_timeout 1m;", "fastcgi_read_timeout 5;"))) == ["60000"]
    late = {MAIN: "http { server { location / { fastcgi_pass a:1; } fastcgi_read_timeout 7s; } }"}
    assert waits(reading(late)) == ["7000"]
    other = {MAIN: "http { server { location /a { fastcgi_read_timeout 7s; } location /b { fastcgi_pass a:1; } } }"}
    assert waits(reading(other)) == ["60000"]


def test_what_is_not_here_may_say_something_else() -> None:
    """A part knows nothing of what holds for all; nor does a whole that includes what can't be read."""
    part = {"conf.d/a.conf": "server { location / { fastcgi_pass a:1; } }"}
    assert waits(reading(part, "conf.d/a.conf", fragment=True)) == [None]
    assert waits(reading(site("include more.conf;"))) == [None]
    assert waits(reading(site("include fastcgi_params;"))) == ["60000"]
    assert waits(reading(site("", "include conf.d/*.conf;"))) == ["60000"]
    assert waits(reading(site("", "include conf.d/*.conf;"), complete=False)) == [None]
    assert waits(reading(site("", 'fastcgi_read_timeout "x;'))) == []


def test_includes_count_from_the_folder_of_the_main_file() -> None:
    files = {
        MAIN: "http { include conf.d/*.conf; include /etc/nginx/sites-enabled/*; }",
        "etc/nginx/conf.d/10.conf": "fastcgi_read_timeout 9s;",
        "etc/nginx/conf.d/20.conf.off": "fastcgi_read_timeout 1s;",
        "etc/nginx/sites-enabled/shop": "server { location / { include snippets/php; } }",
        "etc/nginx/snippets/php": "fastcgi_pass unix:/run/php.sock;",
    }
    found = reading(files)
    assert waits(found) == ["9000"]
    assert [address.socket for passing in found.passings for address in passing.addresses or ()] == ["/run/php.sock"]
    assert [document.path for document in found.reading.documents] == [
        f"/{MAIN}", "/etc/nginx/conf.d/10.conf", "/etc/nginx/snippets/php",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("target", "upstream", "addresses"),
    [
        ("unix:/run/a.sock", "", ["unix:/run/a.sock"]),
        ("127.0.0.1:9000", "", ["127.0.0.1:9000"]),
        ("$upstream:9000", "", None),
        ("php", "", None),
        ("php", "upstream php { server a:1 weight=2; server b:2 down; server unix:/c backup; }", ["a:1", "unix:/c"]),
    ],
)
def test_addresses(target: str, upstream: str, addresses: list[str] | None) -> None:
    files = {MAIN: f"http {{ server {{ location / {{ fastcgi_pass {target}; }} }} {upstream} }}"}
    (passing,) = reading(files).passings
    assert (None if passing.addresses is None else [one.text for one in passing.addresses]) == addresses


def test_whom_the_workers_run_as() -> None:
    groups = "www-data:x:33:\nnginx:x:101:\nweb:x:1000:deploy,nginx\n"
    files = {MAIN: "user nginx;", "etc/group": groups}
    assert reading(files).groups == frozenset({"nginx", "web"})
    assert reading({**files, MAIN: "user nginx www-data;"}).groups == frozenset({"www-data", "web"})
    assert reading({MAIN: "user nginx;"}).groups is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("60", 60_000),
        ("500ms", 500),
        ("1m30s", 90_000),
        ("1h 30m", 5_400_000),
        ("1d", 86_400_000),
        ("2w", 1_209_600_000),
        ("1s500ms", 1_500),
        ("1s1m", None),
        ("1s1s", None),
        ("x", None),
        ("", None),
        ("1.5", None),
        ("-1", None),
    ],
)
def test_times(text: str, expected: int | None) -> None:
    assert milliseconds(text) == expected
