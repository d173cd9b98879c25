from __future__ import annotations

import json
from typing import Any

from pgfpmlint import __version__
from pgfpmlint.engine.outcome import NotEvaluated, Outcome, ReadFile, Skipped, Unread
from pgfpmlint.finding.finding import Edit, Finding, Fix
from pgfpmlint.finding.problem import Label
from pgfpmlint.report import Look, render
from pgfpmlint.source.text import Source

FILE = Source("etc/a.conf", "a = 1\nbé = 20\n")
EDIT = Edit(FILE.place(11, 13), "32")


def found(**changes: Any) -> Finding:
    plain = Finding("hba/x", "error", "it is \udcff", FILE.place(6, 13), (), ("1 + 1",), "do", "https://x", None)
    return plain._replace(**changes)


def test_the_schema_of_the_interface() -> None:
    related = (Label(FILE.place(0, 5), "because"),)
    outcome = Outcome(
        findings=(found(related=related, fix=Fix("safe", (EDIT,))),),
        suppressed=(found(),),
        not_evaluated=(NotEvaluated("hba/y", "no pg_hba.conf here"),),
        unread=(Unread("etc/b.conf", "Permission denied"),),
        files=(ReadFile("etc/a.conf", "php-fpm"),),
        skipped=(Skipped("etc/a.conf.bak", "php-fpm", "a spare copy (.bak)"),),
    )
    text = render("json", outcome, Look())
    assert text.isascii()
    assert json.loads(text) == {
        "schema": 1,
        "tool": {"name": "pgfpmlint", "version": __version__},
        "findings": [
            {
                "rule": "hba/x",
                "severity": "error",
                "message": "it is \\xff",
                "path": "etc/a.conf",
                "line": 2,
                "column": 1,
                "end_line": 2,
                "end_column": 8,
                "related": [{"path": "etc/a.conf", "line": 1, "column": 1, "message": "because"}],
                "arithmetic": ["1 + 1"],
                "help": "do",
                "fix": {
                    "applicability": "safe",
                    "edits": [
                        {"path": "etc/a.conf", "line": 2, "column": 6, "end_line": 2, "end_column": 8, "text": "32"}
                    ],
                },
                "url": "https://x",
            }
        ],
        "not_evaluated": [{"rule": "hba/y", "why": "no pg_hba.conf here"}],
        "unread": [{"path": "etc/b.conf", "why": "Permission denied"}],
        "skipped": [{"path": "etc/a.conf.bak", "why": "a spare copy (.bak)"}],
        "summary": {"files": 1, "errors": 1, "warnings": 0, "infos": 0, "suppressed": 1, "known": 0, "unread": 1},
    }


def test_a_fix_that_would_tell_a_secret_is_left_out() -> None:
    secret = Source("a", "x = password='open sesame'\n")
    for text in ("open sesame", "password=other"):
        fix = Fix("safe", (Edit(secret.place(0, 1), text),))
        (finding,) = json.loads(render("json", Outcome((found(fix=fix),)), Look()))["findings"]
        assert finding["fix"] is None
