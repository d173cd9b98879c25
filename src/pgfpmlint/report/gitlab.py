"""``--format gitlab``: a Code Quality report, which GitLab shows in merge requests.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
import os

from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.report import Look
from pgfpmlint.report.identity import fingerprints
from pgfpmlint.report.snippet import Screen, harmless
from pgfpmlint.report.telling import telling

# GitLab's own are info, minor, major, critical and blocker.
SEVERITIES = {"error": "critical", "warning": "major", "info": "info"}


def render(outcome: Outcome, look: Look) -> str:
    """An array, empty where nothing was found. GitLab shows the description, in one line, and links to the place."""
    screen = Screen()
    prints, _ = fingerprints(outcome, look.within)
    rows: list[dict[str, object]] = []
    for finding, print_ in zip(outcome.findings, prints):
        told = telling(finding, screen)
        path = finding.at.path
        rows.append(
            {
                "description": f"{told.message}; {told.help}" if told.help else told.message,
                "check_name": finding.rule,
                "fingerprint": print_,
                "severity": SEVERITIES[finding.severity],
                "location": {
                    "path": harmless(path if os.path.isabs(path) else look.within + path),
                    "lines": {"begin": finding.at.line, "end": finding.at.source.position(finding.at.end)[0]},
                },
                "content": {"body": "\n".join(told.lines())},
            }
        )
    return json.dumps(rows, indent=1) + "\n"
