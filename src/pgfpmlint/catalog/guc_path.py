"""Paths as PostgreSQL keeps them: without doubled and trailing slashes, and without what leads back and forth."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion


def canonical(path: str, version: ServerVersion) -> str:
    """``a//b/../c/`` is ``a/c``; before PostgreSQL 15 only the end of a path was looked at, and it is ``a/b/../c``."""
    parts = [part for part in path.split("/") if part]
    lead = "/" if path.startswith("/") else ""
    parts = _resolved(parts, lead) if version.at_least(15) else _trimmed(parts, lead)
    return lead + "/".join(parts) or ("." if path else "")


def _resolved(parts: list[str], lead: str) -> list[str]:
    kept: list[str] = []
    for part in parts:
        if part == ".." and kept and kept[-1] != "..":
            kept.pop()
        elif part == ".." and lead:
            continue
        elif part != ".":
            kept.append(part)
    return kept


def _trimmed(parts: list[str], lead: str) -> list[str]:
    """Without the ``.`` and ``..`` at the end; each ``..`` takes a part with it, and comes back where none is left."""
    up = 0
    while parts:
        last = parts[-1]
        if last == "." and len(parts) == 1 and not lead:
            parts = [] if up else parts
            break
        if last not in (".", "..") and not up:
            break
        parts.pop()
        if last == "..":
            up += 1
        elif last != ".":
            up -= 1
            parts = parts or ([] if lead else ["."])
    return parts if lead else parts + [".."] * up
