"""Grammar of systemd's units and of sysctl.conf; what counts as what is by systemd.syntax(7) and sysctl.d(5)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.formats import sysctl_conf, systemd_unit
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Assignment, Comment, Document, Malformed, Section

PIECES = st.sampled_from(
    ["a", "=", "[", "]", "[Service]\n", " ", "\t", "\n", "\r\n", "\\", "\\\n", "#", ";", "# a\\\n", "TasksMax=5", "-"]
)


@pytest.mark.parametrize("parse", [systemd_unit.parse, sysctl_conf.parse])
@given(st.lists(PIECES | st.text(max_size=5)))
def test_nodes_tile_the_source(parse: Callable[[Source, str], Document], pieces: list[str]) -> None:
    text = "".join(pieces)
    document = parse(Source("a", text), "/a")
    assert "".join(text[node.start : node.end] for node in document.nodes) == text
    for node in document.nodes:
        if isinstance(node, Assignment):
            assert node.value is not None
            offsets = node.value.offsets or range(node.value.start, node.value.end)
            assert all(sign in (text[at], " ") for sign, at in zip(node.value.text, offsets, strict=True))
            assert text[node.key.start : node.key.end] == node.key.text
        if isinstance(node, Comment):
            assert text[node.sign] in "#;"


def assigned(text: str) -> list[tuple[str, str]]:
    nodes = systemd_unit.parse(Source("a", text), "/a").nodes
    return [(node.key.text, node.value.text) for node in nodes if isinstance(node, Assignment) and node.value]


def test_a_comment_between_joined_lines_is_none_of_the_value() -> None:
    assert assigned("TasksMax=\\\n# in between\n; also\n  7\nA=1\n") == [("TasksMax", "7"), ("A", "1")]


def test_words_on_two_lines_have_a_blank_between_them() -> None:
    (found,) = assigned("ExecStart=/bin/a \\\n   -b\n")
    assert found[0] == "ExecStart"
    assert found[1].split() == ["/bin/a", "-b"]


def test_a_sign_behind_a_value_begins_no_comment() -> None:
    assert assigned("  A  =  1 # b ; c  \n") == [("A", "1 # b ; c")]


def test_two_backslashes_join_nothing() -> None:
    assert [key for key, _ in assigned("A=1\\\\\nB=2\n")] == ["A", "B"]


def test_what_systemd_passes_over() -> None:
    document = systemd_unit.parse(Source("a", "[Service]\n[Broken\nnothing\n=1\n"), "/a")
    kinds = [type(node) for node in document.nodes]
    assert kinds == [Section, Malformed, Malformed, Malformed]


def test_sysctl_takes_a_minus_for_what_the_kernel_may_not_know() -> None:
    document = sysctl_conf.parse(Source("a", "-net.core.somaxconn = 5 \nnothing\n"), "/a")
    found, rest = document.nodes
    assert isinstance(found, Assignment)
    assert found.value is not None
    assert (found.key.text, found.value.text) == ("net.core.somaxconn", "5")
    assert isinstance(rest, Malformed)
