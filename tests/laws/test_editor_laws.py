"""Whatever stands in a file that is being written, an editor gets an answer, and places lie in the text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgfpmlint.formats import FORMATS
from pgfpmlint.lsp import completion, configuration
from pgfpmlint.lsp.definition import definitions, named
from pgfpmlint.lsp.document import Document
from pgfpmlint.lsp.hover import hover, rule_at
from pgfpmlint.lsp.picture import Picture, take
from pgfpmlint.lsp.project import Project
from pgfpmlint.lsp.ruler import Ruler
from pgfpmlint.lsp.spot import kind_of, read, spot, word_at
from pgfpmlint.lsp.symbols import symbols
from pgfpmlint.options import Options
from pgfpmlint.registry.load import rule_book

BOOK = rule_book()

NAMES = {
    "postgresql.conf": "postgresql.conf",
    "pg_hba.conf": "pg_hba.conf",
    "pg_ident.conf": "pg_ident.conf",
    "php-fpm": "php-fpm.conf",
    "php.ini": "php.ini",
    "pgbouncer.ini": "pgbouncer.ini",
    "userlist.txt": "userlist.txt",
    "pgcat.toml": "pgcat.toml",
    "pgpool.conf": "pgpool.conf",
    "odyssey.conf": "odyssey.conf",
}

PIECES = (
    *(
        "[",
        "]",
        "=",
        " ",
        "\t",
        "\n",
        "\r\n",
        "'",
        '"',
        "#",
        ";",
        ",",
        "{",
        "}",
        ":",
        "-",
        "\\",
        "😀",
        "\ufeff",
        "\x00",
    ),
    *("[pgbouncer]", "[databases]", "[global]", "[www]", "shop = host=db ", "pool_mode", "pm.max_children", "env[X]"),
    *("php_admin_value[", "work_mem", "max_connections", "include", "include_dir", "64", "MB", "host", "local", "all"),
    *(
        "10.0.0.0/8",
        "255.0.0.0",
        "ldap",
        "clientcert=",
        "scram-sha-256",
        "# pgfpmlint: ignore[",
        "hba/host-without-tls",
    ),
    *("rules:\n  ignore: [", "hosts:\n  db: {", "links:\n- from: ", "policy:"),
)

TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def pictured(document: Document) -> Picture:
    return take(Project("/nowhere", document.path), {document.path: document}, Options(), BOOK, None)


@pytest.mark.parametrize("kind", NAMES)
@settings(max_examples=25)
@given(data=st.data())
def test_any_text(kind: str, data: st.DataObject) -> None:
    path = f"/nowhere/{NAMES[kind]}"
    text = data.draw(TEXTS)
    document = Document(f"file://{path}", path, 1, text)
    picture = pictured(document)
    assert kind_of(path, picture) == kind
    ruler = Ruler(text, "utf-16", marked=text.startswith("\ufeff"))
    for offset in data.draw(st.lists(st.integers(0, len(text)), min_size=1, max_size=4)):
        at = spot(document, offset, picture)
        assert at is not None
        hover(at, picture)
        rule_at(text, offset, kind, word_at(text, offset), BOOK)
        for place in definitions(at, picture):
            assert 0 <= place.start <= place.end <= len(place.source.text)
        for proposal in completion.proposals(kind, at.version, text, offset, BOOK):
            assert text.rfind("\n", 0, offset) < proposal.start <= offset
    pending = symbols(read(document, kind, picture), ruler)
    while pending:
        symbol = pending.pop()
        assert symbol.name
        assert symbol.range.start <= symbol.selection_range.start <= symbol.selection_range.end <= symbol.range.end
        pending += symbol.children or []


@given(TEXTS, st.data())
def test_any_configuration(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    for proposal in configuration.proposals(text, offset, BOOK, ["web/www"]):
        assert text.rfind("\n", 0, offset) < proposal.start <= offset
    named(word_at(text, offset), Picture(Project("/nowhere"), {}))


def test_each_kind_that_can_be_edited_is_tried() -> None:
    others = {"pgbouncer-hba", "pgbouncer-ident", "sql", "env", "php", "doctrine"}
    assert {*NAMES, *others} == {*FORMATS}, "named by no other file, no file name alone makes one of the others"
