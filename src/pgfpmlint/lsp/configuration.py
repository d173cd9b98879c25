"""What may be written in ``.pgfpmlint.yaml`` where the cursor is, as its JSON Schema has it.

The text is being written and seldom is YAML at that moment, so what is around the cursor is told by its indentation and
its brackets alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pgfpmlint.config.schema import schema
from pgfpmlint.formats import FORMATS
from pgfpmlint.lsp.completion import SETTING, VALUE, Proposal
from pgfpmlint.registry.definition import FAMILIES
from pgfpmlint.registry.load import RuleBook

ITEM = "[]"
"""Stands in a path for any item of a list."""

ENDS = ("from", "to")
"""Keys whose values name nodes of the deployment."""

Schema = Mapping[str, Any]


def proposals(text: str, offset: int, book: RuleBook, nodes: Sequence[str] = ()) -> list[Proposal]:
    """Keys, or values of the key before the cursor. ``nodes`` are the names that links and consumers may use."""
    begin = text.rfind("\n", 0, offset) + 1
    line = text[begin:offset]
    if "#" in line:
        return []
    path, word, is_value = _around(text[:begin], line)
    start = offset - len(word)
    whole = schema({rule.id: rule.title for rule in book.rules.values()}, FAMILIES, FORMATS)
    if is_value and path and path[-1] in ENDS and nodes:
        return [Proposal(node, start, VALUE) for node in nodes]
    node = _walked(whole, path)
    if node is None:
        return []
    if is_value or (path and path[-1] == ITEM and "properties" not in node):
        return [Proposal(value, start, VALUE, tells) for value, tells in _values(node, whole)]
    return [Proposal(f"{key}: ", start, SETTING, tells) for key, tells in _keys(node, whole)]


def _around(above: str, line: str) -> tuple[list[str], str, bool]:
    """The path of what the cursor is in, the word that is begun there, and whether it is the value of the last key."""
    body = line.lstrip()
    indent = len(line) - len(body)
    path = _parents(above, indent, is_item=body.startswith("-"))
    if body.startswith("-"):
        path.append(ITEM)
        body = body[1:].lstrip()
    begun = 0
    opened: list[int] = []
    for at, sign in enumerate(body):
        if sign in "{[":
            key = body[begun:at].partition(":")[0].strip()
            opened.append(len(path))
            path += [key] if key else []
            path += [ITEM] if sign == "[" else []
            begun = at + 1
        elif sign in "}]" and opened:
            del path[opened.pop() :]
            begun = at + 1
        elif sign == "," and opened:
            begun = at + 1
    piece = body[begun:].lstrip()
    key, colon, value = piece.partition(":")
    if colon:
        return [*path, key.strip()], value.lstrip(), True
    return path, piece, False


def _parents(above: str, indent: int, *, is_item: bool) -> list[str]:
    path: list[str] = []
    for line in reversed(above.splitlines()):
        body = line.lstrip()
        own = len(line) - len(body)
        if not body or body.startswith("#") or own > indent or (own == indent and not (is_item and body[0] != "-")):
            continue
        if body.startswith("-"):
            inner = body[1:].lstrip()
            key_indent = len(line) - len(inner)
            if inner.rstrip().endswith(":") and key_indent < indent:
                path.insert(0, inner.rstrip()[:-1])
            path.insert(0, ITEM)
            indent, is_item = own, True
            continue
        path.insert(0, body.partition(":")[0].strip())
        indent, is_item = own, False
        if own == 0:
            break
    return path


def _walked(whole: Schema, path: Sequence[str]) -> Schema | None:
    node: Schema | None = whole
    for step in path:
        node = _plain(node, whole)
        if step == ITEM:
            node = node.get("items")
        elif step in node.get("properties", {}):
            node = node["properties"][step]
        else:
            held = node.get("additionalProperties")
            node = held if isinstance(held, Mapping) else None
        if node is None:
            return None
    return _plain(node, whole)


def _plain(node: Schema | None, whole: Schema) -> Schema:
    """The node that a reference stands for."""
    assert node is not None
    for reference in (node, *node.get("allOf", ())):
        if "$ref" in reference:
            found: Schema = whole["definitions"][reference["$ref"].rpartition("/")[2]]
            return found
    return node


def _keys(node: Schema, whole: Schema) -> Iterator[tuple[str, str]]:
    for key, value in node.get("properties", {}).items():
        yield key, value.get("description", "")
    if "propertyNames" in node:
        yield from _values(_plain(node["propertyNames"], whole), whole)


def _values(node: Schema, whole: Schema) -> Iterator[tuple[str, str]]:
    if node.get("type") == "boolean":
        yield from (("true", ""), ("false", ""))
    yield from ((word, "") for word in node.get("enum", ()))
    for one in node.get("anyOf", ()):
        if "const" in one:
            yield one["const"], one.get("description", "")
    if "items" in node:
        yield from _values(_plain(node["items"], whole), whole)
