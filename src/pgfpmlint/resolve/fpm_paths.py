"""Where PHP-FPM looks for what a configuration names: its prefix, and the files that an include pattern matches."""

from __future__ import annotations

from pgfpmlint.source import paths
from pgfpmlint.source.tree import Root, Unreadable

_MAGIC = frozenset("*?[")


class NoSuchFolder(Exception):
    """A folder that a pattern wants listed is not there; FPM does not start then."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.folder = folder


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


def has_wildcards(pattern: str) -> bool:
    return not _MAGIC.isdisjoint(pattern)


def fixed_folder(pattern: str) -> str:
    """The folder up to which no part of the pattern has a wildcard."""
    parts = pattern.split("/")
    fixed = next((at for at, part in enumerate(parts) if has_wildcards(part)), len(parts) - 1)
    return paths.normal("/".join(parts[:fixed]))


def matches(root: Root, pattern: str) -> list[str]:
    """The files, not folders, that glob(3) finds for an absolute pattern, in byte order. May raise NoSuchFolder."""
    found = ["/"]
    parts = [part for part in pattern.split("/") if part]
    wild = False
    for at, part in enumerate(parts):
        if not has_wildcards(part):
            found = [paths.join(above, part) for above in found]
            if wild:
                found = [path for path in found if root.is_folder(path) or root.is_file(path)]
            continue
        listed: list[str] = []
        for above in found:
            try:
                names = root.names(above)
            except Unreadable as error:
                # Only a folder that is missing stops glob(3); a file in its place just has no names in it.
                if error.missing and not wild and not any(root.is_file(folder) for folder in _above(above)):
                    raise NoSuchFolder(above) from None
                continue
            listed += [paths.join(above, name) for name in names if fits(name, part)]
        found, wild = listed, True
        if not found:
            break
        if at < len(parts) - 1:
            found = [path for path in found if root.is_folder(path)]
    return sorted(
        (path for path in found if root.is_file(path)), key=lambda path: path.encode("utf-8", "surrogateescape")
    )


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


def _above(path: str) -> list[str]:
    """``path`` and the folders it lies in."""
    found = [path]
    while path != "/":
        path = paths.folder(path)
        found.append(path)
    return found


def is_below(path: str, folder: str) -> bool:
    """Whether ``path`` is the folder itself or lies in it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def fits(name: str, pattern: str) -> bool:
    """Whether a file's name fits one part of a pattern; a wildcard does not stand for a leading dot."""
    if name.startswith(".") and not pattern.startswith("."):
        return False
    lead, star, rest = pattern.partition("*")
    if star and not has_wildcards(lead + rest):
        return len(name) >= len(lead) + len(rest) and name.startswith(lead) and name.endswith(rest)
    from fnmatch import fnmatchcase

    return fnmatchcase(name, pattern.replace("[^", "[!"))
