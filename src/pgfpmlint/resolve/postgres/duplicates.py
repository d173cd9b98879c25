"""Settings that one file gives twice, with different values: the earlier line looks valid and is not.

Several files are another matter: a file of conf.d is there to override the main file, and postgresql.auto.conf to
override them all.
"""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.finding.fix import SAFE, Fix, without_lines
from pgfpmlint.finding.problem import Label, Problem
from pgfpmlint.resolve.postgres.given import Judged
from pgfpmlint.source.text import Condition

DUPLICATE = "postgres/duplicate-parameter"


def duplicates(found: Sequence[Judged]) -> list[Problem]:
    """One objection for each parameter of each file, at the line that wins."""
    lines: dict[tuple[str, str, Condition], dict[int, Judged]] = {}
    for one in found:
        # A file that is included twice is read twice: its lines count once. Where a template chooses between lines,
        # none of them is too many.
        lines.setdefault((one.line.document.path, one.key, one.line.condition), {})[one.line.node.start] = one
    problems = []
    for every in lines.values():
        *losers, winner = every.values()
        lost = [one for one in losers if _meaning(one) != _meaning(winner) and not (one.open or winner.open)]
        if lost:
            problems.append(_duplicate(winner, lost))
    return problems


def _meaning(one: Judged) -> str:
    return one.line.text if one.value is None else one.value


def _duplicate(winner: Judged, lost: Sequence[Judged]) -> Problem:
    places = [one.line.place for one in lost]
    *first, last = [str(place.line) for place in places]
    name, times, line = winner.setting.name if winner.setting else winner.name, len(lost) + 1, winner.line.place.line
    values = {
        "name": name,
        "times": times,
        "line": line,
        "value": winner.line.text,
        "lost": f"lines {', '.join(first)} and {last}" if first else f"line {last}",
        "have": "have" if first else "has",
    }
    says = f"{name} is set {times} times; line {line} wins"
    related = tuple(Label(place, "has no effect") for place in places)
    fix = Fix(SAFE, tuple(without_lines(place) for place in places))
    return Problem(DUPLICATE, winner.line.place, says, False, values, related, fix=fix)
