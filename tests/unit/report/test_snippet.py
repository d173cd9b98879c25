from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.report.secrets import MASK
from pgfpmlint.report.snippet import CUT, WIDTH, Screen, Snippet, harmless
from pgfpmlint.source.text import Source


def drawn(text: str, covered: str) -> Snippet:
    start = text.index(covered)
    snippet = Screen().snippet(Source("a.conf", text).place(start, start + len(covered)))
    assert snippet is not None
    return snippet


def under(snippet: Snippet) -> str:
    return snippet.text[snippet.caret : snippet.caret + snippet.length]


@pytest.mark.parametrize(
    ("text", "covered", "line", "marked"),
    [
        ("a = 1\nb = 2\n", "2", "b = 2", "2"),
        ("\tb\t= 2\n", "2", "    b    = 2", "2"),
        ("b = 2\r\n", "b = 2", "b = 2", "b = 2"),
        ("b = \x1b[31m2", "2", "b = \\x1b[31m2", "2"),
        ("b = \udcff2", "2", "b = \\xff2", "2"),
        ("b = ü2", "2", "b = ü2", "2"),
        ("b = 'x\ny' z", "'x\ny'", "b = 'x", "'x"),
        ("a = password=hunter2 port=1", "port=1", f"a = password={MASK} port=1", "port=1"),
        ("a = password=hunter2 port=1", "hunter2", f"a = password={MASK} port=1", MASK),
        ("a = password=hunter2 port=1", "password=hunter2", f"a = password={MASK} port=1", f"password={MASK}"),
        ("a = password=hunter2 port=1", "nter", f"a = password={MASK} port=1", MASK),
        ("a = password=hunter2 port=1", "2 port", f"a = password={MASK} port=1", " port"),
    ],
)
def test_line_and_carets(text: str, covered: str, line: str, marked: str) -> None:
    snippet = drawn(text, covered)
    assert (snippet.text, under(snippet)) == (line, marked)


def test_carets_stand_under_wide_characters() -> None:
    snippet = drawn("数据 = 库\n", "库")
    assert (snippet.caret, snippet.length) == (7, 2)


@pytest.mark.parametrize(("at", "line", "caret"), [(0, "a = 1", 0), (5, "a = 1", 5), (6, "", 0)])
def test_a_place_without_characters_has_one_caret(at: int, line: str, caret: int) -> None:
    assert Screen().snippet(Source("a.conf", "a = 1\n").place(at, at)) == Snippet(1 if at < 6 else 2, line, caret, 1)


def test_an_unread_file_shows_no_line() -> None:
    assert Screen().snippet(Source("a.conf", "").place(0, 0)) is None


@pytest.mark.parametrize(
    ("before", "covered", "after"), [(500, 3, 500), (0, 3, 500), (500, 3, 0), (0, 500, 500), (90, 30, 0)]
)
def test_long_lines_are_cut_around_the_carets(before: int, covered: int, after: int) -> None:
    snippet = drawn("a" * before + "b" * covered + "c" * after, "b" * covered)
    assert len(snippet.text) <= WIDTH
    assert CUT in snippet.text
    assert under(snippet).rstrip(CUT) == "b" * len(under(snippet).rstrip(CUT))


@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 300))
def test_any_place_of_any_text_can_be_drawn(text: str, start: int, length: int) -> None:
    start = min(start, len(text))
    snippet = Screen().snippet(Source("a.conf", text).place(start, min(start + length, len(text))))
    assert (snippet is None) == (text == "")
    if snippet is not None:
        assert snippet.text.isprintable()


def test_of_a_line_as_long_as_a_file_only_what_is_shown_is_looked_at() -> None:
    secret = "password=hunter2 a="
    source = Source("a.conf", "x" * 500_000 + secret + "y" * 600_000 + "\n" + secret)
    started = time.process_time()
    screen = Screen()
    for at in range(0, 1_000_000, 1000):
        snippet = screen.snippet(source.place(at, at + 3))
        assert snippet is not None
        assert len(snippet.text) <= WIDTH
    assert time.process_time() - started < 20
    near = screen.snippet(source.place(500_025, 500_026))
    assert near is not None
    assert f"password={MASK} a=yyy" in near.text
    assert near.text.startswith(CUT)
    assert near.text.endswith(CUT)


def test_thousands_of_secrets_are_found_in_messages_without_asking_for_each() -> None:
    names = [f"secret{number:05}" for number in range(5_000)]
    source = Source("userlist.txt", "".join(f'"u" "{name}"\n' for name in [*names, "abc"]))
    screen = Screen()
    started = time.process_time()
    for name in names:
        assert screen.words(f"near {name}!", screen.secrets([source])) == f"near {MASK}!"
    assert screen.words("near abc, not abcd", screen.secrets([source])) == f"near {MASK}, not abcd"
    assert time.process_time() - started < 20


def test_a_message_that_quotes_a_whole_file_is_cut_in_its_middle() -> None:
    said = Screen().words(f'a does not take "{"x" * 1_000_000}": it takes a number')
    assert said.startswith('a does not take "xxx')
    assert said.endswith('xxx": it takes a number')
    assert len(said) < 700
    secret = "s" * 1000
    screen = Screen()
    secrets = screen.secrets([Source("a.conf", f"password='{secret}'\n")])
    assert secret[:50] not in screen.words(f"near {secret}", secrets)


def test_words_are_harmless_and_hold_no_secret_of_the_files_they_speak_of() -> None:
    source = Source("a.conf", "password='open sesame'\n")
    screen = Screen()
    said = screen.words('invalid value "open sesame"\n\x07', screen.secrets([source]))
    assert said == f'invalid value "{MASK}"\\n\\x07'
    assert harmless("a\u202eb\u2028") == "a\\u202eb\\u2028"
