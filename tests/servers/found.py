"""Which real servers this machine has.

Looked for in Debian's places and in the cache that ``.ci/servers`` fills; ``PGFPMLINT_POSTGRES_BIN`` (folders,
``:``-separated), ``PGFPMLINT_PHP_FPM`` and ``PGFPMLINT_PGBOUNCER`` (programs) name others. The many more versions that
``.ci/more-servers`` fetches are for ``make judge`` alone.
"""

from __future__ import annotations

import glob
import os
import re
import shutil
import subprocess
from functools import cache
from typing import NamedTuple

CACHES = (
    os.environ.get("PGFPMLINT_SERVERS", "/var/cache/pgfpmlint/servers"),
    os.path.expanduser("~/.cache/pgfpmlint/servers"),
)
MORE = os.environ.get("PGFPMLINT_MORE_SERVERS", "/var/cache/pgfpmlint/more-servers")


class Server(NamedTuple):
    """One program. ``version`` is what it calls itself (``15.20``, ``19rc1``); ``debian`` tells whose build it is."""

    product: str
    version: str
    debian: bool
    program: str

    @property
    def major(self) -> str:
        """``15`` of PostgreSQL 15.20, ``8.2`` of PHP 8.2.36, ``1.18`` of PgBouncer 1.18.0."""
        if self.product == "postgresql":
            return self.version.partition(".")[0].partition("rc")[0]
        return self.version.rpartition(".")[0]

    @property
    def bin(self) -> str:
        return os.path.dirname(self.program)

    def __str__(self) -> str:
        return f"{self.product}-{self.version}"


def _version(program: str) -> tuple[str, bool]:
    says = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=True).stdout
    number = re.search(r"(?<= )\d+(\.\d+|rc\d+)*", says)
    assert number, f"{program} --version says {says!r}"
    return number[0], "Debian" in says or program.startswith("/usr/sbin/") or "/debian-" in program


def _server(product: str, program: str) -> Server:
    version, debian = _version(program)
    return Server(product, version, debian, program)


def _named(variable: str, *patterns: str) -> list[str]:
    told = os.environ.get(variable)
    places = told.split(":") if told else [place for pattern in patterns for place in sorted(glob.glob(pattern))]
    return [place for place in places if os.access(place, os.X_OK)]


@cache
def postgres() -> tuple[Server, ...]:
    """Every PostgreSQL, one of each major, oldest first."""
    told = os.environ.get("PGFPMLINT_POSTGRES_BIN")
    folders = told.split(":") if told else sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if not told:
        folders += [place for cached in CACHES for place in sorted(glob.glob(f"{cached}/postgresql-*/bin"))]
    servers: dict[str, Server] = {}
    for folder in folders:
        program = f"{folder}/postgres"
        if os.access(program, os.X_OK):
            server = _server("postgresql", program)
            servers.setdefault(server.major, server)
    return tuple(sorted(servers.values(), key=lambda server: int(server.major)))


@cache
def php_fpm() -> tuple[Server, ...]:
    return tuple(_server("php-fpm", place) for place in _named("PGFPMLINT_PHP_FPM", "/usr/sbin/php-fpm[0-9]*"))


@cache
def pgbouncer() -> tuple[Server, ...]:
    return tuple(_server("pgbouncer", place) for place in _named("PGFPMLINT_PGBOUNCER", "/usr/sbin/pgbouncer"))


@cache
def docker_compose() -> str | None:
    """Compose, whose ``config`` needs no engine."""
    return shutil.which("docker-compose")


def nginx() -> str | None:
    """Debian's nginx, of which no version matters."""
    return next(iter(_named("PGFPMLINT_NGINX", "/usr/sbin/nginx")), None)


@cache
def node_postgres() -> str | None:
    """The folder of Node's modules that holds pg, where Node is there, too."""
    folders = [f"{cached}/node/node_modules" for cached in CACHES]
    return next((one for one in folders if os.path.exists(f"{one}/pg/package.json") and shutil.which("node")), None)


@cache
def apache() -> str | None:
    """Debian's Apache, of which no version matters."""
    return next(iter(_named("PGFPMLINT_APACHE", "/usr/sbin/apache2")), None)


@cache
def pgpool() -> str | None:
    """Debian's pgpool-II."""
    return next(iter(_named("PGFPMLINT_PGPOOL", "/usr/sbin/pgpool")), None)


def servers(product: str) -> tuple[Server, ...]:
    """``product`` is ``postgresql``, ``php-fpm`` or ``pgbouncer``."""
    return {"postgresql": postgres, "php-fpm": php_fpm, "pgbouncer": pgbouncer}[product]()


@cache
def every(product: str) -> tuple[Server, ...]:
    """Every build of a product, those of ``.ci/more-servers`` included, oldest first; there may be two of a version."""
    places = {"postgresql": "usr/lib/postgresql/*/bin/postgres", "php-fpm": "usr/sbin/php-fpm?.?"}
    patterns = [f"{MORE}/debian-*/{places.get(product, 'usr/sbin/pgbouncer')}"]
    if product == "postgresql":
        patterns.append(f"{MORE}/postgresql-*/bin/postgres")
    programs = [server.program for server in servers(product)]
    programs += [place for pattern in patterns for place in glob.glob(pattern) if os.access(place, os.X_OK)]
    builds = {(server.version, server.debian): server for server in (_server(product, one) for one in programs)}
    return tuple(sorted(builds.values(), key=lambda server: [int(part) for part in re.findall(r"\d+", server.version)]))
