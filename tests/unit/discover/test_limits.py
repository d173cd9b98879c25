"""Which unit starts which server: names as Debian, PGDG for Red Hat, and Remi's packages give them."""

from __future__ import annotations

import pytest

from pgfpmlint.discover.discovery import discover
from pgfpmlint.discover.found import Main
from pgfpmlint.source.memory import MemoryTree

POOL = b"[www]\nuser = www-data\nlisten = /run/php.sock\npm = static\npm.max_children = 5\n"
BOUNCER = b"[databases]\na = host=10.0.0.9\n[pgbouncer]\nlisten_addr = *\n"
UNIT = b"[Service]\nTasksMax=50\n"


def mains(files: dict[str, bytes]) -> dict[str, Main]:
    return {main.service: main for main in discover(MemoryTree(files)).mains}


@pytest.mark.parametrize(
    ("server", "text", "unit", "name"),
    [
        ("etc/postgresql/16/main/postgresql.conf", b"port = 1\n", "postgresql@.service.d/a.conf", "postgresql@16-main"),
        ("etc/postgresql/16/main/postgresql.conf", b"port = 1\n", "postgresql@16-main.service", "postgresql@16-main"),
        ("var/lib/pgsql/16/data/postgresql.conf", b"port = 1\n", "postgresql-16.service.d/a.conf", "postgresql-16"),
        ("var/lib/pgsql/data/postgresql.conf", b"port = 1\n", "postgresql.service", "postgresql"),
        ("etc/php/8.3/fpm/pool.d/www.conf", POOL, "php8.3-fpm.service.d/a.conf", "php8.3-fpm"),
        ("etc/php-fpm.d/www.conf", POOL, "php-fpm.service.d/a.conf", "php-fpm"),
        ("etc/pgbouncer/pgbouncer.ini", BOUNCER, "pgbouncer.service.d/a.conf", "pgbouncer"),
        ("etc/pgbouncer/red.ini", BOUNCER, "pgbouncer@.service", "pgbouncer@red"),
    ],
)
def test_the_unit_of_a_server(server: str, text: bytes, unit: str, name: str) -> None:
    path = f"etc/systemd/system/{unit}"
    (main,) = mains({server: text, path: UNIT}).values()
    assert main.unit is not None
    assert (main.unit.name, main.unit.files) == (f"{name}.service", (f"/{path}",))
    assert main.unit.whole == (".service.d/" not in unit)


@pytest.mark.parametrize(
    "unit",
    [
        "postgresql@15-main.service",
        "multi-user.target.wants/postgresql@16-main.service",
        "pgbouncer.service",
    ],
)
def test_units_of_others(unit: str) -> None:
    files = {"etc/postgresql/16/main/postgresql.conf": b"port = 1\n", f"etc/systemd/system/{unit}": UNIT}
    (main,) = mains(files).values()
    assert main.unit is None


def test_the_unit_that_starts_no_cluster_of_debian() -> None:
    drop_in = "etc/systemd/system/postgresql.service.d/a.conf"
    clusters = {f"etc/postgresql/{number}/main/postgresql.conf": b"port = 1\n" for number in (15, 16)}
    found = mains({**clusters, drop_in: UNIT})
    units = [main.unit for main in found.values() if main.unit is not None]
    assert [(unit.files, unit.idle) for unit in units] == [((), (f"/{drop_in}",))]


def test_of_two_servers_nobody_knows_whose_a_plain_unit_is() -> None:
    files = {
        "etc/pgbouncer/a.ini": BOUNCER,
        "etc/pgbouncer/b.ini": BOUNCER,
        "etc/systemd/system/pgbouncer.service": UNIT,
        "etc/systemd/system/pgbouncer@b.service.d/limits.conf": UNIT,
    }
    found = mains(files)
    assert found["a"].unit is None
    assert found["b"].unit is not None


def test_another_machines_unit() -> None:
    files = {
        "a/etc/pgbouncer/pgbouncer.ini": BOUNCER,
        "b/etc/systemd/system/pgbouncer.service": UNIT,
        "b/etc/sysctl.conf": b"net.core.somaxconn = 1\n",
    }
    (main,) = mains(files).values()
    assert main.unit is None
