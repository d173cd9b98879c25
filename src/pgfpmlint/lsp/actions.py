"""What an editor offers to do about a finding: its fix, or a comment that suppresses it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from lsprotocol.types import (
    CodeAction,
    CodeActionKind,
    Diagnostic,
    OptionalVersionedTextDocumentIdentifier,
    TextDocumentEdit,
    TextEdit,
    WorkspaceEdit,
)

from pgfpmlint.engine import MARK
from pgfpmlint.finding.finding import Edit, Finding, Fix
from pgfpmlint.finding.fix import SAFE, UNSAFE, line_above
from pgfpmlint.lsp.measures import Measures
from pgfpmlint.lsp.picture import Picture
from pgfpmlint.report.snippet import Screen
from pgfpmlint.report.telling import telling
from pgfpmlint.syntax.document import Statement

SIGNS = {
    "postgresql.conf": "#",
    "pg_hba.conf": "#",
    "pg_ident.conf": "#",
    "pgbouncer-hba": "#",
    "pgbouncer-ident": "#",
    "env": "#",
    "doctrine": "#",
    "php-fpm": ";",
    "php.ini": ";",
    "pgbouncer.ini": ";",
    "userlist.txt": ";",
    "sql": "--",
    "php": "//",
}
"""What a comment on a line of its own begins with."""


def actions(
    found: Iterable[tuple[Finding, Diagnostic]], picture: Picture, measures: Measures, *, versioned: bool
) -> list[CodeAction]:
    """For findings with their diagnostics; ``versioned``: the client takes edits that say of which version they are."""
    screen = Screen()
    made: list[CodeAction] = []
    for finding, diagnostic in found:
        fix = telling(finding, screen).fix
        if fix is not None and fix.applicability in (SAFE, UNSAFE):
            edit = _workspace_edit(fix.edits, picture, measures, versioned=versioned)
            made.append(
                CodeAction(
                    title=_title(finding, fix, screen),
                    kind=CodeActionKind.QuickFix,
                    diagnostics=[diagnostic],
                    is_preferred=True if fix.applicability == SAFE else None,
                    edit=edit,
                )
            )
        for suppression in _suppression(finding, picture):
            edit = _workspace_edit([suppression], picture, measures, versioned=versioned)
            title = f"Suppress {finding.rule} here with a comment"
            made.append(CodeAction(title, CodeActionKind.QuickFix, [diagnostic], edit=edit))
    return made


def _title(finding: Finding, fix: Fix, screen: Screen) -> str:
    words = telling(finding, screen).help or f"mend {finding.rule}"
    risk = "" if fix.applicability == SAFE else " (unsafe: the server will do something else than it does now)"
    return f"{words[:1].upper()}{words[1:]}{risk}"


def _suppression(finding: Finding, picture: Picture) -> Iterator[Edit]:
    """A comment above the line; none where the format has none, or where comments must not suppress."""
    if picture.run is None or picture.config is None or picture.config.rules.forbidden is not None:
        return
    for reading in picture.run.world.readings:
        for document in reading.documents:
            if document.source is not finding.at.source:
                continue
            sign = SIGNS.get(document.kind)
            if sign is None:
                return
            at = finding.at
            node = next((node for node in document.nodes if node.start <= at.start < node.end), None)
            if isinstance(node, Statement):
                at = document.source.place(node.first, node.last)
            elif node is not None:
                at = document.node_place(node)
            yield line_above(at, f"{sign} {MARK} ignore[{finding.rule}]")
            return


def _workspace_edit(edits: Iterable[Edit], picture: Picture, measures: Measures, *, versioned: bool) -> WorkspaceEdit:
    by_path: dict[str, list[TextEdit]] = {}
    for edit in edits:
        path = picture.project.path(edit.place.path)
        open_one = picture.documents.get(path)
        shown = open_one.text if open_one is not None else edit.place.source.text
        end = "\r\n" if "\r\n" in shown else "\n"
        text = edit.text.replace("\r\n", "\n").replace("\n", end)
        by_path.setdefault(edit.place.path, []).append(TextEdit(measures.range(edit.place), text))
    by_uri = {measures.uri(shown): (shown, told) for shown, told in by_path.items()}
    if not versioned:
        return WorkspaceEdit(changes={uri: told for uri, (_, told) in by_uri.items()})
    return WorkspaceEdit(document_changes=list(_of_versions(by_uri, picture)))


def _of_versions(by_uri: Mapping[str, tuple[str, list[TextEdit]]], picture: Picture) -> Iterator[TextDocumentEdit]:
    for uri, (shown, told) in by_uri.items():
        document = picture.documents.get(picture.project.path(shown))
        version = document.version if document is not None else None
        yield TextDocumentEdit(OptionalVersionedTextDocumentIdentifier(uri, version), list(told))
