from __future__ import annotations

import pytest

from pgfpmlint.source.excerpt import Excerpt, Stretch
from pgfpmlint.source.text import Source

OUTER = Source("list.yaml", "parameters:\n  work_mem: '8MB'\n  fsync: off\n")
# What a server is given: the names and values of the list, and signs of its own between them.
EXCERPT = Excerpt(
    OUTER,
    "parameters",
    "work_mem = 8MB\nfsync = off\n",
    [Stretch(0, 14), Stretch(8, 22, 25), Stretch(11, 25), Stretch(14, 30, 30), Stretch(15, 32), Stretch(20, 37, 39)],
)


def test_places_are_those_of_the_file_that_people_wrote() -> None:
    name = EXCERPT.place(0, 8).surface
    assert (name.source, name.text, name.line, name.column) == (OUTER, "work_mem", 2, 3)
    assert EXCERPT.place(11, 14).surface.text == "8MB"
    assert EXCERPT.place(0, 14).surface.text == "work_mem: '8MB"
    assert EXCERPT.place(15, 20).surface.text == "fsync"


def test_lines_told_in_words_are_those_of_the_file() -> None:
    assert (EXCERPT.path, EXCERPT.place(15, 20).line, EXCERPT.place(15, 20).column) == ("list.yaml", 3, 3)
    assert EXCERPT.line(2) == "fsync = off"


def test_the_line_that_something_is_on() -> None:
    assert EXCERPT.line_of(15).text == "fsync = off"
    assert OUTER.line_of(15).text == "work_mem: '8MB'"


def test_a_file_of_its_own_is_its_own_surface() -> None:
    place = OUTER.place(2, 5)
    assert place.surface == place


def test_an_excerpt_of_an_excerpt() -> None:
    inner = Excerpt(EXCERPT, "value", "8MB", [Stretch(0, 11)])
    assert inner.place(0, 3).surface == OUTER.place(25, 28)
    assert inner.position(1) == (2, 15)
    assert inner.identity != EXCERPT.identity != OUTER.identity


@pytest.mark.parametrize(
    ("word", "new", "after"),
    [
        ("off", "on", "off: on"),
        ("'off'", "'on'", "off: on"),
        ("off", "o n", None),
        ("off", "1", None),
        ("fsync", "fsynk", None),
        (" =", "=", None),
    ],
)
def test_a_word_for_a_word(word: str, new: str, after: str | None) -> None:
    """Of what nobody says how it is written, only what stands there sign by sign."""
    text = f"{'fsync'} = {word if word != 'fsync' else 'off'}\n" if "off" in word else "fsync = off\n"
    value = text.index("off")
    outer = Source("list.yaml", "off: off")
    stretches = [Stretch(0, 0, 3), Stretch(value, 5), Stretch(value + 3, 8, 8)]
    excerpt = Excerpt(outer, "list", text, stretches)
    start = text.index(word)
    change = excerpt.rewritten(start, start + len(word), new)
    assert (change is not None) is (after is not None)
    if change is not None:
        place, written = change
        assert outer.text[: place.start] + written + outer.text[place.end :] == after
