"""What a change of files touches: the machines that they belong to, and all that are linked with these.

A finding may follow from lines on several machines, so one that a change brings about need not stand in a changed
file. It stands on a machine that a changed file belongs to, or on one that connections join with it, however many lie
between.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pgfpmlint.config.lookup import FILE_NAME
from pgfpmlint.discover.found import Discovery
from pgfpmlint.discover.images import is_container_file
from pgfpmlint.model.link import Links
from pgfpmlint.source import paths
from pgfpmlint.source.text import Place


class Change:
    """The ``changed`` files of a tree, by their shown paths; of one that the tree holds no more, too.

    ``rule_folders`` hold rules of an organisation's own. They and the configuration are about every machine, so where
    they change everything is touched."""

    def __init__(
        self, changed: Iterable[str], found: Discovery, links: Links, rule_folders: Iterable[str] = ()
    ) -> None:
        self._changed = frozenset(changed)
        self._hosts = {file.shown: file.host.name for file in found.files}
        self._roots = _roots(found)
        self._below = _below(self._hosts)
        folders = tuple(f"{folder.rstrip('/')}/" for folder in rule_folders)
        self._everything = any(
            paths.name(path) == FILE_NAME or path.startswith(folders) for path in self._changed if path
        )
        self._touched = _joined({host for path in self._changed for host in self._hosts_of(path)}, links)

    def touches(self, places: Iterable[Place]) -> bool:
        """Whether one of the places is in a changed file, or on a machine that the change touches."""
        return self._everything or any(
            place.path in self._changed or self._host(place.path) in self._touched for place in places
        )

    def _host(self, path: str) -> str | None:
        """The machine of a file; None where it belongs to none, or nothing tells to which."""
        if path in self._hosts:
            return self._hosts[path]
        return next((self._roots[folder] for folder in _above(path) if folder in self._roots), None)

    def _hosts_of(self, path: str) -> Iterator[str]:
        """The machines that a changed file is about: a Dockerfile tells the versions of all files beside and below it,
        a file that is gone may have been of the machine whose files lie beside it, and git knows another repository
        below this one as one path."""
        host = self._host(path)
        if host is not None:
            yield host
        folder = path.rpartition("/")[0]
        if is_container_file(paths.name(path).lower()) or (host is None and folder):
            yield from self._below.get(folder, ())
        yield from self._below.get(path, ())


def _below(hosts: Mapping[str, str]) -> dict[str, set[str]]:
    """The machines whose files lie in a folder or below it."""
    found: dict[str, set[str]] = {}
    for path, name in hosts.items():
        for folder in _above(path):
            found.setdefault(folder, set()).add(name)
    return found


def _roots(found: Discovery) -> dict[str, str]:
    """Machines by the folder that stands for their ``/``, where it stands for one machine's only."""
    names: dict[str, set[str]] = {}
    for file in found.files:
        names.setdefault(file.host.prefix, set()).add(file.host.name)
    return {prefix: name for prefix, (name, *others) in names.items() if not others}


def _above(path: str) -> Iterator[str]:
    """The folders that hold a file, innermost first, as people see them; the working directory is ``""``."""
    while "/" in path.rstrip("/"):
        path = path.rpartition("/")[0]
        yield path or "/"
    yield ""


def _joined(hosts: set[str], links: Links) -> set[str]:
    """The hosts, and those that connections join with them."""
    beside: dict[str, set[str]] = {}
    for link in links.known:
        client, server = link.client.host.name, link.server.host.name
        beside.setdefault(client, set()).add(server)
        beside.setdefault(server, set()).add(client)
    reached, waiting = set(hosts), list(hosts)
    while waiting:
        for host in beside.get(waiting.pop(), set()) - reached:
            reached.add(host)
            waiting.append(host)
    return reached
