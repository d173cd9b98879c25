"""Many hosts' facts as one tree: ``web:/etc/php/8.3/fpm/pool.d/www.conf``."""

from __future__ import annotations

import os
from collections.abc import Sequence

from pgfpmlint.config import Config, HostConfig
from pgfpmlint.facts.host import FactsError, HostFacts, read
from pgfpmlint.source.memory import MemoryRoot, MemoryTree
from pgfpmlint.source.text import Place, Source
from pgfpmlint.source.tree import Entry, Unreadable


class Fleet(MemoryTree):
    """The files that the facts hold. What they do not hold may be there all the same."""

    def __init__(self, hosts: Sequence[HostFacts]) -> None:
        files = {
            f"{host.name}:{path}": text.encode("utf-8", "surrogateescape")
            for host in hosts
            for path, text in (*host.files.items(), *((path, "") for path in host.there))
        }
        super().__init__(files)
        self.where = os.getcwd()
        self._closed = {f"{host.name}:{path}": why for host in hosts for path, why in host.closed.items()}

    def files(self) -> list[Entry]:
        found = {entry.path: entry for entry in super().files()}
        found |= {path: Entry(path, unreadable=why) for path, why in self._closed.items()}
        return [found[path] for path in sorted(found)]

    def root(self, name: str, prefix: str, *, complete: bool = False) -> MemoryRoot:
        return FleetRoot(name, prefix, self._files, self._closed)


class FleetRoot(MemoryRoot):
    def __init__(self, name: str, prefix: str, files: dict[str, bytes], closed: dict[str, str]) -> None:
        super().__init__(name, prefix, files)
        self._closed = closed

    def read(self, path: str) -> Source:
        why = self._closed.get(self.shown(path))
        if why is not None:
            raise Unreadable(why)
        return super().read(path)

    def is_file(self, path: str) -> bool:
        return super().is_file(path) or self.shown(path) in self._closed


Stored = tuple[Source, HostFacts]
"""Facts, and the file that holds them."""


def loaded(names: Sequence[str]) -> list[Stored]:
    """The facts in those files. FactsError where one is none, or two are of one host."""
    found: dict[str, Stored] = {}
    for name in names:
        with open(name, "rb") as file:
            source = Source.from_bytes(name, file.read())
        facts = read(source)
        if facts.name in found:
            both = f"{found[facts.name][0].path} and {name}"
            raise FactsError(f"{both} are of one host, {facts.name}; pgfpmlint facts --host names it otherwise")
        found[facts.name] = source, facts
    return list(found.values())


def configured(config: Config, found: Sequence[Stored]) -> Config:
    """With every host at its place in the fleet; what the configuration says of a host wins over its facts."""
    declared = {host.name: host for host in config.hosts}
    hosts = dict(declared)
    for source, facts in found:
        host = declared.get(facts.name) or HostConfig(facts.name, source.place(0, 0))
        if "count" not in host.places and facts.machines is not None:
            host = host._replace(machines=facts.machines, places={**host.places, "count": _count(source)})
        addresses = dict.fromkeys((*host.addresses, *facts.addresses))
        hosts[facts.name] = host._replace(root=f"{facts.name}:", addresses=tuple(addresses))
    return config._replace(hosts=tuple(hosts.values()))


def _count(source: Source) -> Place:
    """Where the facts say how many such hosts there are."""
    start = source.text.find('"count"')
    end = source.text.find("\n", start)
    return source.place(start, end if end >= 0 else len(source.text)) if start >= 0 else source.place(0, 0)
