from __future__ import annotations

import json
from typing import Any

from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.finding import Edit, Finding
from reports import FILE, OTHER, fix, found, valid


def diagnostic(finding: Finding) -> Any:
    (told,) = json.loads(valid("rdjson", Outcome((finding,))))["diagnostics"]
    return told


def test_a_diagnostic() -> None:
    """Columns count bytes: the é before them takes two."""
    assert diagnostic(found(fix=fix())) == {
        "message": "it is off\netc/b c.conf:1: because [it] is\n1 + 1\nhelp: do",
        "location": {
            "path": "etc/a.conf",
            "range": {"start": {"line": 2, "column": 7}, "end": {"line": 2, "column": 9}},
        },
        "severity": "ERROR",
        "code": {"value": "hba/x", "url": "https://x.org"},
        "suggestions": [{"range": {"start": {"line": 2, "column": 7}, "end": {"line": 2, "column": 9}}, "text": "32"}],
    }


def test_severities() -> None:
    assert [diagnostic(found(severity=severity))["severity"] for severity in ("warning", "info")] == ["WARNING", "INFO"]


def test_half_a_fix_is_not_suggested() -> None:
    here, there = Edit(FILE.place(0, 1), "x"), Edit(OTHER.place(0, 1), "z")
    assert "suggestions" in diagnostic(found(fix=fix(here)))
    assert "suggestions" not in diagnostic(found(fix=fix(there)))
    assert "suggestions" not in diagnostic(found(fix=fix(here, there)))
    assert "suggestions" not in diagnostic(found(fix=fix(here, Edit(FILE.place(11, 13), "32"))))
