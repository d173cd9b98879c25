"""Versions told by container files, and by the paths that a file itself names."""

from __future__ import annotations

import pytest

from pgfpmlint.discover.discovery import discover
from pgfpmlint.source.memory import MemoryTree

FPM = b"[www]\nuser = www\nlisten = 9000\npm = static\npm.max_children = 5\n"
POSTGRES = b"max_connections = 50\n"
BOUNCER = b"[databases]\n* = host=db\n[pgbouncer]\nlisten_addr = *\n"


def versions(files: dict[str, bytes]) -> dict[str, tuple[str, str]]:
    """The version of each server by the path of its file, and what is said of it."""
    return {main.path: (str(main.version), main.version.why) for main in discover(MemoryTree(files)).mains}


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("FROM php:8.3-fpm", "8.3"),
        ("FROM php:8.3.14-fpm-alpine3.20 AS base", "8.3.14"),
        ("from --platform=linux/amd64 docker.io/library/php:7.4-fpm@sha256:0123", "7.4"),
        ("FROM bitnami/php-fpm:8.2", "8.2"),
        ("FROM serversideup/php:8.4-fpm-nginx", "8.4"),
        ("FROM wordpress:6.5-php8.2-fpm-alpine", "8.2"),
        ("ARG PHP_VERSION=8.1\nFROM php:${PHP_VERSION}-fpm", "8.1"),
    ],
)
def test_php_of_a_dockerfile(line: str, version: str) -> None:
    (found,) = versions({"docker/php/www.conf": FPM, "docker/php/Dockerfile": f"# x\n{line}\n".encode()}).values()
    assert found[0] == version
    assert found[1].startswith("docker/php/Dockerfile:")


@pytest.mark.parametrize(
    "line",
    [
        "FROM php:fpm",
        "FROM php:8-fpm",
        "FROM php:8.3-cli",
        "FROM php:8.3-apache",
        "FROM debian:12",
        "FROM php:${V}-fpm",
    ],
)
def test_no_php_fpm_of_a_dockerfile(line: str) -> None:
    (found,) = versions({"docker/php/www.conf": FPM, "docker/php/Dockerfile": f"{line}\n".encode()}).values()
    assert found == ("8.5", "nothing tells the version; the newest known is taken")


@pytest.mark.parametrize(
    ("image", "version"),
    [
        ("postgres:16.2-alpine", "16.2"),
        ('"postgres:15"', "15"),
        ("postgis/postgis:16-3.4", "16"),
        ("timescale/timescaledb:2.14.2-pg14", "14"),
        ("pgvector/pgvector:0.7.0-pg17", "17"),
        ("bitnami/postgresql:15.3.0-debian-11-r7", "15.3"),
        ("postgres:${PG_TAG:-13}", "13"),
        ("registry.local:5000/team/postgres:14", "14"),
    ],
)
def test_postgresql_of_a_compose_file(image: str, version: str) -> None:
    compose = f"services:\n  db:\n    image: {image}\n".encode()
    (found,) = versions({"db/postgresql.conf": POSTGRES, "docker-compose.yml": compose}).values()
    assert found[0] == version
    assert found[1].startswith("docker-compose.yml:3 says ")


@pytest.mark.parametrize(
    "image",
    ["postgres", "postgres:latest", "postgres:${PG_TAG}", "timescale/timescaledb:2.14.2", "postgres-exporter:15"],
)
def test_no_postgresql_of_a_compose_file(image: str) -> None:
    compose = f"services:\n  db:\n    image: {image}\n".encode()
    (found,) = versions({"db/postgresql.conf": POSTGRES, "docker-compose.yml": compose}).values()
    assert found == ("19", "nothing tells the version; the newest known is taken")


def test_pgbouncer_of_a_compose_file() -> None:
    compose = b"services:\n  pooler:\n    image: edoburu/pgbouncer:v1.22.1-p0\n"
    (found,) = versions({"pgbouncer/pgbouncer.ini": BOUNCER, "compose.yaml": compose}).values()
    assert found == ("1.22.1", "compose.yaml:3 says edoburu/pgbouncer:v1.22.1-p0")


TWO = b"""\
services:
  old:
    image: postgres:13
    volumes:
      - ./old/postgresql.conf:/etc/postgresql.conf
  new:
    volumes:
      - ./new:/etc/postgresql
    image: postgres:17
"""


def test_the_service_that_mounts_the_file() -> None:
    found = versions({"old/postgresql.conf": POSTGRES, "new/postgresql.conf": POSTGRES, "compose.yml": TWO})
    assert {path: version for path, (version, _) in found.items()} == {
        "/old/postgresql.conf": "13",
        "/new/postgresql.conf": "17",
    }


def test_several_images_tell_nothing() -> None:
    (found,) = versions({"other/postgresql.conf": POSTGRES, "compose.yml": TWO}).values()
    assert found[0] == "19"
    assert found[1] == (
        "compose.yml:3 says postgres:13 and compose.yml:9 says postgres:17, so nothing tells which PostgreSQL it is; "
        "the newest known is taken"
    )


def test_the_nearest_folder_decides() -> None:
    files = {
        "a/b/postgresql.conf": POSTGRES,
        "a/Dockerfile": b"FROM postgres:14\n",
        "Dockerfile": b"FROM postgres:16\n",
    }
    (found,) = versions(files).values()
    assert found == ("14", "a/Dockerfile:1 says postgres:14")


def test_a_path_tells_before_an_image() -> None:
    files = {"postgresql/15/postgresql.conf": POSTGRES, "Dockerfile": b"FROM postgres:16\n"}
    (found,) = versions(files).values()
    assert found[0] == "15"


def test_paths_within_the_file() -> None:
    files = {
        "fpm/www.conf": FPM.replace(b"9000", b"/run/php/php8.2-fpm.sock"),
        "db/postgresql.conf": b"data_directory = '/var/lib/postgresql/14/main'\n# '/etc/postgresql/9.6/main'\n",
    }
    assert versions(files) == {
        "/fpm/www.conf": ("8.2", "fpm/www.conf:3 names /run/php/php8.2-fpm.sock"),
        "/db/postgresql.conf": ("14", "db/postgresql.conf:1 names /var/lib/postgresql/14/main"),
    }


def test_paths_that_disagree_tell_nothing() -> None:
    pool = FPM.replace(b"9000", b"/run/php/php8.2-fpm.sock") + b"slowlog = /var/log/php8.3-fpm.slow\n"
    (found,) = versions({"fpm/www.conf": pool}).values()
    assert found[0] == "8.5"
