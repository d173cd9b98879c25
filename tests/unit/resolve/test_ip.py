"""Addresses as glibc's resolver reads and shows them; every expectation was seen on a PostgreSQL server."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.resolve import ip


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("127.1", "127.0.0.1"),
        ("1.2.3", "1.2.0.3"),
        ("1", "0.0.0.1"),
        ("1.65536", "1.1.0.0"),
        ("4294967295", "255.255.255.255"),
        ("010.0.0.1", "8.0.0.1"),
        ("0377.1", "255.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("00", "0.0.0.0"),
        ("0:0:0:0:0:0:0:1", "::1"),
        ("2001:DB8::", "2001:db8::"),
        ("fe80::1%lo", "fe80::1"),
        ("::ffff:1.2.3.4", "::ffff:1.2.3.4"),
        ("::1.2.3.4", "::1.2.3.4"),
        ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
    ],
)
def test_read_and_shown(text: str, shown: str) -> None:
    found = ip.parse(text)
    assert found is not None
    assert ip.show(*found) == shown


NO_IPV4 = "1.2.3.4.5 08.1.1.1 1.2.3.256 4294967296 0400.1 1..2 .1 1. 0x -1 * localhost 1.2.3.4%lo ١٢"
NO_IPV6 = "1::2::3 1:2:3:4:5:6:7:8:9 12345:: 64:ff9b::1.2.3 ::01.2.3.4 [::1] :1"


@pytest.mark.parametrize("text", ["", *NO_IPV4.split(), *NO_IPV6.split()])
def test_no_address(text: str) -> None:
    assert ip.parse(text) is None


@pytest.mark.parametrize(
    ("text", "mask", "bits"),
    [
        ("8", "255.0.0.0", 8),
        ("+8", "255.0.0.0", 8),
        ("08", "255.0.0.0", 8),
        ("0", "0.0.0.0", 0),
        ("-0", "0.0.0.0", 0),
        ("32", "255.255.255.255", 32),
    ],
)
def test_prefix_length(text: str, mask: str, bits: int) -> None:
    found = ip.prefix_mask(4, text)
    assert found is not None
    assert ip.show(4, found) == mask
    assert ip.prefix_length(4, found) == bits


@pytest.mark.parametrize("text", ["", "33", "-1", "8.0", "8x", "8/9", "99999999999999999999", "1" * 5000])
def test_no_prefix_length(text: str) -> None:
    assert ip.prefix_mask(4, text) is None


def test_a_mask_with_holes_has_no_length() -> None:
    found = ip.parse("255.0.255.0")
    assert found is not None
    assert ip.prefix_length(*found) is None


@given(st.integers(0, 2**128 - 1))
def test_what_is_shown_reads_back(address: int) -> None:
    assert ip.parse(ip.show(6, address)) == (6, address)
    assert ip.parse(ip.show(4, address >> 96)) == (4, address >> 96)


@given(st.text(alphabet="0123456789abfx.:%", max_size=20))
def test_any_text_is_an_address_or_none(text: str) -> None:
    found = ip.parse(text)
    assert found is None or ip.parse(ip.show(*found)) == found
