"""``--format sarif``: SARIF 2.1.0, for code scanning and for viewers.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html, and what GitHub shows of it:
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import json
import os
from urllib.parse import quote

from pgfpmlint import __version__
from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.finding import Finding, Fix
from pgfpmlint.report import Look
from pgfpmlint.report.identity import fingerprints
from pgfpmlint.report.sarif_rules import LEVELS, rules
from pgfpmlint.report.secrets import MASK
from pgfpmlint.report.snippet import Screen
from pgfpmlint.report.telling import Telling, address, telling
from pgfpmlint.source.text import Place

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

BASE = "%SRCROOT%"
"""What relative paths start from. Its own address is left out: it would name a folder of one machine."""

FINGERPRINT = "ruleAndLine/v1"

Fields = dict[str, object]


def render(outcome: Outcome, look: Look) -> str:
    """One run. Lines and columns from 1, columns in characters, ends exclusive; only rules with results are described.

    Suppressed findings are results with ``suppressions``, unless ``look`` leaves them out."""
    screen = Screen()
    shown, hushed = fingerprints(outcome, look.within)
    told = [*zip(outcome.findings, shown)]
    quiet = [*zip(outcome.suppressed, hushed)] if look.hushed else []
    described = rules([finding for finding, _ in (*told, *quiet)], outcome.rules)
    index = {rule["id"]: at for at, rule in enumerate(described)}

    def result(finding: Finding, print_: str) -> Fields:
        return {
            "ruleId": finding.rule,
            "ruleIndex": index[finding.rule],
            **_result(finding, telling(finding, screen), look.within),
            "partialFingerprints": {FINGERPRINT: print_},
        }

    results = [result(finding, print_) for finding, print_ in told]
    results += [
        {**result(finding, print_), "suppressions": [_suppression(finding, screen)]} for finding, print_ in quiet
    ]
    driver = {"name": "pgfpmlint", "version": __version__, "semanticVersion": __version__, "rules": described}
    run: Fields = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "redactionTokens": [MASK],
        "originalUriBaseIds": {BASE: {"description": {"text": "what the paths are relative to"}}},
        "invocations": [_invocation(outcome, screen, look.within)],
        "artifacts": [
            {"location": _artifact(path, look.within), "roles": ["analysisTarget"]}
            for path in dict.fromkeys(file.path for file in outcome.files)
        ],
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _result(finding: Finding, told: Telling, within: str) -> Fields:
    """Viewers show a related location where the message links to it by its number."""
    lines = [told.message]
    for number, label in enumerate(told.related, 1):
        lines.append(f"[{_unlinked(address(label.place))}]({number}){f': {label.words}' if label.words else ''}")
    shown: Fields = {
        "level": LEVELS[finding.severity],
        "message": {"text": "\n".join([*lines, *told.notes()])},
        "locations": [{"physicalLocation": _physical(finding.at, within)}],
    }
    if told.related:
        shown["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _physical(label.place, within),
                **({"message": {"text": label.words}} if label.words else {}),
            }
            for number, label in enumerate(told.related, 1)
        ]
    if told.fix is not None:
        shown["fixes"] = [_fix(told.fix, within)]
    return shown


def _unlinked(text: str) -> str:
    """The words of a link, in which brackets would end it."""
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _suppression(finding: Finding, screen: Screen) -> Fields:
    why = screen.words(finding.hushed_by, screen.secrets([finding.at.source]))
    return {"kind": "inSource", **({"justification": why} if why else {})}


def _fix(fix: Fix, within: str) -> Fields:
    by_path: dict[str, list[Fields]] = {}
    for edit in fix.edits:
        replacement: Fields = {"deletedRegion": _region(edit.place)}
        if edit.text:
            replacement["insertedContent"] = {"text": edit.text}
        by_path.setdefault(edit.place.path, []).append(replacement)
    return {
        "description": {"text": f"{fix.applicability} fix"},
        "artifactChanges": [
            {"artifactLocation": _artifact(path, within), "replacements": replacements}
            for path, replacements in by_path.items()
        ],
    }


def _invocation(outcome: Outcome, screen: Screen, within: str) -> Fields:
    """What the results don't tell: rules that broke, files that were not read, rules that could not judge."""
    told: list[Fields] = [_notification("error", screen.words(crash.error), crash.rule) for crash in outcome.crashed]
    for level, files in (("warning", outcome.unread), ("note", outcome.skipped)):
        for file in files:
            where = [{"physicalLocation": {"artifactLocation": _artifact(file.path, within)}}]
            told.append({**_notification(level, f"not linted: {screen.words(file.why)}"), "locations": where})
    told += [_notification("note", screen.words(note)) for note in outcome.notes]
    told += [
        _notification("note", f"not evaluated: {screen.words(entry.why)}", entry.rule)
        for entry in outcome.not_evaluated
    ]
    return {"executionSuccessful": not outcome.crashed, "toolExecutionNotifications": told}


def _notification(level: str, text: str, rule: str = "") -> Fields:
    return {"level": level, "message": {"text": text}, **({"associatedRule": {"id": rule}} if rule else {})}


def _physical(place: Place, within: str) -> Fields:
    return {"artifactLocation": _artifact(place.path, within), "region": _region(place)}


def _artifact(path: str, within: str) -> Fields:
    """A byte that is no UTF-8 stays the byte that it is."""
    escaped = quote(path.encode("utf-8", "surrogateescape"))
    return {"uri": f"file://{escaped}"} if os.path.isabs(path) else {"uri": quote(within) + escaped, "uriBaseId": BASE}


def _region(place: Place) -> Fields:
    (line, column), (end_line, end_column) = map(place.source.position, (place.start, place.end))
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
