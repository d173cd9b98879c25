"""Connection paths: who gets in, who doesn't, and why."""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.model.passage import Passage
from pgfpmlint.record import NamedTuple
from pgfpmlint.report.html.alike import grouped, without_host
from pgfpmlint.report.snippet import Screen, harmless
from pgfpmlint.report.trace import Step, Told, told

WORST_FIRST = ("rejected", "unknown", "admitted")


class Path(NamedTuple):
    """One path, or ``number`` of the same kind on several ``hosts``."""

    anchor: str
    verdict: str
    way: str
    why: str
    steps: tuple[Step, ...]
    hosts: tuple[str, ...]
    number: int


def paths(passages: Sequence[Passage], screen: Screen) -> list[Path]:
    """Those that are rejected first."""
    found = [(harmless(passage.client.host.name), told(passage, screen)) for passage in passages]
    together = grouped(found, _likeness)
    shown = [Path("", *alike[0][1], tuple(dict.fromkeys(host for host, _ in alike)), len(alike)) for alike in together]
    shown.sort(key=lambda path: WORST_FIRST.index(path.verdict))
    return [path._replace(anchor=f"path-{number}") for number, path in enumerate(shown, 1)]


def _likeness(found: tuple[str, Told]) -> tuple[object, ...]:
    host, path = found
    words = [path.verdict, path.way, path.why]
    for step in path.steps:
        words += step.words, *(part for line in step.lines for part in line)
    return tuple(without_host(text, host) for text in words)
