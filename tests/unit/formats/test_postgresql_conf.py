"""What postgresql.conf's lines are. Expected readings were checked with PostgreSQL 12 to 18 (postgres -C)."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.catalog.version import POSTGRESQL, newest
from pgfpmlint.formats.postgresql_conf import parse
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Assignment, Blank, Comment, Document, Include, Malformed


def document(text: str) -> Document:
    return parse(Source("postgresql.conf", text), "/etc/postgresql.conf", newest(POSTGRESQL))


def only(text: str) -> Assignment:
    node = document(text).nodes[0]
    assert isinstance(node, Assignment)
    return node


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("work_mem = 8MB", "work_mem", "8MB"),
        ("work_mem 8MB", "work_mem", "8MB"),
        ("work_mem=8MB#note", "work_mem", "8MB"),
        ("  \t Work_MEM\t=\t8MB  \t\r", "Work_MEM", "8MB"),
        ("work_mem'8MB'", "work_mem", "8MB"),
        ("seq_page_cost+.5", "seq_page_cost", "+.5"),
        ("seq_page_cost = .", "seq_page_cost", "."),
        ("my.setting = a/b.c-d:e_1", "my.setting", "a/b.c-d:e_1"),
        ("cluster_name = a.", "cluster_name", "a."),
        ("cluster_name = a.1", "cluster_name", "a.1"),
        ("max_connections = 0xg", "max_connections", "0xg"),
        ("größe = 1", "größe", "1"),
        ("\ufeffwork_mem = 8MB", "\ufeffwork_mem", "8MB"),
        ("x = 'a#b' # c", "x", "a#b"),
        ("x = ''", "x", ""),
        ("x = 'it''s'", "x", "it's"),
        (r"x = 'it\'s'", "x", "it's"),
        (r"x = 'a\tb\101\q\\'", "x", "a\tbAq\\"),
        (r"x = '\1018\x41'", "x", "A8x41"),
        (r"x = '\303\251'", "x", "é"),
        (r"x = '\303x\251'", "x", "\udcc3x\udca9"),
        (r"x = 'ab\0cd'", "x", "ab"),
        ("x = 'ab\0cd'", "x", "a"),
    ],
)
def test_a_statement_is_a_name_and_a_value(line: str, name: str, value: str) -> None:
    node = only(line + "\n")
    assert node.value is not None
    assert (node.key.text, node.value.text) == (name, value)


@pytest.mark.parametrize(
    ("line", "token"),
    [
        ("work_mem = 8 MB", "MB"),
        ("work_mem = 1.5GB", "GB"),
        ("max_connections = 1e2", "2"),
        ("seq_page_cost = 1.5.5", ".5"),
        ("work_mem == 8MB", "="),
        ("; work_mem = 8MB", ";"),
        ("-- note", "-"),
        ('cluster_name = "abc"', '"'),
        ("cluster_name = 'abc", "'"),
        ("cluster_name = 'a' 'b'", "'b'"),
        ("cluster_name = 'a''b", "'"),
        ("cluster_name = a.b", "a.b"),
        ("include x.conf", "x.conf"),
        ("log_directory = /var/log/pg", "/"),
        ("listen_addresses = *", "*"),
        ("log_destination = stderr,csvlog", ","),
        ("a.b.c = 1", "a.b.c"),
        ("my-app.x = 1", "my-app.x"),
        ("work_mem = 8MB\rcluster_name = 'x'\r", "cluster_name"),
        ("work_mem = \\", "\\"),
        ("\f", "\f"),
    ],
)
def test_what_is_no_statement_names_the_token(line: str, token: str) -> None:
    node = document(line + "\n").nodes[0]
    assert isinstance(node, Malformed)
    assert node.says == f'syntax error, near token "{token}"'
    assert line[node.at : node.until] == token


@pytest.mark.parametrize(
    ("line", "covered"),
    [("work_mem", "work_mem"), (" work_mem = # none", "work_mem ="), ("\ufeff# comment", "\ufeff")],
)
def test_a_line_that_lacks_a_value_is_covered_as_far_as_it_goes(line: str, covered: str) -> None:
    node = document(line + "\n").nodes[0]
    assert isinstance(node, Malformed)
    assert node.says == "syntax error, near end of line"
    assert line[node.at : node.until] == covered


def test_a_nul_byte_is_no_token_that_can_be_shown() -> None:
    node = document("\0\n").nodes[0]
    assert isinstance(node, Malformed)
    assert node.says == 'syntax error, near token ""'


def test_lines_of_every_kind_tile_the_file() -> None:
    text = "# head\n\n \t\r\n  # indented\nINCLUDE = 'a.conf' # c\nport 5432 # p\nnonsense\n"
    assert [type(node) for node in document(text).nodes] == [
        Comment, Blank, Blank, Comment, Include, Assignment, Malformed,
    ]  # fmt: skip


def test_places_of_a_quoted_value_point_into_the_file() -> None:
    text = r"x = 'it''s \164hat' # c"
    node = only(text)
    assert node.value is not None
    assert node.value.text == "it's that"
    assert text[slice(*node.value.part(0, 2))] == "it"
    assert text[slice(*node.value.part(6, 9))] == "hat"
    assert text[node.value.start : node.value.end] == r"'it''s \164hat'"
    assert node.comment == text.index("#")


def test_a_hundred_errors_are_enough() -> None:
    nodes = document("?\n" * 101).nodes
    assert len(nodes) == 101
    last = nodes[-1]
    assert isinstance(last, Malformed)
    assert last.says == 'too many syntax errors found, abandoning file "/etc/postgresql.conf"'
    assert (last.start, last.end) == (200, 202)


PIECES = st.sampled_from(
    [
        "work_mem",
        "a.b",
        "=",
        " ",
        "\t",
        "\r",
        "\n",
        "'",
        "''",
        "\\",
        "\\'",
        "8",
        "MB",
        "1.5",
        "#",
        "-",
        "\0",
        "\udcff",
        "é",
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join)))
def test_nodes_joined_are_the_file(text: str) -> None:
    nodes = document(text).nodes
    assert "".join(text[node.start : node.end] for node in nodes) == text
    assert all(before.end == after.start for before, after in pairwise(nodes))
