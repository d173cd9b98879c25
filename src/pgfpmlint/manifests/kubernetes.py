"""What runs in a cluster: workloads with what their containers are given, ConfigMaps and Secrets that nothing takes.

https://kubernetes.io/docs/concepts/workloads/, https://kubernetes.io/docs/concepts/configuration/configmap/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pgfpmlint.manifests.cluster import FILES, NETWORK, Cluster
from pgfpmlint.manifests.containers.known import machine
from pgfpmlint.manifests.documents import documents
from pgfpmlint.manifests.item import Item, of_document
from pgfpmlint.manifests.machine import Machine, Manifest, Part, Told
from pgfpmlint.manifests.strand import repeated
from pgfpmlint.manifests.workload import WORKLOADS, Workload


def expand(manifests: Sequence[Manifest]) -> Iterator[Machine]:
    """A machine for each workload that runs servers of ours, and one for each ConfigMap and Secret with files that no
    workload here takes: where a container has those, its own manifest says."""
    objects = [
        item
        for manifest in manifests
        for node in documents(manifest.source)
        if (item := of_document(manifest.source, node)) is not None
    ]
    cluster = Cluster(objects)
    taken: set[str] = set()
    for item in objects:
        if item.text("kind") in WORKLOADS:
            made = _pod(Workload(item, cluster))
            if made is not None:
                yield _once(made, taken)
                taken.update(part.source.identity for part in made.files.values())
    for item in objects:
        files = {path: part for path, part in _held(item).items() if part.source.identity not in taken}
        if files:
            kind, name = item.text("kind"), item.text("metadata", "name")
            yield Machine(name, f"{kind}/{name}", item.source.path, files, Told(network=NETWORK))


def _held(item: Item) -> dict[str, Part]:
    kind, name = item.text("kind"), item.text("metadata", "name")
    return {
        f"/{name}/{key}": Part("", source, f"{key} of {kind} {name}")
        for section in FILES.get(kind, ())
        for key, value in item.pairs(section)
        if (source := value.excerpt(f"{name}/{key}")) is not None
    }


def _pod(workload: Workload) -> Machine | None:
    """The containers of a pod share its addresses: together they are one machine."""
    made = [found for container in workload.containers() if (found := machine(container)) is not None]
    if not made:
        return None
    whole = made[0]
    for one in made[1:]:
        files: Mapping[str, Part] = {**one.files, **whole.files}
        versions = {**one.told.versions, **whole.told.versions}
        environment = whole.told.environment or one.told.environment
        whole = whole._replace(files=files, told=whole.told._replace(versions=versions, environment=environment))
    return whole


def _once(made: Machine, taken: set[str]) -> Machine:
    """Of files that another workload is given, too, all has been said there."""
    files = {
        path: part._replace(source=repeated(part.source)) if part.source.identity in taken else part
        for path, part in made.files.items()
    }
    return made._replace(files=files)
