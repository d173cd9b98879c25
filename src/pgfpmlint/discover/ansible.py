"""Files of ours that Ansible makes out of templates and variables. Loaded only where a tree looks like Ansible's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from pgfpmlint.ansible.excerpt import RenderedText
from pgfpmlint.ansible.machines import expand
from pgfpmlint.ansible.repository import Repository
from pgfpmlint.discover import names
from pgfpmlint.discover.found import FoundFile
from pgfpmlint.discover.hosts import Machines
from pgfpmlint.discover.manifests import placed
from pgfpmlint.manifests.machine import Machine
from pgfpmlint.source import paths
from pgfpmlint.source.text import Source
from pgfpmlint.source.tree import Entry, Tree, Unreadable
from pgfpmlint.templates.filling import filled

JINJA = "jinja"


def made(
    tree: Tree,
    entries: Iterable[Entry],
    machines: Machines,
    excluded: Callable[[str], object],
    found: Mapping[str, FoundFile],
) -> Iterator[FoundFile]:
    """The files that the playbooks of the tree make on the hosts of its inventories, each with its machine. Those whose
    placeholders can't all be filled in are left to whoever reads templates."""
    shown = [entry.path for entry in entries if not entry.unreadable and not entry.folder and not excluded(entry.path)]
    expanded: list[Machine] = []
    for base in _outermost(tree.bases):
        prefix = f"{base}/" if base else ""

        def read(path: str, prefix: str = prefix) -> Source | None:
            host, own = machines.of(f"{prefix}{path}")
            try:
                return host.root.read(own)
            except Unreadable:
                return None

        inside = [path[len(prefix) :] for path in shown if path.startswith(prefix)]
        if not prefix:
            inside = [path for path in inside if not path.startswith(("/", "../"))]
        expanded += [_with_holes(machine) for machine in expand(Repository(inside, read, prefix))]
    yield from placed(expanded, found)


def _with_holes(machine: Machine) -> Machine:
    """What is unknown in its files as templates have it: holes."""
    files = {
        path: part._replace(source=_read(part.source), telling=_named_alike(path, part.source.path))
        for path, part in machine.files.items()
    }
    return machine._replace(files=files)


def _named_alike(path: str, template: str) -> bool:
    """Whether a template promises by its name what the name of the file does that is made of it."""
    guesses = [names.by_name(one.split("/")[:-1], names.told(paths.name(one))[0]) for one in (path, template)]
    return guesses[0] is not None and guesses[1] is not None and guesses[0].kind == guesses[1].kind


def _read(source: Source) -> Source:
    return filled(source, JINJA) if isinstance(source, RenderedText) and not source.whole else source


def _outermost(bases: list[str]) -> list[str]:
    """Those that lie in no other one."""
    whole = sorted({base.rstrip("/") for base in bases})
    return [
        base
        for base in whole
        if not any(f"{base}/".startswith(f"{one}/" if one else "") for one in whole if one != base)
    ]
