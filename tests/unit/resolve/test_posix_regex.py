"""PostgreSQL's regular expressions. Expected is what PostgreSQL 13, 15 and 18 answer to ``select text ~ regex``."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.resolve import posix_regex


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("^(db", "parentheses () not balanced"),
        ("db)", "parentheses () not balanced"),
        ("(?:a", "parentheses () not balanced"),
        ("[a-z", "brackets [] not balanced"),
        ("[]", "brackets [] not balanced"),
        ("*a", "quantifier operand invalid"),
        ("a**", "quantifier operand invalid"),
        ("(+)", "quantifier operand invalid"),
        ("^*", "quantifier operand invalid"),
        ("a|?", "quantifier operand invalid"),
        ("a{3,1}", "invalid repetition count(s)"),
        ("a{256}", "invalid repetition count(s)"),
        ("a{1,2,3}", "invalid repetition count(s)"),
        ("a{1", "braces {} not balanced"),
        ("a\\", "invalid escape \\ sequence"),
        ("^\\1", "invalid backreference number"),
        ("(\\1)", "invalid backreference number"),
        ("(?=(a))\\1", "invalid backreference number"),
        ("[[:nope:]]", "invalid character class"),
        ("[[.]]", "brackets [] not balanced"),
        ("[[==]]", "invalid collating element"),
        ("[b-a]", "invalid character range"),
        ("[a-c-e]", "invalid character range"),
        ("[\\d-z]", "invalid character range"),
        ("[\\y]", "invalid escape \\ sequence"),
        ("\\x", "invalid escape \\ sequence"),
        ("\\u12", "invalid escape \\ sequence"),
        ("\\q", "invalid escape \\ sequence"),
        ("(?a)x", "invalid embedded option"),
        ("(?i", "invalid embedded option"),
        ("(?)x", "quantifier operand invalid"),
        ("(?<a)", "quantifier operand invalid"),
        ("***x", "quantifier operand invalid"),
        ("***?x", "invalid regexp (reg version 0.8)"),
    ],
)
def test_certainly_bad(pattern: str, words: str) -> None:
    assert posix_regex.objection(pattern, 16) == words


PLAIN = r"^db\d+$ a||b () (a)\1 a{ a{x { ] } a{2}? []a] [^]a] a*? [\]] \( x{0000000001} $|^"
BEYOND = r"***=( (?i)a (?=a) [[:alpha:]] \m é*"
BEYOND += r" (?q)( (?e)* (?#() [[:<:]] [[.x.]-z] [\D] [[:word:]] \101 \x41 a{2}? [a-] [--a]"


def test_what_came_with_14() -> None:
    assert posix_regex.objection("[\\D]", 13) == "invalid escape \\ sequence"
    assert posix_regex.objection("[[:word:]]", 13) == "invalid character class"


@pytest.mark.parametrize("pattern", ["", *PLAIN.split(), *BEYOND.split()])
def test_not_certainly_bad(pattern: str) -> None:
    assert posix_regex.objection(pattern, 16) is None


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("^ap", "app", True),
        ("^ap", "map", False),
        ("ap", "map", True),
        ("^(shop|blog)_\\d{2}$", "shop_12", True),
        ("^(shop|blog)_\\d{2}$", "shop_123", False),
        ("^[a-c]+$", "abc", True),
        ("^[^_]+$", "a_b", False),
        (".", "\n", True),
        ("a$", "a\n", False),
        ("^\\w+$", "a_1", True),
        ("a.c", "a-c", True),
        ("a\\.c", "a-c", False),
        ("", "", True),
    ],
)
def test_matches(pattern: str, text: str, found: bool) -> None:
    assert posix_regex.matches(pattern, text) is found


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("(?i)APP", "app"), ("\\mapp", "app"), ("(a|b)*c", "abc"), ("é", "é"), ("[[:alpha:]]", "a"), ("(", "a")],
)
def test_only_postgresql_can_tell(pattern: str, text: str) -> None:
    assert posix_regex.matches(pattern, text) is None


def test_groups() -> None:
    assert posix_regex.groups("^r(oo)t$", "root") == ("oo",)
    assert posix_regex.groups("^root$", "root") == ()
    assert posix_regex.groups("^r(oo)t$", "toor") is None
    assert posix_regex.groups("(a*)", "aa") is None


@given(st.text(alphabet="ab1.*+?()[]{}|^$\\,-:=", max_size=12), st.text(alphabet="ab1-", max_size=5))
def test_any_text_is_read(pattern: str, text: str) -> None:
    assert posix_regex.objection(pattern, 16) is None or posix_regex.matches(pattern, text) is None
