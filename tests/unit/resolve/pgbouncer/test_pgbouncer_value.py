"""C's numbers. Expected results were printed by a C program with glibc's strtol, strtoul, strtod and atoi (x86-64)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.resolve.pgbouncer import value


@pytest.mark.parametrize(
    ("text", "signed", "unsigned", "leading"),
    [
        ("010", 8, 8, 10),
        ("08", None, None, 8),
        ("0x", None, None, 0),
        ("0x1F", 31, 31, 0),
        ("-5", -5, 4294967291, -5),
        ("+5", 5, 5, 5),
        ("\v5", 5, 5, 5),
        ("99999999999999999999", -1, 4294967295, -1),
        ("-99999999999999999999", 0, 4294967295, 0),
        ("4294967301", 5, 5, 5),
        ("2147483648", -2147483648, 2147483648, -2147483648),
        ("00", 0, 0, 0),
        ("-", None, None, 0),
        ("", None, None, 0),
        ("0x-1", None, None, 0),
        ("5 ", None, None, 5),
        ("0b11", None, None, 0),
        ("- 5", None, None, 0),
        ("+-5", None, None, 0),
        ("1_000", None, None, 1),
        ("٥", None, None, 0),
        ("0" * 50 + "7", 7, 7, 7),
    ],
)
def test_whole_numbers(text: str, signed: int | None, unsigned: int | None, leading: int) -> None:
    assert value.integer(text) == signed
    assert value.unsigned(text) == unsigned
    assert value.leading(text)[0] == leading


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1.5", "1.5"),
        ("1e3", "1000"),
        ("0x10", "16"),
        ("0x1p-2", "0.25"),
        ("0x1.8", "1.5"),
        ("1.", "1"),
        ("\v.5", "0.5"),
        ("-0", "0"),
        ("0e5", "0"),
        ("+1", "1"),
        ("1234567", "1.23457e+06"),
        ("0.0000001", "0"),
        ("inf", ""),
        ("nan(1)", ""),
        ("-1", None),
        ("1e999", None),
        ("1e-400", None),
        ("4.9e-324", None),
        (".", None),
        ("1e", None),
        ("0x", None),
        ("0xp1", None),
        ("1_0", None),
        ("1,5", None),
        ("5s", None),
        ("1e5 ", None),
        ("", None),
        ("٥", None),
    ],
)
def test_times(text: str, shown: str | None) -> None:
    assert value.seconds(text) == shown


def test_what_atoi_leaves_unread() -> None:
    assert value.leading("5432,5433") == (5432, ",5433")
    assert value.leading("abc") == (0, "abc")
    assert value.leading("0x10") == (0, "x10")


@pytest.mark.parametrize(
    ("text", "number"), [("1", 1), ("65535", 65535), ("0", None), ("65536", None), ("a", None), ("4294967297", None)]
)
def test_peer_ids(text: str, number: int | None) -> None:
    assert value.peer_id(text) == number


def test_words_are_folded_as_c_folds_them() -> None:
    assert value.word("STATEMENT", ("session", "statement")) == "statement"
    assert value.word("ſession", ("session", "statement")) is None


@given(st.integers(min_value=-(2**31), max_value=2**31 - 1))
def test_every_int_is_itself(number: int) -> None:
    assert value.integer(str(number)) == number
    assert value.leading(str(number)) == (number, "")


@given(st.text())
def test_no_text_is_too_much(text: str) -> None:
    value.integer(text)
    value.unsigned(text)
    value.seconds(text)
    value.leading(text)
    value.peer_id(text)
