"""The rule book's examples have budgets that agree with what their rules say."""

from __future__ import annotations

import pytest
from rule_examples import cases

from pgfpmlint import pipeline
from pgfpmlint.examples import Case
from pgfpmlint.model.accounts import accounts
from pgfpmlint.model.proposals import proposals
from pgfpmlint.model.survey import Survey
from pgfpmlint.options import Options
from pgfpmlint.report.budget_json import as_json
from pgfpmlint.report.budget_text import as_text
from trees import config_of, tree_of

FAILING = (
    "capacity/workers-exceed-max-connections",
    "capacity/pool-outgrows-server",
    "capacity/demand-exceeds-budget",
    "capacity/deployment-exceeds-budget",
)
"""Rules that say that an instance refuses connections, whose good examples have room for all."""


CASES = [case for case in cases() if case.rule.startswith("capacity/")]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.rule}: {case.name}" for case in CASES])
def test_budget_of_an_example(case: Case) -> None:
    survey = pipeline.survey(tree_of(case.files), config_of(case.files), Options())
    books = accounts(survey.deployment())
    proposed = proposals(survey, Survey.deployment)
    assert as_text(books, [], proposed)
    assert as_json(books, [], proposed)
    if case.rule in FAILING:
        assert books.fails == bool(case.expected)
