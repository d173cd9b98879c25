"""Machines whose files other files hold: ConfigMaps, the manifests of operators, compose files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module

from pgfpmlint.discover import names
from pgfpmlint.discover.found import FoundFile, Host
from pgfpmlint.discover.hosts import Machines
from pgfpmlint.discover.recognition import judged
from pgfpmlint.manifests.machine import EXPANDERS, Expander, Machine, Manifest, Part
from pgfpmlint.source import paths
from pgfpmlint.source.embedded import EmbeddedRoot
from pgfpmlint.source.text import Source
from pgfpmlint.source.tree import Entry, Root, Unreadable

WORDS = (
    *("postgres", "pg_hba", "pg_ident", "pgbouncer", "userlist", "[www]", "pm.max_children", "php.ini", ".conf"),
    *("-fpm", "kind: HorizontalPodAutoscaler"),
)
"""One of them stands in whatever manifest makes a machine of ours."""


def embedded(
    entries: Iterable[Entry],
    machines: Machines,
    excluded: Callable[[str], object],
    found: Mapping[str, FoundFile],
    whole: Root,
) -> Iterator[FoundFile]:
    """The files of all machines that manifests make. ``found`` is what the tree holds otherwise, by shown paths;
    ``whole`` is all of the tree as one folder."""
    families: dict[str, list[Manifest]] = {}
    for entry in entries:
        shown = entry[0]
        if not shown.endswith(names.YAML) or entry.unreadable:
            continue
        try:
            # Most files are nobody's: a look at one costs less than to tell whose machine it would be.
            wanted = _wanted(shown, whole.head(f"/{shown}") if shown[0] != "/" else None)
            if wanted and not excluded(shown):
                host, path = machines.of(shown)
                wanted = wanted if shown[0] != "/" else _wanted(shown, host.root.head(path))
                for module in wanted:
                    families.setdefault(module, []).append(Manifest(host.root.read(path), host.root, path))
        except Unreadable:
            continue
    made: list[Machine] = []
    for module, manifests in families.items():
        expander: Expander = import_module(module)
        made += expander.expand(manifests)
    yield from placed(made, found)


def _wanted(shown: str, head: str | None) -> list[str]:
    """The modules that may make machines of a file; all of them where nobody has looked at it yet."""
    modules: list[str] = []
    name = ""
    for family in EXPANDERS.values():
        for mark in family.marks:
            if head is None or mark in head:
                name = name or paths.name(shown).lower()
                if head is None or any(word in (name if family.named else head) for word in family.named or WORDS):
                    modules.append(family.module)
                break
    return modules


def placed(made: Sequence[Machine], found: Mapping[str, FoundFile]) -> Iterator[FoundFile]:
    """The files of machines that manifests make, under names that no other host has. Of the tree's own files those
    that are to be passed over are nobody's."""
    given = {part.source.path for machine in made for part in machine.files.values() if not _is_within(part.source)}
    used = {file.host.name for shown, file in found.items() if shown not in given}
    for machine in made:
        name = next(one for one in _names(machine) if one not in used)
        used.add(name)
        sources = {paths.normal(path): part.source for path, part in machine.files.items()}
        host = Host(
            name, f"{machine.at}#{machine.label}", EmbeddedRoot(name, sources), machine.told.place, machine.told
        )
        for path, part in machine.files.items():
            known = found.get(part.source.path)
            if known is not None and not _is_within(part.source) and (known.skipped or known.unreadable):
                continue
            file = _judged(FoundFile(part.source.path, host, paths.normal(path), part.kind, part.why), part)
            if file is not None:
                yield file


def _is_within(source: Source) -> bool:
    """Whether it is written inside of another file."""
    return source.identity != source.path


def _names(machine: Machine) -> Iterator[str]:
    """Its own, or as much of where it is written as it takes to tell it from all others."""
    yield machine.name
    folder = paths.folder(machine.at).strip("/")
    if folder and not machine.name.startswith(f"{folder}/"):
        yield f"{folder}/{machine.name}"
    yield f"{machine.at}#{machine.label}"
    number = 2
    while True:
        yield f"{machine.at}#{machine.label}-{number}"
        number += 1


def _judged(file: FoundFile, part: Part) -> FoundFile | None:
    """None for a part that has nothing to do with us."""
    if part.kind:
        return file
    key = paths.name(file.path)
    plain, spare = names.told(key)
    if not plain or spare:
        return None
    folders = [file.host.name, *file.path.split("/")[1:-1]]
    guess = names.by_name(folders, plain)
    guess = guess._replace(sure=False) if guess is not None and not part.telling else guess
    found = judged(file, guess, part.source.text, named=False)
    if found is None or not (guess or names.may_tell_itself(folders, plain)):
        return None
    return found._replace(why=f"{part.why}: {found.why}")
