"""Every example of the rule book, through the real pipeline: what a rule's page shows is what users get."""

from __future__ import annotations

import pytest
from rule_examples import cases, crlf, findings, said, suppressed, told

from pgfpmlint.examples import CONFIG, Case, faults, fixed, outcome

CASES = list(cases())


def examples(mutation: str = "") -> pytest.MarkDecorator:
    chosen = [case for case in CASES if mutation not in case.unmutated]
    return pytest.mark.parametrize("case", chosen, ids=[f"{case.rule}: {case.name}" for case in chosen])


def fixed_examples() -> pytest.MarkDecorator:
    chosen = [case for case in CASES if case.fixed is not None]
    return pytest.mark.parametrize("case", chosen, ids=[f"{case.rule}: {case.name}" for case in chosen])


@examples()
def test_example(case: Case) -> None:
    """Exactly the expected places, with the expected words; every hole of the message filled; and what the fix makes of
    its files, where the example says so."""
    assert faults(case, outcome(case)) == []


@examples("crlf")
def test_with_the_line_ends_of_another_system(case: Case) -> None:
    assert told(case, outcome(case, crlf(case))) == sorted(expected.at for expected in case.expected)


@fixed_examples()
def test_fixed_with_the_line_ends_of_another_system(case: Case) -> None:
    assert case.fixed is not None
    expected = {path: text.replace("\n", "\r\n") for path, text in case.fixed.items()}
    assert fixed(case, crlf(case)) == expected


@fixed_examples()
def test_fixed_twice_is_fixed_once(case: Case) -> None:
    assert fixed(case, {**case.files, **(case.fixed or {})}) == {}


@examples("order")
def test_with_its_files_in_another_order(case: Case) -> None:
    if len(case.files) > 1:
        assert said(case, outcome(case, backwards=True)) == said(case, outcome(case))


@examples("comment")
def test_with_a_comment_above_each_finding(case: Case) -> None:
    """What was found in files that can hold comments is hushed, and nothing new is said."""
    if case.expected:
        found = outcome(case)
        hushed = outcome(case, suppressed(case, found))
        unreadable = [path.rstrip("/") for path in case.unreadable]
        lasting = [spot for spot in told(case, found) if spot.path == CONFIG or spot.path in unreadable]
        assert told(case, hushed) == lasting
        was_hushed = [finding for finding in hushed.suppressed if finding.rule == case.rule]
        assert len(was_hushed) == len(findings(case, found)) - len(lasting)
