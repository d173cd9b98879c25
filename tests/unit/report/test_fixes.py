"""A fix in a few words."""

from __future__ import annotations

import pytest

from pgfpmlint.finding.fix import SAFE, Edit, Fix
from pgfpmlint.report.fixes import short
from pgfpmlint.report.snippet import Screen
from pgfpmlint.source.text import Source


@pytest.mark.parametrize("sign", ["\f", "\v", "\x1c", "\x85", "\u2028"])
def test_only_a_line_feed_ends_a_line(sign: str) -> None:
    """Python's splitlines() has more ends of a line than any server that reads the file."""
    source = Source("etc/postgresql.conf", f"port = 1\nwork_mem = 8mb{sign}# as before\nport = 2\n")
    at = source.place(source.text.index("8mb"), source.text.index("8mb") + 3)
    (line,) = short(Fix(SAFE, (Edit(at, "8MB"),)), at, Screen())
    assert line.startswith("fix (safe): line 2: work_mem = 8MB")
