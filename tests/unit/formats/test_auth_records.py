"""Words, lines and places of pg_hba.conf and pg_ident.conf. What is expected was seen on PostgreSQL 13 to 18."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.catalog.version import POSTGRESQL, ServerVersion
from pgfpmlint.formats import parse
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Blank, Comment, Document, Include, Malformed, Record, Value

LINES = st.lists(st.text(alphabet='ab,"#@ \t\r\\/\0é￾', max_size=12), max_size=6).map("\n".join)


def read(text: str, major: int = 16, kind: str = "pg_hba.conf") -> Document:
    return parse(kind, Source("pg_hba.conf", text), "/data/pg_hba.conf", ServerVersion(POSTGRESQL, (major,), "test"))


def words(text: str, major: int = 16) -> list[list[list[str]]]:
    return [
        [[value.text for value in field.values] for field in node.fields]
        for node in read(text, major).nodes
        if isinstance(node, Record)
    ]


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("local all all trust", [["local"], ["all"], ["all"], ["trust"]]),
        ("  local\tall\r all trust\r\n", [["local"], ["all"], ["all"], ["trust"]]),
        ("trust#x", [["trust"]]),
        ('a"b c"d "x""y" ""', [["ab cd"], ['x"y'], [""]]),
        ('"all all trust\r\n', [["all all trust"]]),
        ("a, b c", [["a", "b"], ["c"]]),
        ("a ,b", [["a"], ["b"]]),
        (",a,,b,", [["a", "b"]]),
        ("a,# rest", [["a"]]),
        ('"a#b,c" d', [["a#b,c"], ["d"]]),
        ("a\vb c\xa0d", [["a\vb"], ["c\xa0d"]]),
        ("'app' ;x //y", [["'app'"], [";x"], ["//y"]]),
        ("/^a,b$", [["/^a", "b$"]]),
        ("local all \\ \n", [["local"], ["all"], ["\\"]]),
    ],
)
def test_a_line_falls_into_fields_of_words(line: str, fields: list[list[str]]) -> None:
    assert words(line) == [fields]


@pytest.mark.parametrize(
    ("line", "quoted"),
    [('"all"', True), ('a"ll"', False), ('@"a b"', False), ('"@x"', True), ('""x', True), ('x""', False)],
)
def test_a_word_counts_as_quoted_by_its_first_character(line: str, quoted: bool) -> None:
    (node,) = read(line).nodes
    assert isinstance(node, Record)
    assert node.fields[0].quoted == (quoted,)


def test_the_stock_file_is_comments_blanks_and_records() -> None:
    nodes = read("# TYPE  DATABASE\n\nlocal all all peer # note\n  # end").nodes
    assert [type(node) for node in nodes] == [Comment, Blank, Record, Comment]
    assert isinstance(nodes[2], Record)
    assert nodes[2].comment == 37
    assert nodes[3].sign == 46 if isinstance(nodes[3], Comment) else False


def test_a_byte_order_mark_belongs_to_the_first_word() -> None:
    assert words("\ufefflocal all all trust") == [[["\ufefflocal"], ["all"], ["all"], ["trust"]]]


class TestContinuation:
    def test_a_backslash_at_the_end_joins_the_next_line_without_a_blank(self) -> None:
        assert words("local all all tru\\\nst\n") == [[["local"], ["all"], ["all"], ["trust"]]]
        assert words("local all all tru\\\r\nst\n") == [[["local"], ["all"], ["all"], ["trust"]]]

    def test_13_knows_no_continuation(self) -> None:
        assert words("local all \\\nall trust\n", 13) == [[["local"], ["all"], ["\\"]], [["all"], ["trust"]]]

    def test_a_comment_swallows_the_next_line_too(self) -> None:
        assert words("# a \\\nlocal all all trust\nhost a a a a\n") == [[["host"], ["a"], ["a"], ["a"], ["a"]]]
        assert len(words("# a \\\nlocal all all trust\nhost a a a a\n", 13)) == 2

    def test_places_survive_the_joint(self) -> None:
        document = read('x "tr\\\nu""st"\n')
        (node,) = document.nodes
        assert isinstance(node, Record)
        value = node.fields[1].values[0]
        assert value.text == 'tru"st'
        assert document.source.text[value.start : value.end] == '"tr\\\nu""st"'
        assert [document.source.text[spot] for spot in value.offsets or ()] == list('tru"st')

    def test_at_the_end_of_the_file(self) -> None:
        assert words("local all\\") == [[["local"], ["all"]]]
        assert words("local all\\\n") == [[["local"], ["all"]]]


class TestNul:
    def test_13_loses_the_rest_of_the_line(self) -> None:
        assert words("host all\0 x\nlocal y\n", 13) == [[["host"], ["all"]], [["local"], ["y"]]]

    def test_newer_ones_go_on_with_the_next_line(self) -> None:
        assert words("host all\0 x\nlocal y\n", 14) == [[["host"], ["alllocal"], ["y"]]]


class TestIncludes:
    def test_from_16_on(self) -> None:
        (node,) = read("include more.conf # x\n").nodes
        assert isinstance(node, Include)
        assert (node.directive.text, node.target.text, node.comment) == ("include", "more.conf", 18)

    @pytest.mark.parametrize("line", ["include", "include a b", "INCLUDE a", "include a,b"])
    def test_anything_else_is_a_record(self, line: str) -> None:
        assert isinstance(read(line).nodes[0], Record)

    def test_no_directive_before_16(self) -> None:
        assert isinstance(read("include more.conf", 15).nodes[0], Record)


class TestLimits:
    @pytest.mark.parametrize(
        ("word", "bad"),
        [("a" * 10239, False), ("a" * 10240, True), ("é" * 5120, True), ('"' + "a" * 10239 + '"', True)],
    )
    def test_of_a_token_up_to_15(self, word: str, bad: bool) -> None:
        assert isinstance(read(f"local {word} all trust\n", 15).nodes[0], Malformed) == bad
        assert isinstance(read(f"local {word} all trust\n", 16).nodes[0], Record)

    @pytest.mark.parametrize(("length", "bad"), [(20477, False), (20478, True)])
    def test_of_a_line_in_13(self, length: int, bad: bool) -> None:
        line = "#" * length + "\n"
        assert isinstance(read(line, 13).nodes[0], Malformed) == bad
        assert isinstance(read(line, 14).nodes[0], Comment)


@given(LINES, st.integers(12, 19), st.sampled_from(["pg_hba.conf", "pg_ident.conf"]))
def test_nodes_tile_the_source(text: str, major: int, kind: str) -> None:
    document = read(text, major, kind)
    assert "".join(text[node.start : node.end] for node in document.nodes) == text
    assert [node.start for node in document.nodes] == [0, *(node.end for node in document.nodes)][: len(document.nodes)]


@given(st.text(), st.integers(12, 19))
def test_any_text_is_read(text: str, major: int) -> None:
    assert "".join(text[node.start : node.end] for node in read(text, major).nodes) == text


@given(LINES, st.integers(12, 19))
def test_values_map_back_to_what_is_written(text: str, major: int) -> None:
    def held(value: Value) -> str:
        spots = value.offsets if value.offsets is not None else range(value.start, value.end)
        return "".join(text[spot] for spot in spots)

    for node in read(text, major).nodes:
        if isinstance(node, Record):
            for field in node.fields:
                assert field.values
                assert node.start <= field.start <= field.end <= node.end
                for value in field.values:
                    assert held(value) == value.text
                    assert field.start <= value.start <= value.end <= field.end


@given(LINES)
def test_the_quick_way_and_the_long_way_agree(text: str) -> None:
    from pgfpmlint.formats import auth_records

    for line in text.split("\n"):
        if '"' not in line and "," not in line:
            for blanks in (" \t\r", " \t"):
                assert auth_records._plain_words(line, blanks) == auth_records._words(line, 0, blanks)
