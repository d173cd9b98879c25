"""Rules over a world: the loop, what is suppressed, and what came of it."""

from __future__ import annotations

MARK = "pgfpmlint:"
"""What a comment to pgfpmlint begins with."""
