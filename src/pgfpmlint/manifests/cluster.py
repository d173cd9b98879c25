"""The objects of a cluster that workloads refer to: what they are given, who scales them, under which names they are
reached."""

from __future__ import annotations

from collections.abc import Iterable

from pgfpmlint.manifests.item import Item
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Place

NETWORK = "kubernetes"
"""What names of services mean something within; a tree is taken to hold one cluster."""

FILES = {"ConfigMap": ("data",), "Secret": ("stringData",)}
"""Where each kind keeps files as they are."""

OUTSIDE = ("NodePort", "LoadBalancer")


class Front(NamedTuple):
    """Services before a workload: the names that they give it, and the line that opens it to others."""

    names: tuple[str, ...] = ()
    published: Place | None = None


class Cluster:
    """``objects`` of all manifests. Of several with one name in one namespace the one in the same file counts, else the
    first."""

    def __init__(self, objects: Iterable[Item]) -> None:
        self._named: dict[tuple[str, str], list[Item]] = {}
        self._scalers: list[Item] = []
        self._services: list[Item] = []
        for item in objects:
            kind = item.text("kind")
            self._named.setdefault((kind, item.text("metadata", "name")), []).append(item)
            if kind == "HorizontalPodAutoscaler":
                self._scalers.append(item)
            elif kind == "Service":
                self._services.append(item)

    def named(self, kind: str, name: str, asking: Item) -> Item | None:
        found = [one for one in self._named.get((kind, name), []) if _together(one, asking)]
        same = [one for one in found if one.source is asking.source]
        return next(iter(same or found), None)

    def most(self, workload: Item) -> Item | None:
        """How far an autoscaler may take its replicas (``maxReplicas``)."""
        for one in self._scalers:
            target = ("spec", "scaleTargetRef")
            same = one.text(*target, "name") == workload.text("metadata", "name")
            if same and one.text(*target, "kind") == workload.text("kind") and _together(one, workload):
                return one.field("spec", "maxReplicas")
        return None

    def front(self, workload: Item) -> Front:
        """https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/"""
        labels = {name: one.text() for name, one in workload.pairs("spec", "template", "metadata", "labels")}
        names: list[str] = []
        published = None
        for service in self._services:
            wanted = {name: one.text() for name, one in service.pairs("spec", "selector")}
            if not wanted or not wanted.items() <= labels.items() or not _together(service, workload):
                continue
            name, space = service.text("metadata", "name"), namespace(service) or namespace(workload) or "default"
            names += [name, f"{name}.{space}", f"{name}.{space}.svc", f"{name}.{space}.svc.cluster.local"]
            kind = service.field("spec", "type")
            if kind is not None and kind.text() in OUTSIDE:
                published = kind.place
        return Front(tuple(dict.fromkeys(names)), published)


def namespace(item: Item) -> str:
    return item.text("metadata", "namespace")


def _together(one: Item, other: Item) -> bool:
    """Whether they are, or may be, in one namespace: where none is written, it is said when they are applied. Of
    several environments in one repository each keeps to its own folders."""
    mine, theirs = namespace(one), namespace(other)
    if mine and theirs:
        return mine == theirs
    return _folder(one) == _folder(other)


def _folder(item: Item) -> str:
    return item.source.path.rpartition("/")[0]
