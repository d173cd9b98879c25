"""Connection strings; expected pairs follow the pgb-db-* vectors and cstr_get_pair in PgBouncer's loader.c."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.formats import connection_string

SCRAPS = st.lists(st.sampled_from(["host", "=", " ", "'", "''", "\t", "a", ",", ";", "é"])).map("".join)


def pairs(text: str) -> list[tuple[str, str]]:
    return [(pair.key.text, pair.value.text) for pair in connection_string.parse(text, 0).pairs]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("   ", []),
        ("host=127.0.0.1 port=5433 dbname=real", [("host", "127.0.0.1"), ("port", "5433"), ("dbname", "real")]),
        ("host = 127.0.0.1 port = 5433", [("host", "127.0.0.1"), ("port", "5433")]),
        ("host= port=5432", [("host", "port=5432")]),
        ("dbname='my db'", [("dbname", "my db")]),
        ("dbname='it''s'", [("dbname", "it's")]),
        ('dbname="x"', [("dbname", '"x"')]),
        ("host=a'b c=d'e", [("host", "a'b"), ("c", "d'e")]),
        ("host=127.0.0.1\tport=5433", [("host", "127.0.0.1\tport=5433")]),
        ("host=a \tport=1", [("host", "a"), ("\tport", "1")]),
        ("host='a'port=1", [("host", "a"), ("ort", "1")]),
        ("host=a\\ b=c", [("host", "a\\"), ("b", "c")]),
    ],
)
def test_pairs(text: str, expected: list[tuple[str, str]]) -> None:
    found = connection_string.parse(text, 0)
    assert pairs(text) == expected
    assert found.broken is None


@pytest.mark.parametrize(
    ("text", "good", "broken"),
    [
        ("host=127.0.0.1 dbname='x", 1, "dbname='x"),
        ("dbname=''", 0, "dbname=''"),
        ("host=127.0.0.1 ; note", 1, "; note"),
        ("postgres://127.0.0.1/x", 0, "postgres://127.0.0.1/x"),
        ("=x", 0, "=x"),
        ("host=", 0, "host="),
        ("host", 0, "host"),
        ("port=1 dbname=   ", 1, "dbname=   "),
    ],
)
def test_what_can_not_be_read_is_placed(text: str, good: int, broken: str) -> None:
    found = connection_string.parse(text, 0)
    assert len(found.pairs) == good
    assert found.broken is not None
    assert text[slice(*found.broken)] == broken


def test_places_count_from_where_the_string_stands() -> None:
    source = "app = host=h dbname='it''s'"
    pair = connection_string.parse(source[6:], 6).pairs[1]
    assert source[pair.key.start : pair.key.end] == "dbname"
    assert source[pair.value.start : pair.value.end] == "'it''s'"
    assert source[slice(*pair.value.part(3, 4))] == "s"
    assert pair.quoted


@given(st.one_of(st.text(), SCRAPS), st.integers(min_value=0, max_value=9))
def test_every_value_is_what_stands_at_its_place(text: str, start: int) -> None:
    found = connection_string.parse(text, start)
    for pair in found.pairs:
        written = text[pair.value.start - start : pair.value.end - start]
        assert pair.value.text == (written[1:-1].replace("''", "'") if pair.quoted else written)
        assert text[pair.key.start - start : pair.key.end - start] == pair.key.text
        assert pair.value.text
    if found.broken is not None:
        assert found.broken[1] == start + len(text)
