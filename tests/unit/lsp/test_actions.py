from __future__ import annotations

import pytest
from lsprotocol.types import CodeAction, Diagnostic, Position, Range, TextDocumentEdit, TextEdit

from pgfpmlint.finding.finding import Edit, Finding, Fix
from pgfpmlint.lsp.actions import actions
from pgfpmlint.lsp.document import Document
from pgfpmlint.lsp.measures import Measures
from pgfpmlint.lsp.picture import Picture
from pgfpmlint.lsp.project import Project
from pgfpmlint.source.text import Source

PROJECT = Project("/tree")
NOWHERE = Range(Position(0, 0), Position(0, 0))


def offered(source: Source, fix: Fix, *documents: Document, versioned: bool = True) -> list[CodeAction]:
    at = source.line_place(1)
    finding = Finding("a/b", "error", "wrong", at, (), (), "write it otherwise", "", fix)
    open_ones = {document.path: document for document in documents}
    measures = Measures(PROJECT, open_ones, "utf-16")
    picture = Picture(PROJECT, open_ones)
    return actions([(finding, Diagnostic(NOWHERE, "wrong"))], picture, measures, versioned=versioned)


@pytest.mark.parametrize(
    ("applicability", "titles"),
    [
        ("safe", [("Write it otherwise", True)]),
        ("unsafe", [("Write it otherwise (unsafe: the server will do something else than it does now)", None)]),
        ("shown", []),
    ],
)
def test_how_sure_a_fix_is(applicability: str, titles: list[tuple[str, bool | None]]) -> None:
    source = Source("x.conf", "😀 = 1\n")
    made = offered(source, Fix(applicability, (Edit(source.place(4, 5), "2"),)))
    assert [(action.title, action.is_preferred) for action in made] == titles


def test_edits_of_several_files_in_the_clients_own_terms() -> None:
    """Of a file that is open the edit says of which version it is; lines end as the editor shows them."""
    here, there = Source("x.conf", "😀 = 1\r\n"), Source("d/y.conf", "b\n")
    fix = Fix("safe", (Edit(here.place(4, 5), "2\n3"), Edit(there.place(0, 2), "")))
    (action,) = offered(here, fix, Document("file:///tree/x%2econf", "/tree/x.conf", 7, here.text))
    assert action.edit
    edited = [change for change in action.edit.document_changes or () if isinstance(change, TextDocumentEdit)]
    assert [(change.text_document.uri, change.text_document.version, list(change.edits)) for change in edited] == [
        ("file:///tree/x%2econf", 7, [TextEdit(Range(Position(0, 5), Position(0, 6)), "2\r\n3")]),
        ("file:///tree/d/y.conf", None, [TextEdit(Range(Position(0, 0), Position(1, 0)), "")]),
    ]


def test_for_clients_that_know_no_versions() -> None:
    source = Source("x.conf", "a\n")
    (action,) = offered(source, Fix("safe", (Edit(source.place(0, 1), "b"),)), versioned=False)
    assert action.edit
    assert action.edit.changes == {"file:///tree/x.conf": [TextEdit(Range(Position(0, 0), Position(0, 1)), "b")]}


def test_a_fix_that_would_tell_a_secret_is_not_offered() -> None:
    source = Source("x.conf", "password = 'hunter2hunter2'\n")
    assert offered(source, Fix("safe", (Edit(source.place(0, 8), "auth = 'hunter2hunter2'"),))) == []
