from __future__ import annotations

from pgfpmlint.engine.outcome import Crash, NotEvaluated, Outcome, ReadFile, Unread
from pgfpmlint.report.html.budgets import Books
from pgfpmlint.report.html.findings import Card, Quote
from pgfpmlint.report.html.paths import Path
from pgfpmlint.report.html.verdict import coverage, verdict
from pgfpmlint.report.snippet import Screen
from pgfpmlint.report.trace import Step

NO_BOOKS = Books((), (), ())
REFUSED = Path("path-1", "rejected", "a -> b", "no entry", (Step("a to b", (("pg_hba.conf:3", "host …"),)),), ("a",), 1)


def card(rule: str, severity: str = "error") -> Card:
    quote = Quote("pg_hba.conf:3:1", "3", "host …", "^^^^", "", True)
    return Card(
        "finding-1", rule, severity, "b refuses a", "pg_hba.conf", ("b",), ("pg_hba.conf:3:1",), (quote,), (), "", ""
    )


def test_nothing_found_is_clean() -> None:
    found = verdict(Outcome(), [], NO_BOOKS, [])
    assert (found.state, found.faults) == ("good", ())


def test_a_file_that_could_not_be_read_is_not_clean() -> None:
    assert verdict(Outcome(unread=(Unread("a", "gone"),)), [], NO_BOOKS, []).state == "fair"


def test_a_rule_that_broke_is_bad() -> None:
    assert verdict(Outcome(crashed=(Crash("a/b", "x"),)), [], NO_BOOKS, []).state == "bad"


def test_a_rejected_path_is_named() -> None:
    found = verdict(Outcome(), [], NO_BOOKS, [REFUSED])
    assert [(fault.kind, fault.anchor) for fault in found.faults] == [("path", "path-1")]


def test_what_an_error_tells_of_a_path_is_not_told_twice() -> None:
    found = verdict(Outcome(), [card("reach/refused")], NO_BOOKS, [REFUSED])
    assert [fault.kind for fault in found.faults] == ["error"]


def test_an_error_of_another_kind_on_the_same_line_hides_no_path() -> None:
    found = verdict(Outcome(), [card("hba/trust-from-network")], NO_BOOKS, [REFUSED])
    assert [fault.kind for fault in found.faults] == ["error", "path"]


def test_what_is_covered_is_counted() -> None:
    outcome = Outcome(
        files=(ReadFile("a", "pg_hba.conf"), ReadFile("b", "pg_hba.conf")),
        hosts=("h",),
        judged=frozenset({"a/b", "a/c"}),
        not_evaluated=(NotEvaluated("a/d", "no pooler here"), NotEvaluated("a/e", "no pooler here")),
    )
    found = coverage(outcome, Screen())
    assert found.summary == "2 files of 1 host read; 2 rules judged; 2 could not judge"
    assert found.not_evaluated == (("no pooler here", ("a/d", "a/e")),)
