"""Apache before PHP-FPM: which requests mod_proxy_fcgi passes where, and how long it waits for an answer.

The answer has the form that nginx has, whose rules hold for both. How long Apache waits is ``timeout=`` of the worker,
else ProxyTimeout, else Timeout: https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#proxytimeout
"""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.formats.apache_conf import KIND
from pgfpmlint.resolve.apache.config import Config, Line
from pgfpmlint.resolve.nginx import DEFAULTS, Address, NginxReading, Passing
from pgfpmlint.resolve.settings import Default, Effective, Reading, Unknown, Written
from pgfpmlint.source import paths
from pgfpmlint.source.text import Place

VERSION = ServerVersion(KIND, (), "")
READ = "fastcgi_read_timeout"
TIMEOUT = 60
"""Apache's own default of Timeout, in seconds; Debian writes 300."""

PORT = 8000
"""Of fcgi:// without a port: https://httpd.apache.org/docs/2.4/mod/mod_proxy_fcgi.html"""

FCGI, BALANCER = "fcgi://", "balancer://"


def front(config: Config) -> NginxReading | None:
    """None where nothing is passed to FastCGI."""
    passings = tuple(_passings(config))
    if not passings:
        return None
    said = config.last("user", 0)
    anchor = next(iter(config.documents.values())).source.line_place(1)
    user = Effective("User", None, Unknown("no file sets it", anchor))
    if said is not None and said.first and "${" not in said.first and not said.first.startswith("#"):
        user = Effective("User", said.first, Written(said.place, said.place, said.first))
    names = tuple(config.documents)
    reading = Reading(KIND, VERSION, tuple(config.documents.values())[:1], ())
    return NginxReading(reading, passings, user, None, names, not config.whole)


def _passings(config: Config) -> Iterator[Passing]:
    for line in config.lines:
        if line.name == "sethandler" and line.first.startswith("proxy:"):
            yield from _passing(config, line, line.first.removeprefix("proxy:"), ())
        elif line.name in ("proxypass", "proxypassmatch"):
            words = list(line.words)
            if not line.within or line.within[-1][0] not in ("location", "locationmatch"):
                words = words[1:]
            if words:
                yield from _passing(config, line, words[0], tuple(words[1:]))


def _passing(config: Config, line: Line, target: str, parameters: tuple[str, ...]) -> Iterator[Passing]:
    addresses = _addresses(config, line, target)
    if addresses is None:
        return
    where = " ".join(word for section in line.within for word in section[1:] if section[0] != "virtualhost")
    pattern = line.first if line.name == "proxypassmatch" else ""
    folder = config.last("documentroot", line.server)
    scripts = None
    if folder is not None and folder.first.startswith("/") and "${" not in folder.first:
        scripts = Address(paths.normal(folder.first), folder.place)
    listens = config.hosts[line.server - 1].words if line.server else ()
    waits = _timeout(config, line, target, parameters)
    settings = {name: Effective(name, value, Default(VERSION, line.place)) for name, value in DEFAULTS.items()}
    settings |= {READ: waits, "fastcgi_next_upstream": Effective("", "off", Default(VERSION, line.place))}
    yield Passing(line.place, target, addresses, settings, f"{where} {pattern}".strip(), scripts, listens)


def _addresses(config: Config, line: Line, target: str) -> tuple[Address, ...] | None:
    """Of FastCGI; None where the target is another kind of server."""
    if target.startswith(BALANCER):
        members = [
            found
            for one in config.of("BalancerMember")
            if one.within and one.within[-1][1:2] and one.within[-1][1].rstrip("/") == target.rstrip("/")
            for found in (_address(one.first, one.place),)
        ]
        known = tuple(one for one in members if one is not None)
        return known or None
    found = _address(target, line.place)
    return (found,) if found is not None else None


def _address(target: str, place: Place) -> Address | None:
    """``unix:/run/php/www.sock|fcgi://localhost``, ``fcgi://127.0.0.1:9000/srv/www/$1``."""
    if "${" in target:
        return None
    socket, bar, rest = target.partition("|")
    if target.startswith("unix:"):
        return Address(socket, place) if bar and rest.startswith(FCGI) else None
    if not target.startswith(FCGI):
        return None
    server = target.removeprefix(FCGI).partition("/")[0].partition("$")[0]
    host, colon, port = server.rpartition(":")
    return Address(server if colon and port.isdecimal() and host else f"{server}:{PORT}", place)


def _timeout(config: Config, line: Line, target: str, parameters: tuple[str, ...]) -> Effective:
    """In milliseconds, as nginx's are."""
    for word in parameters:
        if word.startswith("timeout="):
            return _milliseconds("timeout", word.partition("=")[2], line)
    for one in config.of("ProxySet"):
        section = one.within[-1] if one.within else ("",)
        same = section[0] == "proxy" and section[1:2] and _is_of(target, section[1])
        own = next((word for word in one.words if word.startswith("timeout=")), None)
        if same and own is not None:
            return _milliseconds("timeout", own.partition("=")[2], one)
    for name in ("ProxyTimeout", "Timeout"):
        said = config.last(name.lower(), line.server)
        if said is not None:
            return _milliseconds(name, said.first, said)
    if config.open:
        return Effective("Timeout", None, Unknown("a file that may set it is not here", line.place))
    return Effective("Timeout", str(TIMEOUT * 1000), Default(VERSION, line.place))


def _is_of(target: str, worker: str) -> bool:
    """Whether requests to ``target`` go to the worker of that name; a socket before the URL is no part of it."""
    url = worker.rpartition("|")[2].rstrip("/").replace("*", "")
    return target.rpartition("|")[2].startswith(url)


def _milliseconds(name: str, text: str, line: Line) -> Effective:
    """Seconds, or with a unit: https://httpd.apache.org/docs/2.4/mod/directive-dict.html"""
    units = {"ms": 1, "s": 1000, "min": 60_000, "mi": 60_000, "h": 3_600_000}
    unit = next((one for one in sorted(units, key=len, reverse=True) if text.endswith(one)), "")
    digits = text.removesuffix(unit)
    known = digits.isascii() and digits.isdigit() and len(digits) < 10
    value = str(int(digits) * units.get(unit, 1000)) if known else None
    return Effective(name, value, Written(line.place, line.place, text))
