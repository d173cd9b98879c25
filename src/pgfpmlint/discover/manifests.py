"""Files of ours that other files hold: in the ConfigMaps and Secrets of Kubernetes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pgfpmlint.discover import names
from pgfpmlint.discover.found import FoundFile, Host
from pgfpmlint.discover.hosts import Machines
from pgfpmlint.discover.recognition import judged
from pgfpmlint.manifests.kubernetes import MARKS, Holder, holders
from pgfpmlint.source.embedded import EmbeddedRoot
from pgfpmlint.source.text import Source
from pgfpmlint.source.tree import Entry, Unreadable

WORDS = ("postgres", "pg_hba", "pg_ident", "pgbouncer", "userlist", "[www]", "pm.max_children", "php.ini", ".conf")
"""One of them stands in whatever manifest holds a file of ours."""


def embedded(entries: Iterable[Entry], machines: Machines, excluded: Callable[[str], object]) -> Iterator[FoundFile]:
    """The files, each with the machine that its holder stands for."""
    for entry in entries:
        if entry.path.endswith(names.YAML) and not entry.unreadable and not excluded(entry.path):
            host, path = machines.of(entry.path)
            try:
                head = host.root.head(path)
                if any(mark in head for mark in MARKS) and any(word in head for word in WORDS):
                    for holder in holders(host.root.read(path)):
                        yield from _files(entry.path, holder)
            except Unreadable:
                continue


def _files(shown: str, holder: Holder) -> Iterator[FoundFile]:
    """Those of one holder. They lie in one folder together: where a container has them, its own manifest says."""
    machine: dict[str, Source] = {}
    root = EmbeddedRoot(holder.name, machine)
    host = Host(holder.name, f"{shown}#{holder.kind}/{holder.name}", root)
    for key, source in holder.files.items():
        path = f"/{holder.name}/{key}"
        machine[path] = source
        plain, spare = names.told(key)
        if not plain or spare:
            continue
        guess = names.by_name([holder.name], plain)
        why = f"{key} of {holder.kind} {holder.name}"
        file = judged(FoundFile(shown, host, path, "", why), guess, source.text, named=False)
        if file is not None and (guess or names.may_tell_itself([], plain)):
            yield file._replace(why=f"{why}: {file.why}")
