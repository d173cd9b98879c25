"""A Deployment, StatefulSet or DaemonSet, and its containers."""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.manifests.cluster import FILES, NETWORK, Cluster
from pgfpmlint.manifests.containers.container import Container, Mount
from pgfpmlint.manifests.item import Item
from pgfpmlint.manifests.machine import Told
from pgfpmlint.manifests.resources import quantity
from pgfpmlint.manifests.strand import Strand, glue
from pgfpmlint.source import paths
from pgfpmlint.source.excerpt import Excerpt
from pgfpmlint.source.text import Place

WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet")
POD = ("spec", "template", "spec")


class Workload:
    """One object. ``cluster`` holds what it refers to."""

    def __init__(self, item: Item, cluster: Cluster) -> None:
        self._item = item
        self._cluster = cluster
        self._volumes = {one.text("name"): one for one in item.each(*POD, "volumes")}

    def containers(self) -> Iterator[Container]:
        name, kind = self._item.text("metadata", "name"), self._item.text("kind")
        front = self._cluster.front(self._item)
        addresses = (*front.names, name) if kind == "StatefulSet" else front.names
        for one in self._item.each(*POD, "containers"):
            image = one.field("image")
            environment, told_all = self._environment(one)
            files, covered = self._mounts(one)
            yield Container(
                name,
                f"{kind}/{name}",
                self._item.source.path,
                one.place,
                image.strand if image is not None else None,
                _words(one, "args"),
                _words(one, "command"),
                environment,
                told_all,
                files,
                covered,
                published=front.published,
                told=self._told(one, addresses),
            )

    def _told(self, container: Item, addresses: tuple[str, ...]) -> Told:
        """The most replicas that there may be, for what they may take together is what counts."""
        machines, place = 1, None
        for one in (self._item.field("spec", "replicas"), self._cluster.most(self._item)):
            text = one.text() if one is not None else ""
            if one is not None and text.isascii() and text.isdigit() and int(text) >= machines and len(text) < 6:
                machines, place = int(text), one.place
        memory = container.text("resources", "limits", "memory")
        metadata = self._item.field("metadata", "name")
        return Told(
            machines=machines,
            machines_place=place,
            addresses=addresses,
            memory=quantity(memory),
            place=metadata.place if metadata is not None else None,
            network=NETWORK,
        )

    def _environment(self, container: Item) -> tuple[dict[str, Strand], bool]:
        """The variables, and whether these are all. What comes out of Secrets is unknown."""
        found: dict[str, Strand] = {}
        told_all = True
        for one in container.each("envFrom"):
            name, prefix = one.text("configMapRef", "name"), one.text("prefix")
            held = self._cluster.named("ConfigMap", name, self._item) if name else None
            if held is None:
                told_all = False
                continue
            for key, value in held.pairs("data"):
                strand = value.strand
                if strand is not None:
                    found[prefix + key] = strand
        for each in container.each("env"):
            name, written = each.text("name"), each.field("value")
            strand = written.strand if written is not None else self._referred(each)
            if strand is None or "$(" in strand.text:
                strand = glue(f"${{{name}}}", each.place)
            if name:
                found[name] = strand
        return found, told_all

    def _referred(self, one: Item) -> Strand | None:
        reference = one.field("valueFrom", "configMapKeyRef")
        held = self._cluster.named("ConfigMap", reference.text("name"), self._item) if reference is not None else None
        value = held.field("data", reference.text("key")) if held is not None and reference is not None else None
        return value.strand if value is not None else None

    def _mounts(self, container: Item) -> tuple[dict[str, Mount], dict[str, Place]]:
        """The files of ConfigMaps and Secrets, and the folders of which nothing is known."""
        files: dict[str, Mount] = {}
        covered: dict[str, Place] = {}
        for one in container.each("volumeMounts"):
            at, part = one.text("mountPath"), one.text("subPath")
            volume = self._volumes.get(one.text("name"))
            if not at.startswith("/"):
                continue
            at = paths.normal(at)
            held = self._held(volume) if volume is not None else None
            if held is None:
                covered[at] = one.place
                continue
            for path, source in held.items():
                target = at if path == part else f"{at.rstrip('/')}/{path}" if not part else ""
                if target:
                    words = f"mounted at {target} by {self._item.text('kind')} {self._item.text('metadata', 'name')}"
                    files[target] = Mount(source, one.place, words)
        return files, covered

    def _held(self, volume: Item) -> dict[str, Excerpt] | None:
        """The files of a volume by their paths in it; None where nobody can tell."""
        found: dict[str, Excerpt] = {}
        sources = [
            *(one for name in ("configMap", "secret") if (one := volume.field(name)) is not None),
            *(inner for each in volume.each("projected", "sources") for _, inner in each.pairs()),
        ]
        if not sources:
            return None
        for one in sources:
            name = one.text("name") or one.text("secretName")
            kind = "Secret" if one.key is not None and one.key.text == "secret" else "ConfigMap"
            held = self._cluster.named(kind, name, self._item)
            if held is None:
                return None
            renamed = {each.text("key"): each.text("path") for each in one.each("items")}
            for section in FILES[kind]:
                for key, value in held.pairs(section):
                    source = value.excerpt(f"{name}/{key}")
                    if source is not None and (not renamed or key in renamed):
                        found[renamed.get(key, key)] = source
        return found


def _words(container: Item, name: str) -> tuple[Strand, ...] | None:
    found = container.field(name)
    if found is None:
        return None
    return tuple(strand for one in container.each(name) if (strand := one.strand) is not None)
