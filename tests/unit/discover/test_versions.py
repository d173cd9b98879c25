"""Which version a file is read for, and what is said about where that is known from."""

from __future__ import annotations

import pytest

from pgfpmlint.catalog.version import PHP, POSTGRESQL, ServerVersion
from pgfpmlint.discover.versions import version_of
from pgfpmlint.source.memory import MemoryTree


def found(kind: str, path: str, files: dict[str, bytes] | None = None, data: str | None = None) -> ServerVersion:
    return version_of(kind, MemoryTree(files or {}).root("host", ""), path, (), data)


@pytest.mark.parametrize(
    ("kind", "path", "number"),
    [
        ("postgresql.conf", "/etc/postgresql/16/main/postgresql.conf", (16,)),  # Debian
        ("pg_hba.conf", "/etc/postgresql/9.6/main/pg_hba.conf", (9, 6)),
        ("postgresql.conf", "/var/lib/pgsql/16/data/postgresql.conf", (16,)),  # PGDG on RHEL
        ("postgresql.conf", "/usr/pgsql-13/share/postgresql.conf", (13,)),
        ("postgresql.conf", "/etc/postgresql-15/postgresql.conf", (15,)),  # Gentoo
        ("postgresql.conf", "/opt/homebrew/var/postgresql@14/postgresql.conf", (14,)),
        ("postgresql.conf", "/var/db/postgres/data17/postgresql.conf", (17,)),  # FreeBSD
        ("postgresql.conf", "/var/lib/postgresql/18/docker/postgresql.conf", (18,)),  # Docker from 18 on
        ("postgresql.conf", "/pkg/postgres/9/postgresql.conf", (9,)),
        ("php-fpm", "/etc/php/8.3/fpm/pool.d/www.conf", (8, 3)),  # Debian
        ("php-fpm", "/etc/opt/remi/php83/php-fpm.d/www.conf", (8, 3)),  # remi
        ("php-fpm", "/etc/php83/php-fpm.d/www.conf", (8, 3)),  # Alpine
        ("php-fpm", "/etc/php8/php-fpm.d/www.conf", (8,)),  # Alpine, minor unknown
        ("php-fpm", "/etc/php7/php-fpm.conf", (7,)),
        ("php-fpm", "/etc/opt/rh/rh-php73/php-fpm.conf", (7, 3)),
        ("php-fpm", "/docker/php8.2-fpm/www.conf", (8, 2)),
        ("php-fpm", "/docker/php-8.4/www.conf", (8, 4)),
        ("php-fpm", "/usr/local/etc/php/8.3/php-fpm.conf", (8, 3)),  # Homebrew
        ("pgbouncer.ini", "/opt/pgbouncer-1.24/pgbouncer.ini", (1, 24)),
    ],
)
def test_told_by_the_path(kind: str, path: str, number: tuple[int, ...]) -> None:
    version = found(kind, path)
    assert version.number == number
    assert version.why.startswith("from the path /")
    assert not version.assumed


@pytest.mark.parametrize(
    ("kind", "path", "newest"),
    [
        ("postgresql.conf", "/db/postgresql.conf", "19"),
        ("postgresql.conf", "/postgres2/postgresql.conf", "19"),
        ("postgresql.conf", "/etc/postgresql/main/postgresql.conf", "19"),
        ("postgresql.conf", "/pg/2024/postgresql.conf", "19"),
        ("php-fpm", "/usr/local/etc/php-fpm.d/www.conf", "8.5"),  # the Docker image, FreeBSD's ports
        ("php-fpm", "/etc/php-fpm.d/www.conf", "8.5"),
        ("php-fpm", "/php/3/www.conf", "8.5"),
        ("pgbouncer.ini", "/etc/pgbouncer/pgbouncer.ini", "1.26"),
    ],
)
def test_told_by_nothing(kind: str, path: str, newest: str) -> None:
    version = found(kind, path)
    assert (str(version), version.assumed) == (newest, True)
    assert version.why == "nothing tells the version; the newest known is taken"


def test_told_by_the_data_directory() -> None:
    files = {"srv/a/PG_VERSION": b"14\n", "srv/b/PG_VERSION": b"9.6\n", "srv/c/PG_VERSION": b"\xff?\n"}
    beside = found("postgresql.conf", "/srv/a/postgresql.conf", files)
    assert (beside.number, beside.why) == ((14,), "srv/a/PG_VERSION says 14")
    assert found("postgresql.conf", "/conf/postgresql.conf", files, "/srv/b").number == (9, 6)
    assert found("postgresql.conf", "/srv/c/postgresql.conf", files).assumed


def test_who_is_heard_first() -> None:
    command_line = {PHP: ServerVersion(PHP, (8, 1), "--php-version")}
    configured = {
        PHP: ServerVersion(PHP, (8, 2), "versions:"),
        POSTGRESQL: ServerVersion(POSTGRESQL, (13,), "versions:"),
    }
    root = MemoryTree({}).root("host", "")
    path = "/etc/php/8.3/fpm/php-fpm.conf"
    assert version_of("php-fpm", root, path, [command_line, configured]).number == (8, 1)
    assert version_of("php-fpm", root, path, [{}, configured]).number == (8, 2)
    path = "/etc/postgresql/16/main/pg_hba.conf"
    assert version_of("pg_hba.conf", root, path, [command_line, configured]).number == (13,)
