"""PHP applications whose configuration says where their workers connect, and the files that say it.

Repositories hold thousands of PHP files: only those in the places that Laravel and Symfony give them are looked at, in
folders that hold an application, and what a pool's own lines lead to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pgfpmlint.discover.found import Application, Host
from pgfpmlint.discover.hosts import Machines
from pgfpmlint.discover.names import APPLICATION_MARKS, DOCTRINE, ENV, FPM, INDEX, PHP
from pgfpmlint.discover.servers import Servers
from pgfpmlint.resolve.application.files import ApplicationFiles
from pgfpmlint.source import paths
from pgfpmlint.source.tree import Entry, Root, Unreadable

ROOTS = ("artisan", "symfony.lock", "composer.json", "bin/console")
"""What lies at an application's root."""

DOCTRINE_FILES = ("config/packages/doctrine.yaml", "config/packages/prod/doctrine.yaml")
PARAMETER_FILES = ("config/services.yaml", "config/services_prod.yaml", "config/parameters.yaml")
CACHED = "bootstrap/cache/config.php"

NO_CONFIGURATION = frozenset({
    "bak", "default", "dist", "dusk", "encrypted", "example", "old", "orig", "php", "sample", "stub", "swp", "template",
    "test", "testing", "tpl",
})  # fmt: skip
"""Words in the name of a .env file that no worker of a pool reads."""

TELLING = ("chdir", "chroot", "env", "php_admin_value", "php_value")
"""Directives of a pool whose value may be the path of its application."""

DEEPEST = 3
"""How many folders above a pool's path its application's root may be: /srv/shop for /srv/shop/web/public."""


def applications(
    servers: Servers, machines: Machines, entries: Iterable[Entry], scripts: Iterable[tuple[Host, str]] = ()
) -> tuple[Application, ...]:
    """All that may belong to the pools of ``servers``. ``scripts`` are folders whose PHP a web server asks for."""
    found: dict[tuple[str, str], tuple[Host, list[str]]] = {}
    for path, folder in marked(entries):
        host, inner = machines.of(path)
        own = paths.normal(inner[: len(inner) - len(path) + len(folder)])
        if root_of(host.root, own, 0) is not None:
            found.setdefault((host.prefix, own), (host, []))
    for file in list(servers.files.values()):
        if file.kind == FPM and not file.skipped and not file.unreadable:
            for path in told_by(file.host.root.read(file.path).text):
                told = root_of(file.host.root, path, DEEPEST)
                if told is not None:
                    found.setdefault((file.host.prefix, told), (file.host, []))
                elif path.endswith(".php") and file.host.root.is_file(path):
                    found.setdefault((file.host.prefix, paths.folder(path)), (file.host, []))[1].append(path)
        elif file.kind in (ENV, PHP, DOCTRINE) and not file.skipped and not file.unreadable:
            told = root_of(file.host.root, file.path, DEEPEST) or paths.folder(file.path)
            found.setdefault((file.host.prefix, told), (file.host, []))[1].append(file.path)
    for host, asked in scripts:
        told, index = root_of(host.root, asked, DEEPEST), f"{asked.rstrip('/')}/{INDEX}"
        named = found.setdefault((host.prefix, told), (host, []))[1] if told is not None else None
        if host.root.is_file(index) and (told is None or not _has_framework(host.root, told)):
            named = named if named is not None else found.setdefault((host.prefix, paths.normal(asked)), (host, []))[1]
            named.append(index)
    return tuple(
        Application(prefix, host.root, host.root.shown(folder), taken)
        for (prefix, folder), (host, named) in sorted(found.items())
        if (taken := _taken(servers, host, folder, named)) is not None
    )


