from __future__ import annotations

import json

from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.report import Look
from reports import FILE, found, valid


def test_an_entry() -> None:
    (entry,) = json.loads(valid("gitlab", Outcome((found(at=FILE.place(0, 9)),)), Look(within="conf/")))
    assert len(entry.pop("fingerprint")) == 32
    assert entry == {
        "description": "it is off; do",
        "check_name": "hba/x",
        "severity": "critical",
        "location": {"path": "conf/etc/a.conf", "lines": {"begin": 1, "end": 2}},
        "content": {"body": "it is off\netc/b c.conf:1: because [it] is\n1 + 1\nhelp: do"},
    }


def test_severities_and_fingerprints() -> None:
    findings = (found(), found(severity="warning"), found(severity="info"))
    entries = json.loads(valid("gitlab", Outcome(findings)))
    assert [entry["severity"] for entry in entries] == ["critical", "major", "info"]
    assert len({entry["fingerprint"] for entry in entries}) == 3


def test_nothing_found() -> None:
    assert valid("gitlab", Outcome()) == "[]\n"
