"""What a server is given out of a manifest is shown where people wrote it, whatever stands around it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.catalog.version import newest
from pgfpmlint.formats import postgresql_conf
from pgfpmlint.manifests.documents import documents
from pgfpmlint.manifests.draft import Draft, quote
from pgfpmlint.source.excerpt import Excerpt
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Assignment


def _settings(text: str) -> Excerpt:
    """All keys of the mapping as lines of postgresql.conf."""
    source = Source("some.yaml", text)
    (root,) = documents(source)
    draft = Draft(source, "settings", root)
    for key, value in root.value:
        draft.setting(key, value)
    return draft.excerpt()


def _lines(excerpt: Excerpt) -> list[tuple[str, str, str]]:
    """Each line's value for the server, what of the manifest the line is, and what of it the value is."""
    document = postgresql_conf.parse(excerpt, "/postgresql.conf", newest("postgresql"))
    return [
        (
            node.value.text if node.value else "",
            document.node_place(node).surface.text,
            document.place(node.value).surface.text if node.value else "",
        )
        for node in document.statements
        if isinstance(node, Assignment)
    ]


@pytest.mark.parametrize(
    ("written", "value", "shown"),
    [
        ("100", "100", "100"),
        ('"100"', "100", '"100"'),
        ("'it''s'", "it's", "'it''s'"),
        ("&most 100", "100", "100"),
        ("!!str 100", "100", "100"),
        ("&most '100'  # many", "100", "'100'"),
        (r'"C:\\data"', r"C:\data", r'"C:\\data"'),
        ("cp %p 'x y'", "cp %p 'x y'", "cp %p 'x y'"),
        (">-\n  cp %p\n  /x\n\n", "cp %p /x", ">-\n  cp %p\n  /x"),
        ("''", "", "''"),
    ],
)
def test_a_setting(written: str, value: str, shown: str) -> None:
    excerpt = _settings(f"first: 1\nname: {written}\nlast: 2\n")
    assert _lines(excerpt)[1] == (value, f"name: {written}"[: f"name: {written}".index(shown) + len(shown)], shown)
    assert _lines(excerpt)[2] == ("2", "last: 2", "2")


def test_flow_style_and_an_alias() -> None:
    assert _lines(_settings("{a: &x 5, b: *x, 'c': \"d\"}")) == [
        ("5", "a: &x 5", "5"),
        ("5", "b", "5"),
        ("d", "'c': \"d\"", '"d"'),
    ]


@given(st.text(alphabet="ab '\\\"#=é", max_size=12))
def test_each_sign_of_a_value_is_where_it_is_written(value: str) -> None:
    doubled = value.replace("'", "''")
    excerpt = _settings(f"name: '{doubled}'\n")
    assert excerpt.text == f"name = {quote(value)}\n"
    document = postgresql_conf.parse(excerpt, "/postgresql.conf", newest("postgresql"))
    (node,) = document.statements
    assert isinstance(node, Assignment)
    assert node.value is not None
    assert node.value.offsets is not None
    assert node.value.text == value
    for at, sign in enumerate(value):
        begin, _ = node.value.part(at, at + 1)
        assert excerpt.surface(begin, begin + 1).text == sign * (2 if sign == "'" else 1)


def test_what_the_product_writes_is_shown_where_it_is_told_to() -> None:
    source = Source(
        "some.yaml", "spec:\n  tls: true\n  rules:\n  - local all all peer\n  - |\n    host all all all md5\n"
    )
    (root,) = documents(source)
    spec: Any = root.value[0][1]
    section = root.value[0][0]
    (key, tls), (_, rules) = spec.value
    draft = Draft(source, "rules", section).glue("# by the product\n").setting(key, tls, "on")
    for item in rules.value:
        draft.line(item)
    excerpt = draft.glue("local all all reject\n", rules.value[0]).excerpt()
    assert (
        excerpt.text == "# by the product\ntls = 'on'\nlocal all all peer\nhost all all all md5\nlocal all all reject\n"
    )
    shown = [excerpt.line_place(number).surface.text for number in range(1, 6)]
    assert shown == ["spec", "tls: true", "local all all peer", "host all all all md5", "local all all peer"]
