from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.catalog.nearest import distance, nearest

NAMES = ("work_mem", "maintenance_work_mem", "max_connections", "max_wal_size", "min_wal_size", "fsync", "ssl", "port")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("wrk_mem", "work_mem"),
        ("worm_mem", "work_mem"),
        ("WORK-MEM", "work_mem"),
        ("max_conections", "max_connections"),
        ("max_connectoins", "max_connections"),
        ("fsycn", "fsync"),
        ("maintenence_work_mem", "maintenance_work_mem"),
        ("prot", "port"),
    ],
)
def test_a_slip_of_the_keyboard_is_recognised(word: str, expected: str) -> None:
    assert nearest(word, NAMES) == expected


@pytest.mark.parametrize("word", ["mix_wal_size", "tls", "checkpoint_segments", "sll", "", "p"])
def test_what_could_be_several_names_or_none_is_left_alone(word: str) -> None:
    assert nearest(word, NAMES) is None


@pytest.mark.parametrize(
    ("left", "right", "slips"),
    [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "xbc", 1), ("ca", "abc", 3), ("", "ab", 2)],
)
def test_distance_counts_what_a_hand_counts(left: str, right: str, slips: int) -> None:
    assert distance(left, right, 3) == slips


@given(st.text("abcd", min_size=4, max_size=9), st.lists(st.text("abcd", min_size=1, max_size=9), max_size=4))
def test_looking_at_letters_first_changes_nothing(word: str, names: list[str]) -> None:
    forgiven = 1 if len(word) < 8 else 2
    slips = {name: number for name in names if (number := distance(word, name, forgiven)) is not None}
    best = [name for name in slips if slips[name] == min(slips.values())]
    assert nearest(word, names) == (best[0] if len(best) == 1 else None)


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_distance_is_symmetric_and_zero_only_for_equal_words(left: str, right: str) -> None:
    assert distance(left, right, 9) == distance(right, left, 9)
    assert (distance(left, right, 9) == 0) == (left == right)
