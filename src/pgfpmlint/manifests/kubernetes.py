"""ConfigMaps and Secrets: each key of ``data`` is a file (https://kubernetes.io/docs/concepts/configuration/configmap/)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.manifests.documents import SCALAR, documents, inside, pairs, text
from pgfpmlint.manifests.scalar import excerpt
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Source

HOLDERS = {"ConfigMap": ("data",), "Secret": ("stringData",)}
"""Where each kind keeps files as they are."""

MARKS = ("kind: ConfigMap", "kind: Secret")


class Holder(NamedTuple):
    """One object that holds files: its name, and its files by their keys."""

    kind: str
    name: str
    files: Mapping[str, Source]


def holders(source: Source) -> Iterator[Holder]:
    """Every ConfigMap and Secret of the file."""
    for node in documents(source):
        kind = text(inside(node, "kind"))
        name = text(inside(node, "metadata", "name"))
        files = {
            key: excerpt(source, value, f"{name}/{key}")
            for section in HOLDERS.get(kind, ())
            for key, value in pairs(inside(node, section))
            if value.id == SCALAR
        }
        if files:
            yield Holder(kind, name, files)
