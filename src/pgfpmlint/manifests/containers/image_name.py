"""What an image's reference says: whose it is, what it runs, and in which version."""

from __future__ import annotations

import re

from pgfpmlint.catalog.version import PGBOUNCER, PHP, POSTGRESQL, ServerVersion
from pgfpmlint.manifests.strand import Strand
from pgfpmlint.record import NamedTuple

DOCKER_HUB = ("docker.io/", "index.docker.io/", "registry-1.docker.io/", "mirror.gcr.io/")
MIRRORS = ("public.ecr.aws/docker/",)
LIBRARY = "library/"
BITNAMI = ("bitnami", "bitnamilegacy", "bitnamisecure")

# The repositories' own names: https://hub.docker.com/_/postgres, bitnami/postgresql, postgis/postgis,
# timescale/timescaledb(-ha), pgvector/pgvector; https://hub.docker.com/_/php, bitnami/php-fpm, serversideup/php.
POSTGRES_IMAGES = (
    "postgres",
    "postgresql",
    "postgresql-repmgr",
    "postgis",
    "pgvector",
    "timescaledb",
    "timescaledb-ha",
)
PHP_IMAGES = ("php", "php-fpm")

Number = tuple[int, ...]


class ImageName(NamedTuple):
    """``repository`` is as Docker Hub has it (``postgres``, ``bitnami/pgbouncer``); empty for what is not known to be
    there. ``name`` is the last part of it, whosever it is."""

    repository: str
    name: str
    tag: str


def parsed(text: str) -> ImageName:
    """The parts of ``docker.io/library/postgres:16-alpine@sha256:…``."""
    reference = text.partition("@")[0]
    repository, colon, tag = reference.rpartition(":")
    if not colon or "/" in tag:
        repository, tag = reference, ""
    for start in (*DOCKER_HUB, *MIRRORS):
        repository = repository.removeprefix(start)
    repository = repository.removeprefix(LIBRARY).lower()
    first = repository.partition("/")[0]
    known = "" if "." in first or ":" in first or first == "localhost" or "$" in repository else repository
    return ImageName(known, repository.rpartition("/")[2], tag)


def version(product: str, image: Strand | None) -> dict[str, ServerVersion]:
    """The version that the tag names, by product; nothing where it names none."""
    if image is None:
        return {}
    told = version_of_tag(image.text)
    if told is None or told[0] != product:
        return {}
    place = image.place
    return {product: ServerVersion(product, told[1], f"{place.path}:{place.line} says {image.text}")}


def version_of_tag(reference: str) -> tuple[str, Number] | None:
    """``("php", (8, 3))`` of ``docker.io/library/php:8.3-fpm-alpine@sha256:…``."""
    repository, _, tag = reference.partition("@")[0].rpartition(":")
    name = repository.rpartition("/")[2].lower()
    if not name or "/" in tag or "$" in reference:
        return None
    if "pgbouncer" in name:
        number = _leading(tag.removeprefix("v"))
        return (PGBOUNCER, number) if number and number[0] == 1 and len(number) > 1 else None
    if name in PHP_IMAGES or re.search(r"(?:^|-)fpm", tag):
        found = re.search(r"(?:^|php-?)([578]\.\d+(?:\.\d+)?)" if name in PHP_IMAGES else r"php-?([578]\.\d+)", tag)
        is_fpm = name == "php-fpm" or "fpm" in tag
        return (PHP, tuple(map(int, found[1].split(".")))) if found and is_fpm else None
    if name in POSTGRES_IMAGES:
        found = re.search(r"(?:^|-)pg-?(\d{2})(?!\d)", tag)
        number = (int(found[1]),) if found else None if name.startswith("timescaledb") else _leading(tag)
        return (POSTGRESQL, number[:2]) if number and 8 <= number[0] <= 40 else None
    return None


def _leading(tag: str) -> Number | None:
    """``(16, 2)`` of ``16.2-alpine``."""
    found = re.match(r"\d+(?:\.\d+)*", tag)
    return tuple(map(int, found[0].split("."))) if found and len(found[0]) < 12 else None
