"""Readings of small configurations, for tests."""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.catalog import version
from pgfpmlint.finding.problem import Problem
from pgfpmlint.resolve.pgbouncer import BouncerReading, read
from pgfpmlint.source.memory import MemoryRoot


def reading(
    text: str, running: str = "", others: Mapping[str, str] = {}, *, complete: bool = False, fragment: bool = False
) -> BouncerReading:
    """``text`` as /etc/pgbouncer.ini; ``others`` are further files of /etc. Without ``running`` nothing tells the
    version."""
    files = {"etc/pgbouncer.ini": text, **{f"etc/{name}": other for name, other in others.items()}}
    root = MemoryRoot("edge", "", {path: content.encode() for path, content in files.items()}, complete=complete)
    known = version.parse(version.PGBOUNCER, running, "a test") if running else version.newest(version.PGBOUNCER)
    return read(root, "/etc/pgbouncer.ini", known, fragment=fragment)


def told(found: BouncerReading) -> list[tuple[str, str]]:
    """Rule (without its family) and the text that it points at, in order."""
    return [(problem.rule.partition("/")[2], problem.place.text) for problem in found.reading.problems]


def only(found: BouncerReading) -> Problem:
    (problem,) = found.reading.problems
    return problem
