"""The services of a project as containers."""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.manifests.compose.project import Project
from pgfpmlint.manifests.compose.variables import env_file
from pgfpmlint.manifests.containers.container import Container, Mount
from pgfpmlint.manifests.containers.words import split
from pgfpmlint.manifests.item import Item, mount_parts, named_strands
from pgfpmlint.manifests.machine import Told
from pgfpmlint.manifests.strand import Strand
from pgfpmlint.source import paths
from pgfpmlint.source.text import Place
from pgfpmlint.source.tree import Unreadable

UNITS = {"": 1, "b": 1, "k": 1024, "kb": 1024, "m": 1024**2, "mb": 1024**2, "g": 1024**3, "gb": 1024**3}
LOCAL = ("127.", "localhost", "::1", "[::1]")
MOST_FILES = 200


def containers(project: Project) -> Iterator[Container]:
    """Each service, in the order of the file."""
    for name, item in project.services.items():
        yield Service(project, name, item).container()


class Service:
    """One service, merged."""

    def __init__(self, project: Project, name: str, item: Item) -> None:
        self._project = project
        self._name = name
        self._item = item
        self._files: dict[str, Mount] = {}
        self._covered: dict[str, Place] = {}
        self._folders: dict[str, Place] = {}

    def container(self) -> Container:
        project = self._project
        environment, told_all = self._environment()
        self._mounts()
        label = f"{project.name}/{self._name}" if project.name else self._name
        folder = paths.folder(project.main.source.path).strip("/")
        name = "/".join(part for part in (folder, project.name, self._name) if part)
        found = Container(
            name,
            label,
            project.main.source.path,
            self._item.key or self._item.place,
            self._filled("image"),
            self._words("command"),
            self._words("entrypoint"),
            environment,
            told_all,
            self._files,
            self._covered,
            folders=self._folders,
            published=self._published(),
            told=self._told(),
        )
        build = self._item.field("build")
        if build is not None:
            from pgfpmlint.manifests.compose.build import built

            return built(found, build, project)
        return found

    def _filled(self, *names: str) -> Strand | None:
        found = self._item.field(*names)
        strand = found.strand if found is not None else None
        return project_fill(self._project, strand)

    def _words(self, name: str) -> tuple[Strand, ...] | None:
        """The words of a command; None where the image's own holds."""
        found = self._item.field(name)
        if found is None:
            return None
        if found.items is not None:
            return tuple(self._project.fill(one.strand) for one in found.items if one.strand is not None)
        strand = found.strand
        return split(self._project.fill(strand)) if strand is not None else None

    def _environment(self) -> tuple[dict[str, Strand], bool]:
        """The variables, and whether these are all."""
        found: dict[str, Strand] = {}
        told_all = True
        for one in self._item.each("env_file"):
            strand = one.strand if one.fields is None else (inner.strand if (inner := one.field("path")) else None)
            path = self._project.fill(strand).text if strand is not None else ""
            try:
                source = self._project.root.read(self._project.beside(one.source, path))
            except Unreadable:
                told_all = told_all and one.text("required") == "false"
                continue
            found.update(env_file(source, self._project.variables))
        for name, strand in named_strands(self._item.field("environment")).items():
            if strand is not None:
                found[name] = self._project.fill(strand)
            elif name in self._project.variables:
                found[name] = self._project.variables[name]
            else:
                told_all = False
        return found, told_all

    def _mounts(self) -> None:
        for one in self._item.each("volumes"):
            if one.fields is not None:
                strand = inner.strand if (inner := one.field("source")) is not None else None
                source = self._project.fill(strand).text if strand is not None else ""
                kind, target = one.text("type"), one.text("target")
                source = source if kind == "bind" else ""
            else:
                strand = one.strand
                source, target, _ = mount_parts(self._project.fill(strand).text if strand is not None else "")
            self._mount(one, source if source.startswith((".", "/", "~")) else "", target)
        for section in ("configs", "secrets"):
            for one in self._item.each(section):
                self._given(section, one)

    def _given(self, section: str, one: Item) -> None:
        """A file that the project's own section describes."""
        strand = one.strand
        name = one.text("source") if one.fields is not None else strand.text if strand is not None else ""
        target = one.text("target") or (f"/{name}" if section == "configs" else name)
        target = (
            target if target.startswith("/") else f"/run/secrets/{target}" if section == "secrets" else f"/{target}"
        )
        described = self._project.top[section].get(name)
        file = described.text("file") if described is not None else ""
        content = described.field("content") if described is not None else None
        if described is not None and content is not None and content.strand is not None and content.strand.text:
            from pgfpmlint.manifests.strand import sheet

            text = sheet(f"{section}/{name}", [self._project.fill(content.strand)])
            self._files[paths.normal(target)] = Mount(text, one.place, f"{section[:-1]} {name} of {self._name}")
        else:
            self._mount(described or one, file, target)

    def _mount(self, item: Item, source: str, target: str) -> None:
        if not target.startswith("/"):
            return
        target = paths.normal(target)
        words = f"mounted at {target} by {self._project.main.source.path}, {self._name}"
        if source and not source.startswith(("/", "~")) and "${" not in source and "${" not in target:
            path = self._project.beside(item.source, source)
            if self._file(path, target, item.place, words, 0):
                return
        self._covered[target] = item.place

    def _file(self, path: str, target: str, place: Place, words: str, depth: int) -> bool:
        """Take a file of the tree, or what a folder holds; whether there is something."""
        root = self._project.root
        if root.is_folder(path):
            self._folders[target] = place
            if depth == 0 and not any(word in target for word in ("/etc", "/conf", "pgbouncer", "/docker-entrypoint")):
                return True  # the application's own, or data
            try:
                names = root.names(path)
            except Unreadable:
                return False
            for name in names[:MOST_FILES] if depth < 4 else ():
                self._file(f"{path.rstrip('/')}/{name}", f"{target.rstrip('/')}/{name}", place, words, depth + 1)
            return True
        if not target.endswith((".conf", ".ini", ".txt", ".sql")):
            return False  # nothing that is read here, but something that is there
        try:
            self._files[target] = Mount(root.read(path), place, words)
        except Unreadable:
            return False
        return True

    def _published(self) -> Place | None:
        """Where a port is opened beyond the machine that runs the container."""
        for one in self._item.each("ports"):
            if one.fields is not None:
                address = one.text("host_ip")
                if one.field("published") is not None and not address.startswith(LOCAL):
                    return one.place
                continue
            strand = one.strand
            text = self._project.fill(strand).text if strand is not None else ""
            published, colon, _ = text.partition("/")[0].rpartition(":")
            if colon and not published.startswith(LOCAL) and "${" not in published:
                return one.place
        return None

    def _told(self) -> Told:
        machines, place = 1, None
        for names in (("scale",), ("deploy", "replicas")):
            strand = self._filled(*names)
            if strand is not None and strand.text.isascii() and strand.text.isdigit() and len(strand.text) < 6:
                machines, place = int(strand.text), strand.place
        addresses = [self._name]
        for name in ("container_name", "hostname"):
            strand = self._filled(name)
            addresses += [strand.text] if strand is not None and not strand.is_open else []
        for _, network in self._item.pairs("networks"):
            addresses += [one.strand.text for one in network.each("aliases") if one.strand is not None]
        memory = self._filled("deploy", "resources", "limits", "memory") or self._filled("mem_limit")
        cpus = self._filled("deploy", "resources", "limits", "cpus") or self._filled("cpus")
        return Told(
            machines=machines,
            machines_place=place,
            addresses=tuple(dict.fromkeys(addresses)),
            memory=_bytes(memory.text) if memory is not None else None,
            cpus=_whole(cpus.text) if cpus is not None else None,
            place=self._item.key,
            network=f"compose {self._project.folder} {self._project.name}".rstrip(),
        )


def project_fill(project: Project, strand: Strand | None) -> Strand | None:
    return project.fill(strand) if strand is not None else None


def _bytes(text: str) -> int | None:
    """``2G`` as Docker takes it: units of 1024."""
    plain = text.strip().lower().removesuffix("ib") if text.lower().endswith("ib") else text.strip().lower()
    digits = plain.rstrip("bkmg")
    unit = UNITS.get(plain[len(digits) :])
    try:
        return int(float(digits) * unit) if unit is not None and float(digits) > 0 else None
    except (ValueError, OverflowError):
        return None


def _whole(text: str) -> int | None:
    """A number of processors, where it is a whole one."""
    try:
        return int(float(text)) if float(text) >= 1 and float(text).is_integer() else None
    except (ValueError, OverflowError):
        return None
