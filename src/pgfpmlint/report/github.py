"""``--format github``: annotations on the lines of a pull request, as workflow commands in a job's log.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.finding import Finding
from pgfpmlint.report import Look
from pgfpmlint.report.snippet import Screen, harmless
from pgfpmlint.report.telling import telling

COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}

# What the runner turns back: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
ESCAPES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
OF_PROPERTIES = {**ESCAPES, ":": "%3A", ",": "%2C"}


def render(outcome: Outcome, look: Look) -> str:
    """A line for each finding, and nothing where nothing was found."""
    screen = Screen()
    return "".join(f"{_annotation(finding, screen, look.within)}\n" for finding in outcome.findings)


def _annotation(finding: Finding, screen: Screen, within: str) -> str:
    path = finding.at.path
    line, column = finding.at.source.position(finding.at.start)
    end_line, end_column = finding.at.source.position(finding.at.end)
    where: dict[str, object] = {"file": harmless(path if os.path.isabs(path) else within + path), "line": line}
    where["endLine"] = end_line
    if end_line == line:  # GitHub takes no columns for what spans lines
        where |= {"col": column, "endColumn": end_column}
    where["title"] = finding.rule
    properties = ",".join(f"{name}={_escaped(str(value), OF_PROPERTIES)}" for name, value in where.items())
    story = [*telling(finding, screen).lines(), *([f"see: {finding.url}"] if finding.url else ())]
    return f"::{COMMANDS[finding.severity]} {properties}::{_escaped(chr(10).join(story), ESCAPES)}"


def _escaped(text: str, escapes: Mapping[str, str]) -> str:
    return "".join(escapes.get(sign, sign) for sign in text)
