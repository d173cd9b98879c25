"""userlist.txt; expected records follow the pgb-uf-* vectors and load_auth_file in PgBouncer's loader.c."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.catalog import version
from pgfpmlint.formats import userlist
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Blank, Comment, Malformed, Node, Record

SCRAPS = st.lists(st.sampled_from(['"', '""', "alice", " ", "\n", ";", "#", "\r\n", "\0", "é", "\v"])).map("".join)


def parsed(text: str) -> list[Node]:
    running = version.newest(version.PGBOUNCER)
    return list(userlist.parse(Source("userlist.txt", text), "/userlist.txt", running).nodes)


def records(text: str) -> list[tuple[str, ...]]:
    return [tuple(field.values[0].text for field in node.fields) for node in parsed(text) if isinstance(node, Record)]


def test_a_record_is_two_quoted_fields_and_the_rest_of_the_line() -> None:
    assert records('; c\n"alice" "pw" ignored "too"\n\n  "bob"\t"md5x"\n') == [("alice", "pw"), ("bob", "md5x")]


def test_two_quotes_inside_are_one() -> None:
    assert records('"al""ice" "p""w"\n"" ""\n') == [('al"ice', 'p"w'), ("", "")]


def test_whatever_stands_between_the_fields_is_skipped() -> None:
    assert records('"alice" = , "pw"\n"bob"\n  "pw"\n') == [("alice", "pw"), ("bob", "pw")]


def test_a_name_alone_takes_the_next_name_for_its_secret() -> None:
    assert records('"alice"\n"bob" "pw"\n') == [("alice", "bob")]


def test_what_is_no_record_is_malformed_and_placed() -> None:
    text = '"bob" "x"\n  bad line \n"alice" "pw"\n'
    nodes = parsed(text)
    assert [type(node) for node in nodes] == [Record, Malformed, Record]
    assert isinstance(nodes[1], Malformed)
    assert text[nodes[1].at : nodes[1].until] == "bad line"


def test_a_hash_starts_no_comment() -> None:
    assert [type(node) for node in parsed("# c\n  ; d\n\n")] == [Malformed, Comment, Blank]


def test_an_open_quote_is_malformed() -> None:
    assert [type(node) for node in parsed('"alice\n"bob"\n')] == [Malformed, Malformed]
    assert [type(node) for node in parsed('"alice" "pw\n')] == [Malformed]


def test_the_places_of_a_name() -> None:
    (node,) = parsed(' "a""b" "x"')
    assert isinstance(node, Record)
    name = node.fields[0].values[0]
    assert (name.start, name.end) == (1, 7)
    assert name.part(2, 3) == (5, 6)


@given(st.one_of(st.text(), SCRAPS))
def test_nodes_tile_the_source(text: str) -> None:
    at = 0
    for node in parsed(text):
        assert node.start == at
        assert node.end > at
        at = node.end
    assert at == len(text)
