"""Compose files that make one project: the usual one with its override, another on its own or over the usual one.

https://docs.docker.com/reference/cli/docker/compose/#use--f-to-specify-the-name-and-path-of-one-or-more-compose-files,
https://docs.docker.com/reference/compose-file/extension/ for ``extends``, …/include/ for ``include``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pgfpmlint.manifests.compose.variables import env_file, filled
from pgfpmlint.manifests.documents import documents
from pgfpmlint.manifests.item import Item, laid_over, of_document
from pgfpmlint.manifests.machine import Manifest
from pgfpmlint.manifests.strand import Strand
from pgfpmlint.record import NamedTuple
from pgfpmlint.source import paths
from pgfpmlint.source.text import Source
from pgfpmlint.source.tree import Root, Unreadable

USUAL = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
"""The first that is there is what ``docker compose up`` takes."""

STARTS = ("docker-compose", "compose")
WORDS = ("postgres", "pgbouncer", "postgis", "pgvector", "timescale")
"""Without one of them in any file of a folder it runs nothing of ours."""

DEEPEST = 8

NEVER_EXTENDED = ("depends_on", "links", "volumes_from")


class Project(NamedTuple):
    """``name`` tells it from others of its folder; empty for the usual one. ``services`` are merged, ``variables`` not
    yet filled in. ``folder`` is where relative paths count from. ``top`` are the other sections."""

    name: str
    folder: str
    root: Root
    main: Manifest
    services: Mapping[str, Item]
    top: Mapping[str, Mapping[str, Item]]
    variables: Mapping[str, Strand]
    files: Mapping[str, str]
    """The paths below ``root`` of the compose files, by the paths that people see."""

    def beside(self, source: Source, path: str) -> str:
        """A path that stands in one of the files: it counts from that file's folder."""
        own = self.files.get(source.path)
        return paths.join(paths.folder(own) if own is not None else self.folder, path)

    def fill(self, strand: Strand) -> Strand:
        return filled(strand, self.variables)


def projects(manifests: Sequence[Manifest]) -> Iterator[Project]:
    """The projects of all folders."""
    folders: dict[tuple[int, str], list[Manifest]] = {}
    for manifest in manifests:
        folders.setdefault((id(manifest.root), paths.folder(manifest.path)), []).append(manifest)
    for (_, folder), found in folders.items():
        if not any(word in manifest.source.text for manifest in found for word in WORDS):
            continue
        yield from _of_folder(folder, found)


def _of_folder(folder: str, manifests: list[Manifest]) -> Iterator[Project]:
    loader = Loader(manifests[0].root)
    documents_ = {paths.name(one.path): (one, item) for one in manifests if (item := loader.load(one)) is not None}
    usual = next((documents_[name] for name in USUAL if name in documents_), None)
    over = next((documents_[name] for one in USUAL if (name := _override(one)) in documents_), None)
    if usual is not None:
        yield loader.project("", folder, usual[0], [usual[1], *([over[1]] if over is not None else [])])
    for name, (manifest, item) in documents_.items():
        if name not in USUAL and (over is None or manifest is not over[0]):
            if _is_whole(item):
                yield loader.project(_stem(name), folder, manifest, [item])
            elif usual is not None and _is_whole(laid_over(usual[1], item)):
                yield loader.project(_stem(name), folder, manifest, [usual[1], item])


def _override(name: str) -> str:
    stem, _, end = name.rpartition(".")
    return f"{stem}.override.{end}"


def _stem(name: str) -> str:
    """``prod`` of docker-compose.prod.yml."""
    stem = name.rpartition(".")[0]
    for start in STARTS:
        if stem.startswith(start):
            return stem[len(start) :].strip(".-_") or stem
    return stem


def _is_whole(item: Item) -> bool:
    """Whether each of its services says what it runs."""
    services = list(item.pairs("services"))
    return bool(services) and all(
        one.field("image") is not None or one.field("build") is not None or one.field("extends") is not None
        for _, one in services
    )


class Loader:
    """Reads the compose files of one tree, each once."""

    def __init__(self, root: Root) -> None:
        self._root = root
        self._read: dict[str, Item | None] = {}
        self._paths: dict[str, str] = {}

    def load(self, manifest: Manifest) -> Item | None:
        path = manifest.path
        if path not in self._read:
            self._read[path] = None
            self._paths[manifest.source.path] = path
            found = documents(manifest.source)
            item = of_document(manifest.source, found[0]) if len(found) == 1 else None
            if item is not None and item.field("services") is not None:
                self._read[path] = self._with_included(item, path)
        return self._read[path]

    def project(self, name: str, folder: str, main: Manifest, layers: Sequence[Item]) -> Project:
        variables = self._variables(folder)
        whole = layers[0]
        for layer in layers[1:]:
            whole = laid_over(whole, layer)
        services = {
            service: self._extended(item, whole, main.path, variables, 0)
            for service, item in whole.pairs("services")
            if item.fields is not None
        }
        top = {section: dict(whole.pairs(section)) for section in ("configs", "secrets", "volumes", "networks")}
        return Project(name, folder, main.root, main, services, top, variables, self._paths)

    def _variables(self, folder: str) -> Mapping[str, Strand]:
        try:
            return env_file(self._root.read(paths.join(folder, ".env")))
        except Unreadable:
            return {}

    def _other(self, path: str) -> Item | None:
        """Another file that one of them names."""
        if path not in self._read:
            try:
                self.load(Manifest(self._root.read(path), self._root, path))
            except Unreadable:
                self._read[path] = None
        return self._read[path]

    def _with_included(self, item: Item, path: str) -> Item:
        whole: Item | None = None
        for one in item.each("include"):
            named = [one] if one.fields is None else list(one.each("path"))
            for each in named:
                strand = each.strand
                if strand is not None and not strand.text.startswith(("http", "oci:", "git")):
                    other = self._other(paths.join(paths.folder(path), strand.text))
                    whole = other if whole is None else laid_over(whole, other) if other is not None else whole
        return item if whole is None else laid_over(whole, item)

    def _extended(self, item: Item, whole: Item, path: str, variables: Mapping[str, Strand], depth: int) -> Item:
        """The service over the one that it extends."""
        extends = item.field("extends")
        if extends is None or depth > DEEPEST:
            return item
        named, file = (extends.text("service"), extends.text("file")) if extends.fields is not None else ("", "")
        strand = extends.strand
        named = named or (strand.text if strand is not None else "")
        other, at = whole, path
        if file:
            at = paths.join(paths.folder(path), file)
            found = self._other(at)
            if found is None:
                return item
            other = found
        base = other.field("services", named)
        if base is None or base.fields is None or base is item:
            return item
        base = self._extended(base, other, at, variables, depth + 1)
        kept = {name: one for name, one in (base.fields or {}).items() if name not in NEVER_EXTENDED}
        return laid_over(base._replace(fields=kept), item)
