"""Whatever was found, wherever: each report keeps to its schema, and the addresses in it are those of the finding."""

from __future__ import annotations

import json
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgfpmlint.engine.outcome import Crash, NotEvaluated, Outcome, ReadFile, Skipped, Unread
from pgfpmlint.finding.finding import SEVERITIES, Edit, Finding, Fix
from pgfpmlint.finding.problem import Label
from pgfpmlint.report import REPORTERS, Look
from pgfpmlint.source.text import Place, Source
from reports import valid

# Any text, and bytes that are none.
SIGNS = st.characters(categories=("L", "N", "P", "S", "Z", "Cc"), include_characters="\udc80\udcff")
TEXTS = st.text(SIGNS, max_size=30)
PATHS = st.builds("{}{}".format, st.sampled_from(["p", "/p", "../p"]), TEXTS)


@st.composite
def places(draw: st.DrawFn) -> Place:
    source = Source(draw(PATHS), draw(TEXTS))
    start = draw(st.integers(0, len(source.text)))
    return source.place(start, draw(st.integers(start, len(source.text))))


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    edits = st.builds(Edit, places(), TEXTS)
    fixes = st.none() | st.builds(lambda edit: Fix("safe", (edit,)), edits)
    related = draw(st.lists(st.builds(Label, places(), TEXTS), max_size=2))
    severity, words = draw(st.sampled_from(SEVERITIES)), draw(TEXTS)
    return Finding(
        "hba/x", severity, f"it {words}", draw(places()), tuple(related), (words,), words, "", draw(fixes), words
    )


OUTCOMES = st.builds(
    lambda found, hushed, path, words: Outcome(
        tuple(found),
        tuple(hushed),
        (NotEvaluated("hba/y", words),),
        (Unread(path, words),),
        (Crash("hba/z", words),),
        (ReadFile(path, "php-fpm"),),
        (Skipped(path, "", words),),
        notes=(words,),
    ),
    st.lists(findings(), max_size=3),
    st.lists(findings(), max_size=1),
    PATHS,
    TEXTS,
)


@pytest.mark.parametrize("format_", list(REPORTERS))
@settings(max_examples=25)
@given(OUTCOMES, st.sampled_from(["", "conf/", "a b/"]))
def test_each_report_is_valid(format_: str, outcome: Outcome, within: str) -> None:
    valid(format_, outcome, Look(within=within))


@settings(max_examples=25)
@given(OUTCOMES)
def test_they_all_tell_of_the_same(outcome: Outcome) -> None:
    severities = [finding.severity for finding in outcome.findings]
    (run,) = json.loads(valid("sarif", outcome, Look(hushed=False)))["runs"]
    assert len(run["results"]) == len(severities)
    assert len(json.loads(valid("rdjson", outcome))["diagnostics"]) == len(severities)
    assert len({entry["fingerprint"] for entry in json.loads(valid("gitlab", outcome))}) == len(severities)
    assert valid("github", outcome).count("\n") == len(severities)
    failures = fromstring(valid("junit", outcome)).attrib["failures"]
    assert int(failures) == len(severities) - severities.count("info")
