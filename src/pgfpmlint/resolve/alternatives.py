"""Which of several assignments may be the one in force, where a template decides which of them reach the server.

Where each alternative of a block sets something, one of these is in force after it; where one does not, what was in
force before may still be.
"""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.source.text import Condition

NOBODY = -1
"""Stands for what is in force while nothing is set."""

MORE = -2
"""Stands for what lines of which nothing is known may set."""

State = tuple[int, ...]


def last_ones(conditions: Sequence[tuple[Condition, int]]) -> State:
    """Of assignments to one name, in reading order, each with what it takes and its number: the numbers of those that
    may be the last to reach the server, in order; NOBODY where there may be none, MORE where an entry with that number
    may have set the name."""
    if conditions and not any(condition for condition, _ in conditions) and conditions[-1][1] != MORE:
        return (conditions[-1][1],)
    return _last(conditions, 0, (NOBODY,))


def _last(entries: Sequence[tuple[Condition, int]], depth: int, before: State) -> State:
    state = before
    at = 0
    while at < len(entries):
        condition, number = entries[at]
        if len(condition) <= depth:
            state = (*state, MORE) if number == MORE else (number,)
            at += 1
            continue
        block = condition[depth].block
        end = at
        while end < len(entries) and len(entries[end][0]) > depth and entries[end][0][depth].block == block:
            end += 1
        state = _block(entries[at:end], depth, state)
        at = end
    return tuple(dict.fromkeys(state))


def _block(entries: Sequence[tuple[Condition, int]], depth: int, before: State) -> State:
    arms: dict[int, list[tuple[Condition, int]]] = {}
    for entry in entries:
        arms.setdefault(entry[0][depth].number, []).append(entry)
    found: list[int] = []
    if len(arms) < (entries[0][0][depth].arms or len(arms) + 1):
        found += before
    for inner in arms.values():
        found += _last(inner, depth + 1, before)
    return tuple(found)


def within(condition: Condition, outer: Condition) -> Condition:
    """What is left of ``condition`` for text that stands in what ``outer`` decides about, as a section's lines do."""
    return condition[len(outer) :] if condition[: len(outer)] == outer else condition
