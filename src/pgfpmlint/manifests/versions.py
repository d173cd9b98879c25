"""Versions as manifests tell them: in the names of folders, and in the tags of images."""

from __future__ import annotations


def of_path(path: str) -> tuple[int, ...] | None:
    """``(16,)`` of ``/usr/lib/postgresql/16/bin`` and ``/usr/pgsql-16/bin``."""
    above = ""
    for folder in path.split("/"):
        for name in ("postgresql", "pgsql", "postgres", "pg"):
            rest = folder.removeprefix(name).lstrip("-@") if folder.startswith(name) else ""
            number = _number(rest) or (_number(folder) if above == name else None)
            if number is not None and 8 <= number[0] <= 40:
                return number
        above = folder
    return None


def of_tag(image: str) -> tuple[int, ...] | None:
    """``(18, 6)`` of ``ghcr.io/cloudnative-pg/postgresql:18.6-system-trixie``, ``(1, 21)`` of
    ``crunchy-pgbouncer:ubi8-1.21-3``; None for what tells no number."""
    tag = image.partition("@")[0].rpartition("/")[2].partition(":")[2]
    first, *others = tag.removeprefix("v").split("-")
    numbers = [_number(first), *(_number(one) for one in others if "." in one)]
    return next((number for number in numbers if number is not None), None)


def _number(text: str) -> tuple[int, ...] | None:
    parts = text.split(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts):
        return None
    return tuple(map(int, parts))
