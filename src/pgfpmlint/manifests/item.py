"""What a document of YAML holds, as values that know where they are written and that can be laid over each other.

https://docs.docker.com/reference/compose-file/merge/: mappings merge key by key, lists are joined, what is neither is
replaced; ``!override`` and ``!reset`` say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pgfpmlint.manifests.documents import MAPPING, SCALAR, SEQUENCE
from pgfpmlint.manifests.scalar import excerpt, extent
from pgfpmlint.manifests.strand import Strand, of_node
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.excerpt import Excerpt
from pgfpmlint.source.text import Place, Source

MERGE = "<<"
NULL = "tag:yaml.org,2002:null"
RESET, OVERRIDE = "!reset", "!override"
MOST = 50_000
"""Values of one file; anchors let a short text stand for more than any machine can hold."""

LISTED = frozenset({"annotations", "args", "build_args", "environment", "extra_hosts", "labels", "sysctls"})
"""Mappings that may be written as lists of ``name=value``."""

REPLACED = frozenset({"command", "entrypoint", "test"})
"""Lists that are not joined."""


class Item(NamedTuple):
    """One value. ``fields`` of a mapping, ``items`` of a list, else a scalar, None for nothing at all. ``key`` is where
    its name is written."""

    source: Source
    node: Any
    fields: Mapping[str, Item] | None = None
    items: tuple[Item, ...] | None = None
    key: Place | None = None

    @property
    def place(self) -> Place:
        return Place(self.source, *extent(self.source.text, self.node))

    @property
    def strand(self) -> Strand | None:
        """The text of a scalar; None of anything else, and of nothing."""
        if self.fields is not None or self.items is not None or self.node.tag == NULL:
            return None
        return of_node(self.source, self.node)

    def excerpt(self, label: str) -> Excerpt | None:
        """The text of a scalar as a file of its own; None of anything else."""
        return excerpt(self.source, self.node, label) if self.strand is not None else None

    def field(self, *names: str) -> Item | None:
        found: Item | None = self
        for name in names:
            found = found.fields.get(name) if found is not None and found.fields is not None else None
        return found

    def text(self, *names: str) -> str:
        found = self.field(*names)
        strand = found.strand if found is not None else None
        return strand.text if strand is not None else ""

    def each(self, *names: str) -> tuple[Item, ...]:
        """The items of a list; a scalar counts as a list of itself."""
        found = self.field(*names)
        if found is None or found.fields is not None or (found.items is None and found.strand is None):
            return ()
        return found.items if found.items is not None else (found,)

    def pairs(self, *names: str) -> Iterator[tuple[str, Item]]:
        found = self.field(*names)
        yield from (found.fields or {}).items() if found is not None else ()


class TooLarge(Exception):
    """The file stands for more values than anybody writes by hand."""


def of_document(source: Source, node: Any) -> Item | None:
    """The root of a document; None for what is no mapping, and for what unfolds beyond all bounds."""
    left = [MOST]
    try:
        found = _item(source, node, left, None)
    except (TooLarge, RecursionError):
        return None
    return found if found.fields is not None else None


def _item(source: Source, node: Any, left: list[int], key: Place | None) -> Item:
    left[0] -= 1
    if left[0] < 0:
        raise TooLarge
    if node.id == SEQUENCE:
        return Item(source, node, None, tuple(_item(source, one, left, None) for one in node.value), key)
    if node.id != MAPPING:
        return Item(source, node, key=key)
    fields: dict[str, Item] = {}
    merged: dict[str, Item] = {}
    for name, value in node.value:
        if name.id != SCALAR:
            continue
        if name.value == MERGE:
            for one in value.value if value.id == SEQUENCE else [value]:
                for inner, item in (_item(source, one, left, None).fields or {}).items():
                    merged.setdefault(inner, item)
        else:
            place = Place(source, *extent(source.text, name))
            fields[str(name.value)] = _item(source, value, left, place)
    return Item(source, node, {**merged, **fields}, None, key)


def laid_over(below: Item | None, above: Item, name: str = "") -> Item:
    """``above`` over ``below``, both the values of the key ``name``."""
    if below is None or above.node.tag in (RESET, OVERRIDE):
        return above
    if name in REPLACED:
        return above
    if name in LISTED:
        below, above = _mapping(below), _mapping(above)
    if below.fields is not None and above.fields is not None:
        fields = dict(below.fields)
        for inner, item in above.fields.items():
            if item.node.tag == RESET:
                fields.pop(inner, None)
            else:
                fields[inner] = laid_over(fields.get(inner), item, inner)
        return above._replace(fields=fields)
    if below.items is not None and above.items is not None:
        return above._replace(items=_joined(below.items, above.items, name))
    if above.strand is None and above.fields is None and above.items is None:
        return below
    return above


def _joined(below: tuple[Item, ...], above: tuple[Item, ...], name: str) -> tuple[Item, ...]:
    """The items of both; of mounts those that go to the same place give way to the later."""
    if name not in ("volumes", "configs", "secrets", "devices"):
        return (*below, *above)
    found: dict[str, Item] = {}
    for item in (*below, *above):
        found[_target(item)] = item
    return tuple(found.values())


def _target(item: Item) -> str:
    """Where in the container a mount goes."""
    if item.fields is not None:
        return item.text("target") or item.text("source")
    text = item.strand.text if item.strand is not None else ""
    return mount_parts(text)[1] or text


def mount_parts(text: str) -> tuple[str, str, str]:
    """Source, target and mode of ``./conf:/etc/conf:ro``; a colon within ``${NAME:-x}`` parts nothing."""
    parts = [""]
    depth = 0
    for at, sign in enumerate(text):
        if sign == ":" and not depth:
            parts.append("")
            continue
        depth += (text[at : at + 2] == "${") - (sign == "}" and depth > 0)
        parts[-1] += sign
    if len(parts) > 1 and len(parts[0]) == 1 and parts[0].isalpha():
        parts[:2] = [":".join(parts[:2])]  # C:\\files of Windows
    if len(parts) == 1:
        return "", parts[0], ""
    return parts[0], parts[1], parts[2] if len(parts) > 2 else ""


def _mapping(item: Item) -> Item:
    """A list of ``name=value`` as the mapping that it stands for; the values keep their places."""
    if item.items is None:
        return item
    return item._replace(fields={name: one for one in item.items if (name := _name(one))}, items=None)


def _name(item: Item) -> str:
    strand = item.strand
    return strand.text.partition("=")[0] if strand is not None else ""


def named_strands(item: Item | None) -> dict[str, Strand | None]:
    """Names and values of a mapping, or of a list of ``name=value``; None for a name without a value."""
    found: dict[str, Strand | None] = {}
    for name, one in (_mapping(item).fields or {}).items() if item is not None else ():
        strand = one.strand
        if strand is not None and strand.text.startswith(f"{name}=") and _is_of_list(one):
            strand = strand.cut(len(name) + 1)
        elif strand is not None and strand.text == name and _is_of_list(one):
            strand = None
        found[name] = strand
    return found


def _is_of_list(item: Item) -> bool:
    return item.key is None
