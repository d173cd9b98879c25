"""Apache's lines and words, as its manual and its source have them; the real one judges in tests/servers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.formats.apache_conf import parse
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Closing, Directive, Malformed


def words(text: str) -> list[list[str]]:
    nodes = parse(Source("a.conf", text), "/a.conf").parts
    return [[word.text for word in node.words] for node in nodes if isinstance(node, Directive)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("MaxRequestWorkers 150\n", [["MaxRequestWorkers", "150"]]),
        ('  DBDParams "host=db dbname=shop"\r\n', [["DBDParams", "host=db dbname=shop"]]),
        ("# words\n\nListen 80 # no comment\n", [["Listen", "80", "#", "no", "comment"]]),
        ("Define A \\\n  b\n", [["Define", "A", "b"]]),
        ("# a comment \\\nthat goes on\nListen 80", [["Listen", "80"]]),
        ('SetEnv A "say \\"hi\\" \\n"', [["SetEnv", "A", 'say "hi" \\n']]),
        ("SetEnv A 'it''s'", [["SetEnv", "A", "it", "s"]]),
        ('<VirtualHost *:80 "a b">\n', [["VirtualHost", "*:80", "a b"]]),
    ],
)
def test_words(text: str, wanted: list[list[str]]) -> None:
    assert words(text) == wanted


def test_sections_open_and_close() -> None:
    parts = parse(Source("a.conf", "<IfModule mod_dbd.c>\nDBDMax 3\n</IfModule>\n<Broken\n"), "/a.conf").parts
    kinds = [type(one) for one in parts]
    assert kinds == [Directive, Directive, Closing, Malformed]
    assert [one.opens for one in parts if isinstance(one, Directive)] == [True, False]


@given(st.text(alphabet="ab<>/\\\"'# \t\r\n$\x0b", max_size=80))
def test_nodes_tile_any_text(text: str) -> None:
    document = parse(Source("a.conf", text), "/a.conf")
    assert "".join(text[node.start : node.end] for node in document.nodes) == text
    for node in document.parts:
        for word in node.words if isinstance(node, Directive) else ():
            for at in range(len(word.text)):
                start, end = word.part(at, at + 1)
                assert text[start:end] == word.text[at]
