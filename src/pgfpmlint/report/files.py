"""Every file that was found, one a line: what it is, how that is known, and why some are not linted."""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.report.snippet import harmless


def listing(outcome: Outcome) -> str:
    """What ``--show-files`` prints, sorted by path."""
    return "".join(f"{harmless(path)}: {harmless(words)}\n" for path, words in sorted(set(_files(outcome))))


def unlinted(outcome: Outcome) -> str:
    """Why nothing was linted, in a few words; empty where nothing was found at all."""
    skipped = outcome.skipped
    more = f", and {len(skipped) - 1} more" if len(skipped) > 1 else ""
    return f": {harmless(skipped[0].path)}: {harmless(skipped[0].why)}{more}" if skipped else ""


def _files(outcome: Outcome) -> Iterator[tuple[str, str]]:
    for file in outcome.files:
        yield file.path, f"{file.kind} ({file.why})" if file.why else file.kind
    for skipped in outcome.skipped:
        yield skipped.path, f"{skipped.kind and f'{skipped.kind}, '}not linted: {skipped.why}"
    for unread in outcome.unread:
        yield unread.path, f"not read: {unread.why}"
