"""nginx's grammar. What nginx takes and refuses is what ``nginx -t`` of 1.22.1 said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.formats.nginx import parse
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Blank, Closing, Comment, Directive, Malformed

PIECES = st.sampled_from(
    [
        "a",
        ";",
        "{",
        "}",
        " ",
        "\n",
        "\r\n",
        "#",
        '"',
        "'",
        "\\",
        "${b}",
        "$",
        "a b;",
        "x_by_lua_block {",
        "\t",
        "\0",
        "é",
    ]
)


@given(st.lists(PIECES | st.text(max_size=5)))
def test_nodes_tile_the_source(pieces: list[str]) -> None:
    text = "".join(pieces)
    document = parse(Source("a", text), "/a")
    assert "".join(text[node.start : node.end] for node in document.nodes) == text
    assert [node.start for node in document.nodes[1:]] == [node.end for node in document.nodes[:-1]]
    assert all(text[node.sign] == "#" for node in document.nodes if isinstance(node, Comment))
    assert document.statements == [node for node in document.nodes if not isinstance(node, (Blank, Comment))]


def words(text: str) -> list[list[str] | str]:
    """Each statement's words; ``}`` for a closing brace, the message for what nginx can't read."""
    found: list[list[str] | str] = []
    for node in parse(Source("nginx.conf", text), "/nginx.conf").statements:
        if isinstance(node, Directive):
            found.append([word.text for word in node.words] + (["{"] if node.opens else []))
        elif isinstance(node, Closing):
            found.append("}")
        elif isinstance(node, Malformed):
            found.append(node.says)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("user  www-data;", [["user", "www-data"]]),
        ("http { server { } }", [["http", "{"], ["server", "{"], "}", "}"]),
        ("a b#c;", [["a", "b#c"]]),
        ("a b; # c;\n", [["a", "b"]]),
        ("a # b;\n c;", [["a", "c"]]),
        ('a "b c;{" \'d"\';', [["a", "b c;{", 'd"']]),
        ('a b"c";', [["a", 'b"c"']]),
        (r"a b\;c \"d;", [["a", r"b\;c", '"d']]),
        ("a ${b}c $d;", [["a", "${b}c", "$d"]]),
        (r"location ~ \.php$ {", [["location", "~", r"\.php$", "{"]]),
        (r'a "b\tc\d\"";', [["a", 'b\tc\\d"']]),
        ("a\n  b\n;", [["a", "b"]]),
        ("a b}c;", [["a", "b}c"]]),
        ('a "b"c;', ['unexpected "c"']),
        ("a", ['unexpected end of file, expecting ";" or "}"']),
        ("a }", ['unexpected "}"']),
        ("}", ['unexpected "}"']),
        (";", ['unexpected ";"']),
        ("content_by_lua_block { if a then b = {} end } c;", [["content_by_lua_block", "{"], "}", ["c"]]),
    ],
)
def test_words(text: str, expected: list[list[str] | str]) -> None:
    assert words(text) == expected
