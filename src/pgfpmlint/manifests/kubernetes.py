"""ConfigMaps and Secrets: each key of ``data`` is a file (https://kubernetes.io/docs/concepts/configuration/configmap/)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.manifests.documents import SCALAR, documents, inside, pairs, text
from pgfpmlint.manifests.machine import Machine, Manifest, Part
from pgfpmlint.manifests.scalar import excerpt

HOLDERS = {"ConfigMap": ("data",), "Secret": ("stringData",)}
"""Where each kind keeps files as they are."""


def expand(manifests: Sequence[Manifest]) -> Iterator[Machine]:
    """Every ConfigMap and Secret. Its files lie in one folder together: where a container has them, its own manifest
    says."""
    for source, _, _ in manifests:
        for node in documents(source):
            kind = text(inside(node, "kind"))
            name = text(inside(node, "metadata", "name"))
            files = {
                f"/{name}/{key}": Part("", excerpt(source, value, f"{name}/{key}"), f"{key} of {kind} {name}")
                for section in HOLDERS.get(kind, ())
                for key, value in pairs(inside(node, section))
                if value.id == SCALAR
            }
            if files:
                yield Machine(name, f"{kind}/{name}", source.path, files)
