"""Positions, counted by hand, as the protocol has them:
https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#position"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import Position

from pgfpmlint.lsp.ruler import Ruler
from pgfpmlint.source.text import Source

ENCODINGS = ("utf-8", "utf-16", "utf-32")


@pytest.mark.parametrize(("encoding", "character"), [("utf-8", 7), ("utf-16", 4), ("utf-32", 3)])
def test_units_of_a_line(encoding: str, character: int) -> None:
    """a, é (2 bytes) and an emoji (4 bytes, 2 units of UTF-16) stand before the x."""
    ruler = Ruler("first\naé😀x\n", encoding)
    assert ruler.position(9) == Position(1, character)
    assert ruler.offset(Position(1, character)) == 9


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ends_of_lines(end: str) -> None:
    text = f"ab{end}cd{end}"
    ruler = Ruler(text, "utf-16")
    assert ruler.position(text.index("d")) == Position(1, 1)
    assert ruler.position(2) == Position(0, 2)
    assert ruler.position(len(text)) == Position(2, 0)
    assert ruler.offset(Position(1, 0)) == text.index("c")


def test_between_the_signs_that_end_a_line_there_is_no_place_of_its_own() -> None:
    assert Ruler("ab\r\ncd", "utf-16").position(3) == Position(0, 2)


def test_what_ends_a_line_for_python_alone_ends_none() -> None:
    text = "a\x0b\x0c\x85\u2028b"
    assert Ruler(text, "utf-32").position(len(text) - 1) == Position(0, 5)


def test_a_byte_that_is_no_utf_8() -> None:
    source = Source.from_bytes("x", b"\xe9x \xff\xfey")
    assert Ruler(source.text, "utf-8").position(5) == Position(0, 5)
    assert Ruler(source.text, "utf-16").position(5) == Position(0, 5)


def test_a_byte_order_mark_is_seen_by_no_one() -> None:
    text = "\ufeffab\ncd"
    hidden = Ruler(text, "utf-16")
    assert (hidden.position(0), hidden.position(1), hidden.position(2)) == (
        Position(0, 0),
        Position(0, 0),
        Position(0, 1),
    )
    assert hidden.offset(Position(0, 1)) == 2
    assert hidden.position(4) == Position(1, 0)
    assert Ruler(text, "utf-16", marked=True).position(2) == Position(0, 2)


def test_beyond_what_there_is() -> None:
    ruler = Ruler("ab\ncd", "utf-16")
    assert ruler.offset(Position(0, 99)) == 2
    assert ruler.offset(Position(9, 0)) == 5


def test_within_a_pair_of_surrogates() -> None:
    assert Ruler("😀x", "utf-16").offset(Position(0, 1)) == 0


TEXT = st.text(alphabet="ab \r\né😀\u2028\udcff\ufeff", max_size=20)


@given(TEXT, st.sampled_from(ENCODINGS), st.booleans())
def test_there_and_back(text: str, encoding: str, marked: bool) -> None:
    """Each place comes back, but for those within the end of a line and for the mark that nobody sees."""
    ruler = Ruler(text, encoding, marked=marked)
    for offset in range(len(text) + 1):
        back = ruler.offset(ruler.position(offset))
        if text[offset - 1 : offset + 1] == "\r\n" and offset:
            assert back == offset - 1
        elif offset == 0 and text.startswith("\ufeff") and not marked:
            assert back == 1
        else:
            assert back == offset
