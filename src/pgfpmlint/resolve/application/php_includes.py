"""The files that PHP code includes by paths that can be told without running it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.formats.php_code import Code
from pgfpmlint.formats.syntax_tree import every
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.source import paths
from pgfpmlint.source.tree import Root, Unreadable

if TYPE_CHECKING:
    from tree_sitter import Node

INCLUDES = ("include_expression", "include_once_expression", "require_expression", "require_once_expression")
OTHERS = ("/vendor/", "/node_modules/")
MOST = 100
"""Of an application that includes more files by hand, the rest stay unread."""


def with_included(root: Root, code: Sequence[str]) -> tuple[str, ...]:
    """``code``, machine paths, and what it includes that is there; nothing of libraries."""
    found = list(code)
    for path in found:  # grows as it is walked
        try:
            parsed = Code(root.read(path))
        except Unreadable:
            continue
        for target in _included(parsed, path):
            if len(found) < MOST and target not in found and root.is_file(target):
                found.append(target)
    return tuple(found)


def _included(code: Code, path: str) -> Iterator[str]:
    for node in every(code.root):
        if node.type in INCLUDES and node.named_children:
            told = _path(code, node.named_children[0], path)
            target = paths.join(paths.folder(path), told) if told else ""
            if target.endswith(".php") and not any(folder in target for folder in OTHERS):
                yield target


def _path(code: Code, node: Node, path: str) -> str | None:
    """``__DIR__ . '/db.php'``, ``dirname(__DIR__) . '/db.php'``, ``'db.php'``; None for what must be run."""
    if node.type == "parenthesized_expression" and node.named_children:
        return _path(code, node.named_children[0], path)
    if node.type == "binary_expression":
        sides = [node.child_by_field_name(name) for name in ("left", "right")]
        sign = node.child_by_field_name("operator")
        told = [_path(code, side, path) for side in sides if side is not None]
        if sign is None or code.text(sign) != "." or len(told) != 2:
            return None
        return None if told[0] is None or told[1] is None else told[0] + told[1]
    if node.type == "name":
        return {"__DIR__": paths.folder(path), "__FILE__": path}.get(code.text(node))
    if node.type == "function_call_expression":
        given = node.child_by_field_name("arguments")
        name = node.child_by_field_name("function")
        if name is None or code.text(name).lower() != "dirname" or given is None or len(given.named_children) != 1:
            return None
        inner = _path(code, given.named_children[0].named_children[0], path)
        return paths.folder(inner) if inner else None
    if node.type in ("string", "encapsed_string"):
        parts = node.named_children
        return code.text(parts[0]) if len(parts) == 1 and parts[0].type == "string_content" else None
    return None
