"""``--baseline``: what a tree is known to suffer from, so that only what is new stops a commit.

An entry is a rule, a path and the text of the line, never a number of one: edits elsewhere in the file change nothing.
The text is kept as reports show it, secrets masked, so that the file may be committed.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping

from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.finding import Finding
from pgfpmlint.report.identity import Entry, entries, relative

SCHEMA = 1


class BaselineError(Exception):
    """The file can't be used; the message names it, and says what to do."""


class Baseline:
    """``entries`` with how often each was found."""

    def __init__(self, folder: str, entries: Mapping[Entry, int]) -> None:
        self._folder = folder
        self._entries = entries

    def without_known(self, outcome: Outcome) -> tuple[Outcome, list[Entry]]:
        """The outcome without the findings that are known, and the entries that nothing fits any more.

        An entry is only gone where its rule was judged and its file was read, or isn't there any more: a run over a
        part of the tree says nothing about the rest."""
        left = Counter(self._entries)
        fresh: list[Finding] = []
        for finding, entry in entries(outcome.findings, self._folder):
            if left[entry] > 0:
                left[entry] -= 1
            else:
                fresh.append(finding)
        known = len(outcome.findings) - len(fresh)
        read = {relative(file.path, self._folder) for file in outcome.files}
        gone = [
            entry
            for entry, count in left.items()
            if count and entry.rule in outcome.judged and (entry.path in read or not self._is_there(entry.path))
        ]
        return outcome._replace(findings=tuple(fresh), known=outcome.known + known), sorted(gone)

    def _is_there(self, path: str) -> bool:
        return os.path.lexists(os.path.join(self._folder, path))


def read(file_name: str) -> Baseline:
    """BaselineError where there is no such file, or where it doesn't hold what `write` writes."""
    try:
        with open(file_name, encoding="utf-8") as file:
            held = json.load(file)
    except OSError as error:
        raise BaselineError(f"{file_name}: {error.strerror}; --write-baseline {file_name} makes it") from None
    except ValueError as error:
        raise BaselineError(f"{file_name}: not JSON: {error}; --write-baseline {file_name} makes it anew") from None
    try:
        if held["schema"] != SCHEMA:
            raise BaselineError(
                f"{file_name}: schema {held['schema']} of another pgfpmlint; --write-baseline {file_name} makes it anew"
            )
        entries = Counter[Entry]()
        for row in held["entries"]:
            entries[Entry(*(_word(row[field]) for field in Entry._fields))] += int(row.get("count", 1))
    except (KeyError, TypeError, AttributeError, ValueError):
        raise BaselineError(f"{file_name}: no baseline; --write-baseline {file_name} makes one") from None
    return Baseline(os.path.dirname(file_name), entries)


def write(outcome: Outcome, file_name: str) -> int:
    """Keep every finding of the outcome as known; how many that is. OSError where the file can't be written.

    An entry takes one line, in order, so that a change of the file reads well in a review."""
    found = Counter(entry for _, entry in entries(outcome.findings, os.path.dirname(file_name)))
    rows = [
        json.dumps({**entry._asdict(), **({"count": count} if count > 1 else {})})
        for entry, count in sorted(found.items())
    ]
    with open(file_name, "w", encoding="utf-8", newline="\n") as file:
        file.write(f'{{"schema": {SCHEMA}, "entries": [\n' + ",\n".join(rows) + "\n]}\n")
    return len(outcome.findings)


def _word(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
