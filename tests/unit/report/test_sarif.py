from __future__ import annotations

import json
from typing import Any

from pgfpmlint import __version__
from pgfpmlint.engine.outcome import Crash, NotEvaluated, Outcome, ReadFile, Skipped, Unread
from pgfpmlint.finding.finding import Edit
from pgfpmlint.registry.definition import Definition
from pgfpmlint.registry.load import rule_book
from pgfpmlint.report import Look
from pgfpmlint.source.text import Source
from reports import FILE, OTHER, fix, found, valid

BASE = "%SRCROOT%"


def run_of(outcome: Outcome, look: Look | None = None) -> Any:
    (run,) = json.loads(valid("sarif", outcome, look))["runs"]
    return run


def test_a_result() -> None:
    (result,) = run_of(Outcome((found(),)))["results"]
    print_ = result.pop("partialFingerprints")
    assert [*print_] == ["ruleAndLine/v1"]
    assert result == {
        "ruleId": "hba/x",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": "it is off\n[etc/b c.conf:1](1): because [it] is\n1 + 1\nhelp: do"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "etc/a.conf", "uriBaseId": BASE},
                    "region": {"startLine": 2, "startColumn": 6, "endLine": 2, "endColumn": 8},
                }
            }
        ],
        "relatedLocations": [
            {
                "id": 1,
                "physicalLocation": {
                    "artifactLocation": {"uri": "etc/b%20c.conf", "uriBaseId": BASE},
                    "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2},
                },
                "message": {"text": "because [it] is"},
            }
        ],
    }


def test_columns_count_characters_and_the_run_says_so() -> None:
    run = run_of(Outcome((found(at=Source("a", "é𐐀x").place(2, 3)),)))
    assert run["columnKind"] == "unicodeCodePoints"
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert (region["startColumn"], region["endColumn"]) == (3, 4)


def test_levels() -> None:
    results = run_of(Outcome((found(), found(severity="warning"), found(severity="info"))))["results"]
    assert [result["level"] for result in results] == ["error", "warning", "note"]


def test_paths_are_uris() -> None:
    for path, uri in {
        "/etc/x.conf": {"uri": "file:///etc/x.conf"},
        "a\udcff:b#c%d": {"uri": "a%FF%3Ab%23c%25d", "uriBaseId": BASE},
    }.items():
        (result,) = run_of(Outcome((found(at=Source(path, "x").place(0, 1)),)))["results"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"] == uri


def test_paths_within_the_repository_of_a_service() -> None:
    (result,) = run_of(Outcome((found(),)), Look(within="my conf/"))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "my%20conf/etc/a.conf"


def test_fixes() -> None:
    inserted = Edit(OTHER.place(0, 0), "z\n")
    (result,) = run_of(Outcome((found(fix=fix(Edit(FILE.place(11, 13), ""), inserted)),)))["results"]
    assert result["fixes"] == [
        {
            "description": {"text": "safe fix"},
            "artifactChanges": [
                {
                    "artifactLocation": {"uri": "etc/a.conf", "uriBaseId": BASE},
                    "replacements": [
                        {"deletedRegion": {"startLine": 2, "startColumn": 6, "endLine": 2, "endColumn": 8}}
                    ],
                },
                {
                    "artifactLocation": {"uri": "etc/b%20c.conf", "uriBaseId": BASE},
                    "replacements": [
                        {
                            "deletedRegion": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1},
                            "insertedContent": {"text": "z\n"},
                        }
                    ],
                },
            ],
        }
    ]


def test_rules_have_help_and_a_page() -> None:
    own = Definition("shop/no-jit", "No JIT here", "m", "info", "postgres", "forbids", level="pedantic")
    known = {**rule_book().rules, own.id: own}
    findings = (found(rule="hba/host-without-tls"), found(rule=own.id, url=""), found(rule="a/unheard-of"))
    run = run_of(Outcome(findings, rules=known))
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("pgfpmlint", __version__)
    unheard, shipped, owned = driver["rules"]
    assert unheard == {"id": "a/unheard-of", "helpUri": "https://x.org"}
    assert shipped["shortDescription"]["text"] == known["hba/host-without-tls"].title
    assert shipped["defaultConfiguration"] == {"level": "warning"}
    assert shipped["properties"]["tags"] == ["hba", "default"]
    assert shipped["help"]["text"].startswith(shipped["fullDescription"]["text"])
    assert "**Reported**" in shipped["help"]["markdown"]
    assert "<https://www.postgresql.org/" in shipped["help"]["markdown"]
    assert owned == {
        "id": "shop/no-jit",
        "shortDescription": {"text": "No JIT here"},
        "defaultConfiguration": {"level": "note"},
        "properties": {"tags": ["shop", "pedantic"], "problem.severity": "recommendation", "precision": "high"},
    }
    assert [result["ruleIndex"] for result in run["results"]] == [1, 2, 0]


def test_suppressed_findings_are_results_that_say_so_unless_the_reader_can_not_tell() -> None:
    outcome = Outcome((), (found(hushed_by="the lab"), found(rule="hba/y")))
    first, second = run_of(outcome)["results"]
    assert first["suppressions"] == [{"kind": "inSource", "justification": "the lab"}]
    assert second["suppressions"] == [{"kind": "inSource"}]
    assert run_of(outcome, Look(hushed=False))["results"] == []


def test_what_was_not_looked_at() -> None:
    outcome = Outcome(
        crashed=(Crash("hba/x", "KeyError: password=hunter2hunter2"),),
        unread=(Unread("etc/c.conf", "Permission denied"),),
        skipped=(Skipped("etc/a.conf.bak", "php-fpm", "a spare copy (.bak)"),),
        notes=("PHP 8.5 is taken",),
        not_evaluated=(NotEvaluated("hba/y", "no pg_hba.conf here"),),
        files=(ReadFile("etc/a.conf", "php-fpm"), ReadFile("etc/a.conf", "php.ini")),
    )
    run = run_of(outcome)
    (invocation,) = run["invocations"]
    assert not invocation["executionSuccessful"]
    assert [
        (told["level"], told["message"]["text"], told.get("associatedRule", {}).get("id"))
        for told in invocation["toolExecutionNotifications"]
    ] == [
        ("error", "KeyError: password=********", "hba/x"),
        ("warning", "not linted: Permission denied", None),
        ("note", "not linted: a spare copy (.bak)", None),
        ("note", "PHP 8.5 is taken", None),
        ("note", "not evaluated: no pg_hba.conf here", "hba/y"),
    ]
    assert [file["location"]["uri"] for file in run["artifacts"]] == ["etc/a.conf"]
    assert run_of(Outcome())["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]
