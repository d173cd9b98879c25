from __future__ import annotations

import pytest

from pgfpmlint.finding.fix import Edit, applied, least_safe, line_above, line_below, meets, removed, without_lines
from pgfpmlint.source.text import Source


def edit(source: Source, word: str, text: str) -> Edit:
    start = source.text.index(word)
    return Edit(source.place(start, start + len(word)), text)


@pytest.mark.parametrize(
    ("first", "second", "least"),
    [
        ("safe", "safe", "safe"),
        ("safe", "unsafe", "unsafe"),
        ("shown", "unsafe", "shown"),
        ("unsafe", "safe", "unsafe"),
    ],
)
def test_a_fix_is_lowered_and_never_raised(first: str, second: str, least: str) -> None:
    assert least_safe(first, second) == least


def test_what_is_outside_of_edits_stays() -> None:
    source = Source.from_bytes("a", b"\xef\xbb\xbfx = 1\ty\r\n\xff = 2")
    after = applied(source, [edit(source, "1", "10"), edit(source, "2", "")])
    assert after.encode("utf-8", "surrogateescape") == b"\xef\xbb\xbfx = 10\ty\r\n\xff = "


@pytest.mark.parametrize(
    ("text", "after"), [("a\nb\nc\n", "a\nnew\nb\nc\n"), ("a\r\nb\r\nc\r\n", "a\r\nnew\r\nb\r\nc\r\n"), ("b", "new\nb")]
)
def test_a_line_above(text: str, after: str) -> None:
    source = Source("a", text)
    at = text.index("b")
    assert applied(source, [line_above(source.place(at, at + 1), "new")]) == after


def test_a_line_above_is_indented_like_it() -> None:
    source = Source("a", "x {\n    b;\n}\n")
    assert applied(source, [line_above(source.place(8, 9), "new")]) == "x {\n    new\n    b;\n}\n"


@pytest.mark.parametrize(
    ("text", "after"), [("a\nb\nc\n", "a\nb\nnew\nc\n"), ("a\r\nb\r\n", "a\r\nb\r\nnew\r\n"), ("a\nb", "a\nb\nnew")]
)
def test_a_line_below(text: str, after: str) -> None:
    source = Source("a", text)
    at = text.index("b")
    assert applied(source, [line_below(source.place(at, at + 1), "new")]) == after


@pytest.mark.parametrize(
    ("text", "after"),
    [("a\nb # c\nd\n", "a\nd\n"), ("a\r\nb\r\n", "a\r\n"), ("b", ""), ("a\nb", "a"), ("a\r\n  b", "a")],
)
def test_a_line_that_goes(text: str, after: str) -> None:
    source = Source("a", text)
    at = text.index("b")
    assert applied(source, [without_lines(source.place(at, at + 1))]) == after


def test_a_place_that_ends_with_its_line_takes_no_other_line() -> None:
    source = Source("a", "a\nb\nc\n")
    assert applied(source, removed(source.place(2, 4)).edits) == "a\nc\n"


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ((0, 2), (2, 4), False),
        ((0, 3), (2, 4), True),
        ((2, 2), (2, 2), True),
        ((1, 1), (0, 2), True),
        ((0, 2), (2, 2), False),
    ],
)
def test_edits_meet(one: tuple[int, int], other: tuple[int, int], answer: bool) -> None:
    source = Source("a", "abcdef")
    first, second = (Edit(source.place(*extent), "x") for extent in (one, other))
    assert meets(first, second) is meets(second, first) is answer
    assert not meets(first, Edit(Source("b", "abcdef").place(*other), "x"))
