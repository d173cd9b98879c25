"""``--format json``, schema 1: what scripts read. Keys are added over time; none changes its meaning or goes."""

from __future__ import annotations

import json

from pgfpmlint import __version__
from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.finding import Finding, Fix
from pgfpmlint.report import Look
from pgfpmlint.report.snippet import Screen, harmless
from pgfpmlint.report.telling import telling
from pgfpmlint.source.text import Place

SCHEMA = 1


def render(outcome: Outcome, look: Look) -> str:
    """Lines and columns from 1, columns in characters, ends exclusive, paths with ``/``. ASCII only, so that no
    terminal, pipe or locale can break it."""
    screen = Screen()
    report = {
        "schema": SCHEMA,
        "tool": {"name": "pgfpmlint", "version": __version__},
        "findings": [_finding(finding, screen) for finding in outcome.findings],
        "not_evaluated": [{"rule": entry.rule, "why": screen.words(entry.why)} for entry in outcome.not_evaluated],
        "unread": [{"path": harmless(gone.path), "why": screen.words(gone.why)} for gone in outcome.unread],
        "skipped": [{"path": harmless(file.path), "why": screen.words(file.why)} for file in outcome.skipped],
        "summary": {
            "files": len({file.path for file in outcome.files}),
            "errors": outcome.count("error"),
            "warnings": outcome.count("warning"),
            "infos": outcome.count("info"),
            "suppressed": len(outcome.suppressed),
            "known": outcome.known,
            **({"elsewhere": outcome.elsewhere} if outcome.elsewhere is not None else {}),
            "unread": len(outcome.unread),
        },
    }
    return json.dumps(report, indent=1) + "\n"


def _finding(finding: Finding, screen: Screen) -> dict[str, object]:
    told = telling(finding, screen)
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "message": told.message,
        **_start(finding.at),
        **_end(finding.at),
        "related": [{**_start(label.place), "message": label.words} for label in told.related],
        "arithmetic": list(told.arithmetic),
        "help": told.help,
        "fix": _fix(told.fix),
        "url": finding.url,
    }


def _fix(fix: Fix | None) -> dict[str, object] | None:
    """The fix as others may apply it."""
    if fix is None:
        return None
    return {
        "applicability": fix.applicability,
        "edits": [{**_start(edit.place), **_end(edit.place), "text": edit.text} for edit in fix.edits],
    }


def _start(place: Place) -> dict[str, object]:
    line, column = place.source.position(place.start)
    return {"path": harmless(place.path), "line": line, "column": column}


def _end(place: Place) -> dict[str, object]:
    line, column = place.source.position(place.end)
    return {"end_line": line, "end_column": column}
