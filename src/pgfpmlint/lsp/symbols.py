"""The outline of a file: sections with what they set, records one by one."""

from __future__ import annotations

from lsprotocol.types import DocumentSymbol, SymbolKind

from pgfpmlint.lsp.ruler import Ruler
from pgfpmlint.report.secrets import MASK, is_secret_name
from pgfpmlint.report.snippet import Screen, Secrets
from pgfpmlint.syntax.document import Assignment, Document, Include, Node, Record, Section

LONGEST = 60
"""Characters of a value that an outline has room for."""

COLUMNS = 5
"""Columns of a pg_hba.conf record up to its method, for a host; the options that follow may be secrets."""


def symbols(document: Document, ruler: Ruler) -> list[DocumentSymbol]:
    """In the order of the file; what follows a section's header is below it."""
    secrets = Screen().secrets([document.source])
    top: list[DocumentSymbol] = []
    section: DocumentSymbol | None = None
    for node in document.parts:
        made = _symbol(document, node, ruler, secrets)
        if made is None:
            continue
        if isinstance(node, Section):
            section = made
            top.append(made)
        elif section is not None:
            section.children = [*(section.children or []), made]
            section.range.end = made.range.end
        else:
            top.append(made)
    return top


def _symbol(document: Document, node: Node, ruler: Ruler, secrets: Secrets) -> DocumentSymbol | None:
    screen = Screen()
    detail = ""
    if isinstance(node, Section):
        name, kind, chosen = node.name.text, SymbolKind.Namespace, (node.name.start, node.name.end)
    elif isinstance(node, Assignment):
        name, kind, chosen = node.key.text, SymbolKind.Property, (node.key.start, node.key.end)
        if node.subscript is not None:
            name += f"[{node.subscript.text}]"
        if node.value is not None:
            secret = is_secret_name(node.subscript.text if node.subscript is not None else node.key.text)
            detail = MASK if secret else screen.words(node.value.text, secrets)
    elif isinstance(node, Include):
        name, kind, chosen = node.directive.text, SymbolKind.File, (node.directive.start, node.directive.end)
        detail = screen.words(node.target.text, secrets)
    elif isinstance(node, Record):
        name, detail = _of_record(document, node)
        detail = screen.words(detail, secrets)
        kind, chosen = SymbolKind.Struct, (node.fields[0].start, node.fields[0].end)
    else:
        return None
    place = document.node_place(node)
    detail = detail if len(detail) <= LONGEST else f"{detail[: LONGEST - 1]}…"
    return DocumentSymbol(
        screen.words(name, secrets).strip() or "?",
        kind,
        # A quote that is never closed takes the blanks at the end along.
        ruler.range(min(place.start, chosen[0]), max(place.end, chosen[1])),
        ruler.range(*chosen),
        detail or None,
    )


def _of_record(document: Document, node: Record) -> tuple[str, str]:
    """Name and detail: of userlist.txt the user alone."""
    texts = [",".join(value.text for value in field.values) for field in node.fields]
    if document.kind == "userlist.txt":
        return texts[0], ""
    return texts[0], " ".join(texts[1 : COLUMNS - (texts[0] == "local")])
