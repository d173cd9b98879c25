"""Directives that a pool sets more than once, in one file or over several."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from pgfpmlint.finding.fix import removed
from pgfpmlint.finding.problem import Label, Problem
from pgfpmlint.resolve.fpm.sections import Entry, SectionDraft
from pgfpmlint.resolve.settings import FILLED_IN
from pgfpmlint.source import paths


def repeats(section: SectionDraft) -> Iterator[Problem]:
    """Where a repetition changes something: the same value twice is only untidy."""
    for name, entries in section.entries.items():
        for entry, other in _differing(entries):
            if entry.path == other.path:
                yield _twice(
                    section, name, entry, other, f"the last one, {entry.written.value_place.text}, wins", other
                )
    for array, items in section.arrays.items():
        for index, entries in items.items():
            for entry, other in _differing(entries):
                if entry.path == other.path:
                    # The value may be a password, and the line that loses says nothing that the place does not.
                    yield _twice(
                        section, f"{array}[{index}]", entry, other, "of an array's entries the first wins", entry
                    )
    yield from _other_files(section)


def _differing(entries: list[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Each entry that says something else than the one before it, with that one."""
    for before, entry in pairwise(entries):
        if before.unknown == FILLED_IN or entry.unknown == FILLED_IN:
            continue
        if before.written.place.condition != entry.written.place.condition:
            continue  # a template chooses between them
        if (before.text, before.written.raw) != (entry.text, entry.written.raw):
            yield entry, before


def _twice(section: SectionDraft, name: str, entry: Entry, other: Entry, outcome: str, loser: Entry) -> Problem:
    values = {"name": name, "section": section.name, "outcome": outcome}
    related = (Label(other.written.place, "here before"),)
    fix = removed(loser.written.place)
    return Problem("fpm/duplicate-directive", entry.written.place, "", False, values, related, fix=fix)


def _other_files(section: SectionDraft) -> Iterator[Problem]:
    """One finding for each further file that gives a directive of the pool another value."""
    told: set[str] = set()
    for name, entries in section.entries.items():
        for entry, other in _differing(entries):
            if entry.path in told or entry.path == other.path or _overrides_on_purpose(entry.path, other.path):
                continue
            if other.written.place.is_given:  # the image's own file, which is there to be laid over
                continue
            told.add(entry.path)
            header = next((place for place in section.headers if place.path == entry.path), entry.written.place)
            value, before = entry.written.value_place.text, other.written.value_place.text
            values = {"pool": section.name, "name": name, "value": value, "before": before, "other": other.path}
            related = (
                Label(other.written.place, "what it was"),
                Label(entry.written.place, "what it is now, for this file is read later"),
            )
            yield Problem("fpm/pool-defined-twice", header, "", False, values, related)


def _overrides_on_purpose(later: str, earlier: str) -> bool:
    """The Docker images lay docker.conf, www.conf and zz-docker.conf over each other, and tell users to add
    a zz- file of their own: https://github.com/docker-library/php."""
    return paths.name(later).startswith("zz-") or "docker.conf" in (paths.name(later), paths.name(earlier))
