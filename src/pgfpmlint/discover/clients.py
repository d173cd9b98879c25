"""Clients of PostgreSQL that are no PHP-FPM: files that say how many processes connect, and how often.

Looked for only beside a server of ours. A further kind is one line of `names.CLIENTS`, and a module with
``read(root, paths) -> ClientReading | None`` (`resolve.workers`), which is given the files of one machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.discover import content, names
from pgfpmlint.discover.found import FoundFile, Host, Main
from pgfpmlint.discover.hosts import Machines
from pgfpmlint.discover.names import CLIENTS, ClientKind
from pgfpmlint.source import paths
from pgfpmlint.source.tree import Entry, Unreadable


def clients(
    entries: Iterable[Entry], machines: Machines, excluded: Callable[[str], object], known: set[str]
) -> tuple[list[FoundFile], list[Main]]:
    """The files of every kind, and what is read together. ``known`` are shown paths of files of other kinds."""
    files: list[FoundFile] = []
    groups: dict[tuple[str, str, str], tuple[Host, list[str]]] = {}
    homes = {name: _homes(entries, kind, machines) for name, kind in CLIENTS.items() if kind.home is not None}
    for entry in entries:
        path = entry.path
        for name, kind in CLIENTS.items():
            if not path.endswith(kind.ends) or not any(part in path for part in kind.parts):
                continue
            home = _home(path, homes[name]) if kind.home is not None else ""
            if home is None or path in known or excluded(path):
                continue
            file = _file(entry, name, kind, machines)
            if file is None:
                continue
            files.append(file)
            if not file.skipped:
                host, first = machines.of(home) if home else (file.host, "")
                key = (name, host.prefix + "\0" + host.name, home)
                groups.setdefault(key, (host, [first] if first else []))[1].append(file.path)
    mains = [
        Main(name, host, (*own[:1], *sorted(own[1:])), ServerVersion(name, (), ""), name, reader=CLIENTS[name].reader)
        for (name, _, _), (host, own) in groups.items()
    ]
    return files, mains


def _file(entry: Entry, name: str, kind: ClientKind, machines: Machines) -> FoundFile | None:
    host, path = machines.of(entry.path)
    if entry.unreadable or names.is_idle(path):
        return None
    try:
        text = host.root.head(path)
    except Unreadable:
        return None
    mark = next((mark for mark in kind.marks if mark in text), None)
    if mark is None:
        return None
    line = content.placeholder(text) if kind.home is None else None  # code may well hold {{ and }}
    skipped = content.TEMPLATE.format(line) if line is not None else ""
    return FoundFile(entry.path, host, path, name, f"holds {mark}", skipped)


def _homes(entries: Iterable[Entry], kind: ClientKind, machines: Machines) -> dict[str, str | None]:
    """By folder, with a slash at its end: the file that makes it a home of that kind, None where it makes it one of
    another."""
    found: dict[str, str | None] = {}
    name, word = kind.home or ("", "")
    for entry in entries:
        if entry.path.endswith(name) and paths.name(entry.path) == name and not entry.unreadable:
            host, path = machines.of(entry.path)
            try:
                found[entry.path[: -len(name)]] = entry.path if word in host.root.head(path) else None
            except Unreadable:
                continue
    return found if any(found.values()) else {}


def _home(path: str, homes: dict[str, str | None]) -> str | None:
    """The home of the innermost folder that is one."""
    while homes and path:
        path = path[: path.rfind("/", 0, -1) + 1]
        if path in homes:
            return homes[path]
    return None
