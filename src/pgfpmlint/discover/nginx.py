"""nginx beside PHP-FPM: the files that say which requests are passed where.

Looked for only where a PHP-FPM is found, by folder (/etc/nginx with sites-enabled, or whatever a repository calls
nginx) and by what they hold: ``fastcgi_pass``. A file that no nginx.conf here includes is read on its own, as a part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pgfpmlint.discover import content, names
from pgfpmlint.discover.found import FoundFile, Host, Main
from pgfpmlint.discover.hosts import Machines
from pgfpmlint.discover.names import NGINX
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve import nginx
from pgfpmlint.resolve.nginx import NginxReading
from pgfpmlint.source import paths
from pgfpmlint.source.tree import Entry, Unreadable

MARK, PROXY = "fastcgi_pass", "proxy_pass"
ENABLED = ("sites-enabled", "vhosts.d", "vhosts")
"""Folders in which files need no extension."""


class WebServers(NamedTuple):
    """Every nginx that passes requests to FastCGI, those that may stand before such ones, and their files. ``scripts``
    are the folders, as machine paths, whose PHP files they ask for."""

    files: list[FoundFile]
    mains: list[Main]
    scripts: list[tuple[Host, str]]


def web_servers(
    entries: Iterable[Entry], machines: Machines, excluded: Callable[[str], object], known: set[str]
) -> WebServers:
    """``known`` are shown paths of files of other kinds."""
    files: dict[tuple[str, str], FoundFile] = {}
    before: list[tuple[FoundFile, NginxReading, bool]] = []
    for entry in entries:
        if "nginx" in entry.path and entry.path not in known and _may_be(entry.path) and not excluded(entry.path):
            host, path = machines.of(entry.path)
            if not entry.unreadable and not names.is_idle(path):
                files[host.prefix, path] = FoundFile(entry.path, host, path, NGINX, "")
    found: list[FoundFile] = []
    mains: list[Main] = []
    scripts: list[tuple[Host, str]] = []
    taken: set[tuple[str, str]] = set()
    for key, file in sorted(files.items(), key=lambda item: not _is_main(item[0][1])):
        if key in taken:
            continue
        text = _text(file)
        asks, proxies = MARK in text, PROXY in text
        line = content.placeholder(text) if asks or (proxies and not _is_main(file.path)) else None
        if line is not None and asks:
            found.append(file._replace(why=f"holds {MARK}", skipped=content.TEMPLATE.format(line)))
        elif line is None and (_is_main(file.path) or asks or proxies):
            fragment = not _has_http(text)
            reading = nginx.read(file.host.root, file.path, fragment=fragment)
            taken.update((file.host.prefix, name) for name in reading.names)
            if reading.passings:
                found += [one for one in _told(file, reading) if one.shown not in known]
                mains.append(_main(file, fragment))
                folders = {passing.scripts.text for passing in reading.passings if passing.scripts is not None}
                scripts += [(file.host, folder) for folder in sorted(folders)]
            elif reading.proxies:
                before.append((file, reading, fragment))
    for file, reading, fragment in before if mains else ():
        found += [one for one in _told(file, reading) if one.shown not in known]
        mains.append(_main(file, fragment))
    return WebServers(found, mains, scripts)


def _main(file: FoundFile, fragment: bool) -> Main:
    return Main(NGINX, file.host, (file.path,), nginx.VERSION, NGINX, fragment)


def _told(file: FoundFile, reading: NginxReading) -> Iterator[FoundFile]:
    """The file itself, and those that it includes and that say something of interest."""
    for document in reading.reading.documents:
        directive = MARK if reading.passings else PROXY
        why = f"passes requests with {directive}" if document.path == file.path else f"included by {file.shown}"
        yield FoundFile(document.source.path, file.host, document.path, NGINX, why)


def _may_be(path: str) -> bool:
    *folders, name = path.split("/")
    above = folders[-1] if folders else ""
    if name.endswith(".conf"):
        return True
    return above in ENABLED and (
        "." not in name or name.rpartition(".")[2] not in ("bak", "dpkg-dist", "dpkg-old", "md")
    )


def _is_main(path: str) -> bool:
    return paths.name(path) == "nginx.conf"


def _has_http(text: str) -> bool:
    """Whether it is a whole configuration: one with a block for http."""
    return any(line.split()[:2] in (["http", "{"], ["http{"]) or line.strip() == "http" for line in text.splitlines())


def _text(file: FoundFile) -> str:
    try:
        return file.host.root.read(file.path).text
    except Unreadable:
        return ""
