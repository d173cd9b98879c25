"""Outcomes to report, and the schemas that reports are held to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import xmlschema
from jsonschema import Draft7Validator

from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.finding import Edit, Finding, Fix
from pgfpmlint.finding.problem import Label
from pgfpmlint.report import Look, render
from pgfpmlint.source.text import Source

SCHEMAS = Path(__file__).parent / "fixtures/schemas"
OF_FORMAT = {"sarif": "sarif-2.1.0.json", "gitlab": "gitlab-code-quality.json", "rdjson": "rdjson.json"}

_VALIDATORS = {name: Draft7Validator(json.loads((SCHEMAS / file).read_text())) for name, file in OF_FORMAT.items()}
_JUNIT = xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd"))

FILE = Source("etc/a.conf", "a = 1\nbé = 20\n")
OTHER = Source("etc/b c.conf", "x\ny\n")


def found(**changes: Any) -> Finding:
    """A finding at "20" in the second line of FILE, which follows from the first line of OTHER."""
    related = (Label(OTHER.place(0, 1), "because [it] is"),)
    plain = Finding("hba/x", "error", "it is off", FILE.place(11, 13), related, ("1 + 1",), "do", "https://x.org", None)
    return plain._replace(**changes)


def fix(*edits: Edit) -> Fix:
    return Fix("safe", edits or (Edit(FILE.place(11, 13), "32"),))


def problems(format_: str, text: str) -> list[str]:
    """What the schema of the format has against a report."""
    if format_ == "junit":
        return [str(error.reason) for error in _JUNIT.iter_errors(text)]
    if format_ not in _VALIDATORS:
        return []
    return [f"{error.json_path}: {error.message}" for error in _VALIDATORS[format_].iter_errors(json.loads(text))]


def valid(format_: str, outcome: Outcome, look: Look | None = None) -> str:
    """The report, once its schema has nothing against it."""
    text = render(format_, outcome, look or Look())
    assert problems(format_, text) == []
    return text
