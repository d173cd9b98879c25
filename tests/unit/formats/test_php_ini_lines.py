"""php.ini, line by line: the short way for simple lines and the scanner's way say the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.catalog.version import parse as version_of
from pgfpmlint.formats import php_ini
from pgfpmlint.formats.php_ini import _nodes, _simple, parse
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Assignment, Malformed

NEW = version_of("php", "8.4", "")

NAMES = st.sampled_from(
    ["memory_limit", "pgsql.max_links", "on", "no", "none", "a-b", " x", "x ", "\ty", "extension", "9"]
)
WORDS = st.sampled_from(
    ["", "128M", "-1", "On", "off", "NULL", "E_ALL", "true1", "nonce", "one", "a b", "/a/b.so", "a@b", "1,2"]
)


@given(NAMES, st.sampled_from(["=", " = ", "\t=", "= "]), WORDS | st.text("aA1-/ .,:@%+*<>o", max_size=5),
       st.sampled_from(["\n", "\r\n", "", " \n", "\r"]))  # fmt: skip
def test_the_short_way_is_the_long_one(name: str, sign: str, word: str, end: str) -> None:
    line = f"{name}{sign}{word}{end}"
    short = _simple(line, 7)
    if short is not None:
        assert [short] == _nodes(line, 7, NEW)


def test_most_lines_take_it() -> None:
    for line in ("memory_limit = 128M\n", "a.b=On\r\n", "x =\n", "extension=pgsql.so", " y = /a/b:c\n"):
        assert _simple(line, 0) is not None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a = it's\nb = 1\nc = don't\nd = 2\n", {"a": "its\nb = 1\nc = dont", "d": "2"}),
        ('a = "two\nlines" ; more\nb = 1\n', {"a": "two\nlines", "b": "1"}),
        ("# a = 1\n; b = 2\nc: 3\nd\ne = 5\n", {"# a": "1", "e": "5"}),
        ('a = "open\nb = 1\n', {}),
        ("a = 1 ; it's\nb = 2\n", {"a": "1", "b": "2"}),
    ],
)
def test_values(text: str, values: dict[str, str]) -> None:
    nodes = parse(Source("php.ini", text), "/php.ini", NEW).nodes
    assert "".join(text[node.start : node.end] for node in nodes) == text
    found = {
        node.key.text: node.value.text for node in nodes if isinstance(node, Assignment) and node.value is not None
    }
    assert found == values
    assert any(isinstance(node, Malformed) for node in nodes) is (values == {})
    assert php_ini.parse(Source("a", ""), "/a", NEW).nodes == ()
