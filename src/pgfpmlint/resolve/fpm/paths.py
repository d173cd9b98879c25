"""Where PHP-FPM looks for what a configuration names."""

from __future__ import annotations

from pgfpmlint.source import paths
from pgfpmlint.source.tree import Root, Unreadable


def prefix(path: str) -> str:
    """PHP_PREFIX of the build that reads the configuration file ``path``, as packages set it.

    ``/usr/local/etc`` is that of the Docker images and of FreeBSD's ports; Debian, Red Hat and Alpine use ``/usr``.
    """
    above, found, _ = path.rpartition("/etc/")
    return above if found and above else "/usr"


def state_folder(path: str) -> str:
    """PHP_LOCALSTATEDIR of that build, below which pid and error_log are; ``var`` below a prefix of its own."""
    own = prefix(path)
    return "/var" if own == "/usr" else f"{own}/var"


def include_pattern(pattern: str, path: str) -> str:
    """The pattern as a machine path. A relative one is below the prefix, wherever the including file ``path`` is.

    ``NONE`` stands for the prefix in php-fpm.conf.default, which is no configuration yet: the Docker images make
    theirs from it by taking the word away.
    """
    if path.endswith(".default"):
        pattern = pattern.removeprefix("NONE/")
    return pattern if pattern.startswith("/") else f"{prefix(path)}/{pattern}"


def full(path: str, folder: str) -> str:
    """``path`` below ``folder`` unless it is absolute: fpm_evaluate_full_path() in fpm_conf.c."""
    return path if path.startswith("/") else f"{folder}/{path}"


def is_socket(address: str) -> bool:
    """Whether ``listen`` names a socket file: fpm_sockets_domain_from_address() in fpm_sockets.c."""
    return ":" not in address and bool(address.strip("0123456789"))


def locked(root: Root, folder: str) -> str:
    """Why a folder that is there can't be listed; empty where it can."""
    try:
        if root.is_folder(folder):
            root.names(folder)
    except Unreadable as error:
        return error.why
    return ""


def siblings(root: Root, folder: str) -> list[str]:
    """The folders that lie where ``folder`` would."""
    above = paths.folder(folder)
    names = root.names(above) if root.is_folder(above) else []
    return [path for path in (paths.join(above, name) for name in names) if root.is_folder(path)]


def is_below(path: str, folder: str) -> bool:
    """Whether ``path`` is the folder itself or lies in it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")
