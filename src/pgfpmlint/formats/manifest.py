"""YAML that other files are made of: of its lines only the comments are wanted (manifests/ reads what it says)."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.formats import foreign_lines
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Document, Foreign, Node


def parse(source: Source, path: str, version: ServerVersion) -> Document:
    """Tile ``source``. The lines of block scalars are no YAML: comments in them are those of the file that they are."""
    text = source.text
    nodes: list[Node] = []
    within: int | None = None
    for node in foreign_lines.nodes(text, ("#",)):
        line = text[node.start : node.end]
        body = line.strip()
        depth = len(line) - len(line.lstrip(" "))
        if within is not None and body and depth <= within:
            within = None
        if within is not None:
            nodes.append(Foreign(node.start, node.end))
            continue
        if isinstance(node, Foreign):
            sign = line.rfind(" #")
            nodes.append(Foreign(node.start, node.end, node.start + sign + 1 if sign >= 0 else None))
            within = _block(line[:sign] if sign >= 0 else line)
        else:
            nodes.append(node)
    return Document("manifest", path, source, tuple(nodes))


def _block(line: str) -> int | None:
    """How far what holds a block scalar is indented, if one begins at the end of the line
    (https://yaml.org/spec/1.2.2/#81-block-scalar-styles)."""
    body = line.rstrip()
    header = body.rpartition(" ")[2]
    if header[:1] not in ("|", ">") or header[1:].strip("+-0123456789"):
        return None
    depth = len(body) - len(body.lstrip(" "))
    while body.startswith("- ", depth) and body[depth + 2 :].strip() != header:
        depth += 2 + len(body[depth + 2 :]) - len(body[depth + 2 :].lstrip(" "))
    return depth
