"""What container files say of versions: the images that they name, and what their tags mean.

What an image says only at run time (``latest``, a variable without a default) tells nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgfpmlint.catalog.version import PGBOUNCER, PHP, POSTGRESQL
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Source

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


class Image(NamedTuple):
    """A version that an image's tag names. ``block`` is the text of the service or build stage that it stands in."""

    number: Number
    where: str
    block: str


def named_in(source: Source) -> Iterator[tuple[str, Image]]:
    """Each image of a known product in a Dockerfile or compose file, with the product."""
    for at, line, reference in _references(source.text):
        known = _version(reference)
        if known is not None:
            product, number = known
            yield product, Image(number, f"{source.path}:{at + 1} says {reference}", _block(source.text, line))


def _references(text: str) -> Iterator[tuple[int, int, str]]:
    """Each image that a container file names: the line's number from 0, its offset, and the image's reference."""
    defaults: dict[str, str] = {}
    offset = 0
    for at, line in enumerate(text.splitlines(keepends=True)):
        words = line.split()
        if words[:1] == ["ARG"] and len(words) > 1 and "=" in words[1]:
            name, _, value = words[1].partition("=")
            defaults[name] = value.strip("\"'")
        elif words[:1] and words[0].upper() == "FROM":
            named = [word for word in words[1:] if not word.startswith("--")]
            if named:
                yield at, offset, _filled(named[0], defaults)
        elif words[:1] in (["image:"], ["-image:"]) and len(words) > 1:
            yield at, offset, _filled(words[1].strip("\"'"), {})
        offset += len(line)


def _filled(reference: str, defaults: dict[str, str]) -> str:
    """With each ``${NAME}``, ``$NAME`` and ``${NAME:-default}`` that the file itself gives a value."""

    def value(match: re.Match[str]) -> str:
        name, default = match[1] or match[3], match[2]
        return defaults.get(name) or default or match[0]

    return re.sub(r"\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))", value, reference) if "$" in reference else reference


def _block(text: str, offset: int) -> str:
    """The lines around ``offset`` that are indented as far as its own, or further: one compose service."""
    lines = text[offset:].splitlines()
    depth = _depth(lines[0])
    if not depth:
        return lines[0]
    found = [lines[0]]
    for line in lines[1:]:
        if line.strip() and _depth(line) < depth:
            break
        found.append(line)
    for line in reversed(text[:offset].splitlines()):
        if line.strip() and _depth(line) < depth:
            break
        found.append(line)
    return "\n".join(found)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _version(reference: str) -> tuple[str, Number] | None:
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
