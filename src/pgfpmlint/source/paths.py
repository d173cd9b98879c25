"""Machine paths as text: absolute, ``/``-separated, never above ``/``."""

from __future__ import annotations


def normal(path: str) -> str:
    """``path`` without ``.``, ``..`` and doubled slashes; ``..`` at ``/`` stays there, as it does for a server."""
    if path.startswith("/") and "//" not in path and "/." not in path and not path.endswith("/"):
        return path
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)


def folder(path: str) -> str:
    """The folder that holds ``path``."""
    return path.rpartition("/")[0] or "/"


def name(path: str) -> str:
    return path.rpartition("/")[2]


def join(base: str, path: str) -> str:
    """``path`` as seen from the folder ``base``: itself when it is absolute."""
    return normal(path if path.startswith("/") else f"{base}/{path}")


def shown(path: str, where: str) -> str:
    """The absolute ``path`` as people see it from the folder ``where``: relative to it below it, ``""`` for itself."""
    lead = where.rstrip("/") + "/"
    if path.startswith(lead):
        return path[len(lead) :]
    return "" if path == where else path


def plain(path: str) -> str:
    """A socket's path as the system sees it: /var/run is /run (FHS 3.0, 5.13)."""
    return path.removeprefix("/var") if path.startswith("/var/run/") else path
