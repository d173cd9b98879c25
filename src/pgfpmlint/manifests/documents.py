"""The YAML documents of a manifest, as ruamel.yaml composes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pgfpmlint.source.text import Source

MAPPING, SEQUENCE, SCALAR = "mapping", "sequence", "scalar"


def documents(source: Source) -> list[Any]:
    """The root nodes; none of a file that is no YAML, which is then a template or somebody else's."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        found = list(YAML(typ="safe", pure=True).compose_all(source.text))
    except (YAMLError, RecursionError, ValueError):
        return []
    return [node for node in found if node is not None]


def pairs(node: Any) -> Iterator[tuple[str, Any]]:
    """Keys and value nodes of a mapping; nothing of what is none."""
    if node is not None and node.id == MAPPING:
        for key, value in node.value:
            if key.id == SCALAR:
                yield key.value, value


def entries(node: Any) -> list[tuple[Any, Any]]:
    """Key and value nodes of a mapping, with those that it merges in before its own
    (https://yaml.org/type/merge.html)."""
    if node is None or node.id != MAPPING:
        return []
    merged: list[tuple[Any, Any]] = []
    own: list[tuple[Any, Any]] = []
    for key, value in node.value:
        if key.id == SCALAR and key.value == "<<" and key.style is None:
            for one in reversed(value.value) if value.id == SEQUENCE else [value]:
                merged += entries(one)
        elif key.id == SCALAR:
            own.append((key, value))
    named = {key.value for key, _ in own}
    return [*(pair for pair in merged if pair[0].value not in named), *own]


def entry(node: Any, *keys: str) -> tuple[Any, Any] | None:
    """The last entry under ``keys``, one in the other, as key and value nodes."""
    found: tuple[Any, Any] | None = None
    for key in keys:
        found = next((pair for pair in reversed(entries(node)) if pair[0].value == key), None)
        if found is None:
            return None
        node = found[1]
    return found


def items(node: Any) -> list[Any]:
    """The nodes of a sequence; none of what is no sequence."""
    return list(node.value) if node is not None and node.id == SEQUENCE else []


def inside(node: Any, *keys: str) -> Any:
    """The node under ``keys``, one in the other; None where there is none."""
    for key in keys:
        node = next((value for name, value in pairs(node) if name == key), None)
    return node


def text(node: Any) -> str:
    """A scalar's value; empty for what is none."""
    return str(node.value) if node is not None and node.id == SCALAR else ""
