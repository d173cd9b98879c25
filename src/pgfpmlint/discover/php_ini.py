"""Where a PHP's php.ini and its further .ini files lie, as packages lay them out.

Told from the folder of php-fpm.conf or of the pools: Debian has /etc/php/8.3/fpm/php.ini and conf.d beside it, Red Hat
/etc/php.ini and /etc/php.d, Remi's collections both below /etc/opt, Alpine /etc/php83/php.ini and conf.d, the official
Docker images /usr/local/etc/php/php.ini and conf.d, FreeBSD /usr/local/etc/php.ini and /usr/local/etc/php.
https://www.php.net/manual/en/configuration.file.php
"""

from __future__ import annotations

from pgfpmlint.discover.names import POOL_FOLDERS
from pgfpmlint.source import paths
from pgfpmlint.source.tree import Root, Unreadable

MAIN = ("php-fpm-fcgi.ini", "php.ini")
"""The first that is there: PHP looks for a file of its server interface's own before the general one."""

LOCAL = "/usr/local/etc"
BESIDE = ("conf.d", "php.d", "ext-active")


def of_fpm(root: Root, path: str) -> tuple[str, ...]:
    """The .ini files that the PHP of the FPM master at ``path`` (php-fpm.conf, or a pool's file) reads, in order."""
    folder = paths.folder(path)
    if paths.name(folder) in POOL_FOLDERS:
        folder = paths.folder(folder)
    if folder == LOCAL or folder.endswith(LOCAL):
        own = _main(root, f"{folder}/php")
        return own + _listed(root, f"{folder}/php/conf.d") or _main(root, folder) + _listed(root, f"{folder}/php")
    if not ("/etc/" in f"{folder}/" or "php" in paths.name(folder)):
        return ()  # a folder of a repository that may hold anybody's conf.d
    return of_folder(root, folder)


def of_folder(root: Root, folder: str) -> tuple[str, ...]:
    """The php.ini in a folder, and what goes with it."""
    for name in BESIDE:
        further = _listed(root, f"{folder}/{name}")
        if further:
            return _main(root, folder) + further
    return _main(root, folder) + (_listed(root, f"{paths.folder(folder)}/conf.d") if _is_interface(folder) else ())


def is_main(path: str) -> bool:
    return paths.name(path) in MAIN


def _is_interface(folder: str) -> bool:
    """Whether it is named after a server interface: openSUSE keeps /etc/php8/fpm/php.ini and /etc/php8/conf.d."""
    return paths.name(folder) in ("fpm", "cli", "apache2", "fastcgi")


def _main(root: Root, folder: str) -> tuple[str, ...]:
    return next(((path,) for name in MAIN if root.is_file(path := f"{folder}/{name}".replace("//", "/"))), ())


def _listed(root: Root, folder: str) -> tuple[str, ...]:
    """The .ini files of a folder, in PHP's order: that of their bytes."""
    try:
        names = root.names(folder)
    except Unreadable:
        return ()
    return tuple(f"{folder}/{name}" for name in names if name.endswith(".ini") and root.is_file(f"{folder}/{name}"))


# Where distributions keep one file per loaded extension, seen from the folder of php-fpm.conf or the pool files:
# Debian /etc/php/8.3/fpm/conf.d, Red Hat /etc/php.d, Alpine /etc/php83/conf.d.
EXTENSION_FOLDERS = ("conf.d", "../conf.d", "../php.d", "php.d")
LOADS_EXTENSIONS = ("-pdo.ini", "-opcache.ini", "-ctype.ini", "00_pdo.ini")


def speaks_postgres(root: Root, path: str) -> bool | None:
    """Whether PHP loads pgsql or pdo_pgsql; None where the tree doesn't show what it loads."""
    for folder in EXTENSION_FOLDERS:
        try:
            names = root.names(paths.join(paths.folder(path), folder))
        except Unreadable:
            continue
        if any("pgsql" in name for name in names):
            return True
        if any(name.endswith(LOADS_EXTENSIONS) for name in names):
            return False
    return None
