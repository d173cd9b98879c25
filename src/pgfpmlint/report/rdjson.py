"""``--format rdjson``: Reviewdog Diagnostic Format, which reviewdog turns into comments on any code host.

https://github.com/reviewdog/reviewdog/tree/master/proto/rdf
"""

from __future__ import annotations

import json

from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.finding import Finding
from pgfpmlint.report import Look
from pgfpmlint.report.snippet import Screen, harmless
from pgfpmlint.report.telling import Telling, telling
from pgfpmlint.source.text import Place

SEVERITIES = {"error": "ERROR", "warning": "WARNING", "info": "INFO"}


def render(outcome: Outcome, look: Look) -> str:
    """Paths are relative to the working directory: reviewdog runs there, too, and finds the repository itself."""
    screen = Screen()
    report = {
        "source": {"name": "pgfpmlint"},
        "diagnostics": [_diagnostic(finding, telling(finding, screen)) for finding in outcome.findings],
    }
    return json.dumps(report, indent=1) + "\n"


def _diagnostic(finding: Finding, told: Telling) -> dict[str, object]:
    shown: dict[str, object] = {
        "message": "\n".join(told.lines()),
        "location": {"path": harmless(finding.at.path), "range": _range(finding.at)},
        "severity": SEVERITIES[finding.severity],
        "code": {"value": finding.rule, **({"url": finding.url} if finding.url else {})},
    }
    # A suggestion replaces text of the file that the comment stands at, and several of them may be taken one by one;
    # half of a fix is worse than none.
    if told.fix is not None and [edit.place.path for edit in told.fix.edits] == [finding.at.path]:
        shown["suggestions"] = [{"range": _range(edit.place), "text": edit.text} for edit in told.fix.edits]
    return shown


def _range(place: Place) -> dict[str, object]:
    return {"start": _position(place, place.start), "end": _position(place, place.end)}


def _position(place: Place, offset: int) -> dict[str, object]:
    """Line and column from 1; here a column counts bytes."""
    line, column = place.source.position(offset)
    before = place.source.text[offset - column + 1 : offset]
    return {"line": line, "column": len(before.encode("utf-8", "surrogateescape")) + 1}
