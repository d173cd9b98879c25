"""A document gives its file back, whatever the file holds and whatever reads it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.catalog.version import OLDEST, newest, parse
from pgfpmlint.discover.versions import PRODUCTS
from pgfpmlint.formats import FORMATS
from pgfpmlint.formats import parse as read
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Blank, Comment

LINES = st.sampled_from(
    [
        *("", " ", "\t\r", "\0", "%", "[a]", "a = b", '"a" "b"', "host all all all md5"),
        *("# a", "; a", "  # a", " ;a", "#\\", ";\r"),
        *("-- a", " /* b", "*/ c;", "'", "$$", "(", ");", "\\d", "copy a from stdin;", "\\.", ":a"),
    ]
)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("age", ["oldest", "newest"])
@given(st.lists(LINES | st.text(max_size=9)), st.sampled_from(["\n", "\r\n"]))
def test_nodes_tile_the_source(kind: str, age: str, lines: list[str], line_end: str) -> None:
    product = PRODUCTS[kind]
    oldest = parse(product, ".".join(map(str, OLDEST[product])), "")
    text = line_end.join(lines)
    document = read(kind, Source("a", text), "/a", oldest if age == "oldest" else newest(product))
    assert "".join(text[node.start : node.end] for node in document.nodes) == text
    assert [node.start for node in document.nodes[1:]] == [node.end for node in document.nodes[:-1]]
    signs = {"sql": "-/", "php": "#/"}.get(kind, "#;")
    assert all(text[node.sign] in signs for node in document.nodes if isinstance(node, Comment))
    assert document.statements == [node for node in document.nodes if not isinstance(node, (Blank, Comment))]
