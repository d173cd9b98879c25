"""A fix in a few words."""

from __future__ import annotations

import pytest

from pgfpmlint.finding.fix import SAFE, Edit, Fix
from pgfpmlint.report.fixes import hunks, short
from pgfpmlint.report.snippet import Screen
from pgfpmlint.source.text import Source


@pytest.mark.parametrize("sign", ["\f", "\v", "\x1c", "\x85", "\u2028"])
def test_only_a_line_feed_ends_a_line(sign: str) -> None:
    """Python's splitlines() has more ends of a line than any server that reads the file."""
    source = Source("etc/postgresql.conf", f"port = 1\nwork_mem = 8mb{sign}# as before\nport = 2\n")
    at = source.place(source.text.index("8mb"), source.text.index("8mb") + 3)
    (line,) = short(Fix(SAFE, (Edit(at, "8MB"),)), at, Screen())
    assert line.startswith("fix (safe): line 2: work_mem = 8MB")


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([(0, 1, "x")], [(1, ("a",), ("x",))]),
        ([(2, 4, "")], [(2, ("b",), ())]),
        ([(2, 2, "new\n")], [(2, (), ("new",))]),
        ([(4, 4, "new\n")], [(3, (), ("new",))]),
        ([(0, 1, "x"), (4, 5, "y")], [(1, ("a",), ("x",)), (3, ("c",), ("y",))]),
        ([(1, 2, "\nnew\n")], [(2, (), ("new",))]),
    ],
)
def test_lines_that_go_and_come(edits: list[tuple[int, int, str]], expected: list[tuple[object, ...]]) -> None:
    source = Source("etc/postgresql.conf", "a\nb\nc\n")
    fix = Fix(SAFE, tuple(Edit(source.place(start, end), text) for start, end, text in edits))
    assert [hunk[1:] for hunk in hunks(fix, Screen())] == expected