def _taken(servers: Servers, host: Host, folder: str, named: list[str]) -> ApplicationFiles | None:
    """The files of an application that may be read."""
    kinds = {path: servers.files[key].kind for path in named if (key := (host.prefix, path)) in servers.files}
    files = files_of(host.root, folder)
    files = files._replace(
        envs=files.envs + tuple(path for path in named if kinds.get(path) == ENV and path not in files.envs),
        doctrine=files.doctrine + tuple(path for path in named if kinds.get(path) == DOCTRINE),
        code=tuple(path for path in named if kinds.get(path, PHP) == PHP and path != files.laravel),
    )
    if files.code:
        from pgfpmlint.resolve.application.php_includes import with_included

        files = files._replace(code=with_included(host.root, files.code))
    why = f"of the application in {host.root.shown(folder) or 'this folder'}"

    def adopted(listed: Iterable[str], kind: str) -> tuple[str, ...]:
        return tuple(path for path in listed if servers.adopt(host, path, kind, why))

    files = files._replace(
        envs=adopted(files.envs, ENV),
        laravel=next(iter(adopted((files.laravel,), PHP)), None) if files.laravel else None,
        cached=next(iter(adopted((files.cached,), PHP)), None) if files.cached else None,
        doctrine=adopted(files.doctrine, DOCTRINE),
        code=adopted(files.code, PHP),
        parameters=adopted(files.parameters, DOCTRINE),
    )
    return files if files.all else None


def _has_framework(root: Root, folder: str) -> bool:
    """Whether its front controller says nothing of connections, for its configuration does."""
    return any(root.is_file(f"{folder.rstrip('/')}/{name}") for name in ROOTS if name != "composer.json")


def marked(entries: Iterable[Entry]) -> Iterator[tuple[str, str]]:
    """Entries that tell of an application: their path, and the folder that would be its root."""
    for entry in entries:
        path = entry[0]
        if path.endswith(APPLICATION_MARKS):
            mark = next(mark for mark in APPLICATION_MARKS if path.endswith(mark))
            folder = path[: -len(mark)]
            if not folder or folder.endswith("/"):
                yield path, folder


def told_by(text: str) -> Iterator[str]:
    """Absolute paths in the lines of a pool's file that may lead to its application."""
    for word in TELLING:
        at = text.find(word)
        while at >= 0:
            start = text.rfind("\n", 0, at) + 1
            end = text.find("\n", at) if text.find("\n", at) >= 0 else len(text)
            if not text[start:at].strip():
                value = text[at:end].partition("=")[2].partition(";")[0].strip().strip("'\"")
                yield from (one for one in value.split(":") if one.startswith("/") and one.strip("/"))
            at = text.find(word, end)


def root_of(root: Root, path: str, above: int) -> str | None:
    """The folder of the application that a path lies in, at most so many folders above it."""
    folder = paths.normal(path)
    for _ in range(above + 1):
        if any(root.is_file(f"{folder.rstrip('/')}/{name}") for name in ROOTS):
            return folder
        if folder == "/":
            return None
        folder = paths.folder(folder)
    return None


def files_of(root: Root, folder: str) -> ApplicationFiles:
    """What an application's root holds for us."""
    lead = folder.rstrip("/")
    try:
        names = root.names(folder)
    except Unreadable:
        return ApplicationFiles(folder)
    envs = tuple(f"{lead}/{name}" for name in names if _is_env(name) and root.is_file(f"{lead}/{name}"))

    def there(name: str) -> str | None:
        return f"{lead}/{name}" if root.is_file(f"{lead}/{name}") else None

    def listed(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(path for name in names if (path := there(name)) is not None)

    is_laravel = "artisan" in names
    doctrine = listed(DOCTRINE_FILES)
    return ApplicationFiles(
        folder,
        envs,
        there("config/database.php") if is_laravel else None,
        there(CACHED) if is_laravel else None,
        doctrine,
        parameters=listed(PARAMETER_FILES) if doctrine else (),
    )


def _is_env(name: str) -> bool:
    words = name.split(".")
    return words[:2] == ["", "env"] and len(words) <= 4 and NO_CONFIGURATION.isdisjoint(words) and name[-1] != "~"
