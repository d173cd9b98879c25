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
    for entry in entries:
        path = entry.path
        for name, kind in CLIENTS.items():
            if not path.endswith(kind.ends) or not any(part in path for part in kind.parts):
                continue
            file = _file(entry, name, kind, machines) if path not in known and not excluded(path) else None
            if file is None:
                continue
            files.append(file)
            if not file.skipped:
                host, home = _home(file, kind, machines)
                groups.setdefault((name, host.prefix + "\0" + host.name, home), (host, []))[1].append(file.path)
    mains = [
        Main(name, host, tuple(sorted(own)), ServerVersion(name, (), ""), name, reader=CLIENTS[name].reader)
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
    line = content.placeholder(text)
    skipped = content.TEMPLATE.format(line) if line is not None else ""
    return FoundFile(entry.path, host, path, name, f"holds {mark}", skipped)


def _home(file: FoundFile, kind: ClientKind, machines: Machines) -> tuple[Host, str]:
    """The machine, or the folder with a file of ``kind.home`` that the file lies below and its own host."""
    folder = paths.folder(file.path) if kind.home else "/"
    while kind.home and not any(file.host.root.is_file(paths.join(folder, one)) for one in kind.home):
        if folder == paths.folder(folder):
            return file.host, "/"
        folder = paths.folder(folder)
    if not kind.home:
        return file.host, ""
    return machines.of(file.host.root.shown(paths.join(folder, kind.home[0])))[0], folder
