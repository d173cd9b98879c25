"""Resources of Kubernetes that operators make servers of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.problem import Label, Problem
from pgfpmlint.manifests.documents import MAPPING, SCALAR, documents, entries, entry, inside, items, text
from pgfpmlint.manifests.machine import Manifest
from pgfpmlint.manifests.plain import is_text, loaded
from pgfpmlint.manifests.scalar import extent
from pgfpmlint.manifests.versions import of_tag
from pgfpmlint.source.text import Place, Source

FIXED = "manifest/fixed-parameter"
NO_TEXT = "manifest/value-is-no-text"
REFUSED = "manifest/refused-value"
MISPLACED = "manifest/misplaced-key"

UNITS = {
    "": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40,
}  # fmt: skip
"""https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/"""


class Resource:
    """One object of a manifest; ``product`` is who makes servers of it. Objections to it are collected in
    ``problems``."""

    def __init__(self, product: str, source: Source, root: Any) -> None:
        self.product = product
        self.source = source
        self.root = root
        self.kind = text(inside(root, "kind"))
        self.name = text(inside(root, "metadata", "name"))
        self.namespace = text(inside(root, "metadata", "namespace"))
        self.spec = inside(root, "spec")
        self.problems: list[Problem] = []

    @property
    def section(self) -> Any:
        """What stands for the whole of it: the node of its name."""
        found = inside(self.root, "metadata", "name")
        return found if found is not None else self.root

    def at(self, *path: str) -> Any:
        return inside(self.spec, *path)

    def value(self, *path: str) -> str:
        return text(inside(self.spec, *path))

    def number(self, *path: str) -> int | None:
        """A whole number; None where there is none."""
        node = inside(self.spec, *path)
        found = loaded(self.source.text, node) if node is not None and node.id == SCALAR else None
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    def place(self, *nodes: Any) -> Place:
        """From the first node to the last, unless an alias leads elsewhere."""
        start, end = extent(self.source.text, nodes[0])
        last = extent(self.source.text, nodes[-1])[1]
        return self.source.place(start, last if last >= start else end)

    def place_of(self, *path: str) -> Place | None:
        found = entry(self.spec, *path)
        return self.place(*found) if found is not None else None

    def object(
        self, rule: str, nodes: Sequence[Any], values: Mapping[str, object], related: tuple[Label, ...] = ()
    ) -> None:
        says = {"product": self.product, **values}
        self.problems.append(Problem(rule, self.place(*nodes), "", True, says, related))

    def refuse(self, nodes: Sequence[Any], value: str, why: str, instead: str) -> None:
        """Objects to a key and its value, which the operator does not take."""
        self.object(REFUSED, nodes, {"name": nodes[0].value, "value": value, "why": why, "instead": instead})

    def services(self, *names: str) -> tuple[str, ...]:
        """The names under which others reach the services (https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/)."""
        ends = ("", f".{self.namespace}", f".{self.namespace}.svc", f".{self.namespace}.svc.cluster.local")
        return tuple(f"{name}{end}" for name in names for end in (ends if self.namespace else ("",)))

    def amount(self, *path: str) -> int | None:
        """A quantity of the specification, in bytes or pieces; None where there is none, or one of less than 1."""
        return quantity(self.value(*path))

    def version(self, product: str, *path: str) -> Mapping[str, ServerVersion]:
        """That of the image, or the number, at ``path``."""
        node = self.at(*path)
        written = text(node)
        number = of_tag(written) or of_tag(f":{written}")
        if not number:
            return {}
        line = self.source.position(extent(self.source.text, node)[0])[0]
        return {product: ServerVersion(product, number, f"{self.source.path}:{line} says {written}")}

    def texts(self, *path: str) -> Iterator[tuple[Any, Any]]:
        """The entries of a map of texts; others are objected to, for the API server refuses them."""
        for key, value in entries(self.at(*path)):
            if value.id != SCALAR:
                continue
            if not is_text(self.source.text, value):
                self.no_text(key, value)
            yield key, value

    def no_text(self, key: Any, value: Any) -> None:
        """Objects to what is none."""
        found = loaded(self.source.text, value)
        kind = "nothing" if found is None else "a boolean" if isinstance(found, bool) else "a number"
        self.object(NO_TEXT, (key, value), {"name": key.value, "value": value.value, "kind": kind})

    def choice(self, choices: Sequence[str], *path: str) -> None:
        """Objects to what is none of the ``choices``."""
        found = entry(self.spec, *path)
        if found is not None and found[1].id == SCALAR and text(found[1]) not in choices:
            *most, last = choices
            why = f"it takes {', '.join(most)} or {last}"
            self.refuse(found, text(found[1]), why, choices[0])

    def misplaced(self, path: str, is_one: Callable[[str], bool], right: str) -> None:
        """Objects to keys under ``path`` that belong under ``right``."""
        above = self.at(*path.split(".")[1:])
        if above is not None and above.id == MAPPING:
            for key, _ in entries(above):
                if is_one(key.value):
                    self.object(MISPLACED, (key,), {"key": key.value, "above": path, "right": right})


def quantity(written: str) -> int | None:
    """Bytes of ``4Gi``, ``512M``, ``129e6``; None for what is no size."""
    number = written.rstrip("KMGTik")
    unit = UNITS.get(written[len(number) :])
    try:
        amount = int(float(number) * unit) if unit is not None else 0
    except (ValueError, OverflowError):
        return None
    return amount if amount > 0 else None


def resources(manifests: Sequence[Manifest], product: str, group: str) -> Iterator[Resource]:
    """The objects of an API group; those of lists, too."""
    for manifest in manifests:
        for root in documents(manifest.source):
            listed = items(inside(root, "items")) if text(inside(root, "kind")) == "List" else [root]
            for one in listed:
                if text(inside(one, "apiVersion")).startswith(f"{group}/"):
                    found = Resource(product, manifest.source, one)
                    if found.name and found.spec is not None and found.spec.id == MAPPING:
                        yield found
