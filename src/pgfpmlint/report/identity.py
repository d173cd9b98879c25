"""By what a finding is known again when lines have moved: its rule, its path and the text of its line.

The text is taken as reports show it, secrets masked: neither what is kept nor a hash of it may give one away."""

from __future__ import annotations

import os
from collections.abc import Iterable

from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.finding import Finding
from pgfpmlint.record import NamedTuple
from pgfpmlint.report.snippet import Screen


class Entry(NamedTuple):
    """``path`` is relative to a folder of the asker's, with ``/``, or absolute. ``text`` is the masked line."""

    rule: str
    path: str
    text: str


def entries(findings: Iterable[Finding], folder: str = "") -> list[tuple[Finding, Entry]]:
    """Each finding with what it is known by; paths are relative to ``folder``."""
    screen = Screen()
    return [
        (found, Entry(found.rule, relative(found.at.path, folder), screen.line(found.at).strip())) for found in findings
    ]


def relative(path: str, folder: str) -> str:
    if os.path.isabs(path):
        return path
    return os.path.relpath(path, folder or ".").replace(os.sep, "/")


def fingerprints(outcome: Outcome, within: str = "") -> tuple[list[str], list[str]]:
    """A hash for each of the outcome's findings, and for each of those suppressed: 32 hexadecimal digits, each once.

    What is the same about several is told apart by their order in the file, suppressed or not, so that a comment on
    one changes nothing about the others. ``within`` stands before each path that isn't absolute."""
    from hashlib import sha256

    everything = [*outcome.findings, *outcome.suppressed]
    known = entries(everything)
    order = sorted(range(len(known)), key=lambda at: (everything[at].at.path, everything[at].at.start))
    hashes = [""] * len(known)
    met: dict[Entry, int] = {}
    for at in order:
        entry = known[at][1]
        met[entry] = met.get(entry, 0) + 1
        path = entry.path if os.path.isabs(entry.path) else within + entry.path
        words = "\0".join((entry.rule, path, entry.text, str(met[entry])))
        hashes[at] = sha256(words.encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return hashes[: len(outcome.findings)], hashes[len(outcome.findings) :]
