"""Every example of the rule book, through the real pipeline: what a rule's page shows is what users get."""

from __future__ import annotations

import pytest
from rule_examples import CONFIG, HOLE, Case, cases, crlf, outcome, said, suppressed, told

CASES = list(cases())


def examples(mutation: str = "") -> pytest.MarkDecorator:
    chosen = [case for case in CASES if mutation not in case.unmutated]
    return pytest.mark.parametrize("case", chosen, ids=[case.id for case in chosen])


@examples()
def test_example(case: Case) -> None:
    """Exactly the expected places, with the expected words; every hole of the message filled."""
    found = outcome(case)
    assert not found.crashed
    assert told(found, case.rule) == sorted(expected.at for expected in case.expected)
    findings = [finding for finding in found.findings if finding.rule == case.rule]
    assert not [finding.message for finding in findings if HOLE.search(finding.message)]
    for expected in case.expected:
        same_spot = [finding for finding in findings if (finding.at.path, finding.at.text) == expected.at]
        saying = [finding for finding in same_spot if expected.says in finding.message]
        assert saying, [finding.message for finding in same_spot]
        if expected.related is not None:
            related = [sorted((label.place.path, label.place.text) for label in finding.related) for finding in saying]
            assert sorted(expected.related) in related


@examples("crlf")
def test_with_the_line_ends_of_another_system(case: Case) -> None:
    assert told(outcome(case, crlf(case)), case.rule) == sorted(expected.at for expected in case.expected)


@examples("order")
def test_with_its_files_in_another_order(case: Case) -> None:
    if len(case.files) > 1:
        assert said(outcome(case, backwards=True), case.rule) == said(outcome(case), case.rule)


@examples()
def test_with_a_comment_above_each_finding(case: Case) -> None:
    """What was found in files that can hold comments is hushed, and nothing new is said."""
    if case.expected:
        found = outcome(case)
        hushed = outcome(case, suppressed(case, found))
        unreadable = [path.rstrip("/") for path in case.unreadable]
        lasting = [spot for spot in told(found, case.rule) if spot.path == CONFIG or spot.path in unreadable]
        assert told(hushed, case.rule) == lasting
        was_hushed = [finding for finding in hushed.suppressed if finding.rule == case.rule]
        assert len(was_hushed) == len(told(found, case.rule)) - len(lasting)
