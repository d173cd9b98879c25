"""What may follow on a line in languages whose statements end where they say, and whose comments begin with ``#``."""

from __future__ import annotations


def tail(text: str, at: int) -> tuple[int, int | None]:
    """Where a node ends that is complete at ``at``, and the sign of a comment behind it on the same line."""
    end = at
    while end < len(text) and text[end] in " \t\r":
        end += 1
    if text[end : end + 1] == "#":
        return line_end(text, end), end
    return (end + 1 if text[end : end + 1] == "\n" else end), None


def line_end(text: str, at: int) -> int:
    """Where the next line begins."""
    return text.find("\n", at) + 1 or len(text)
