from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from pgfpmlint.engine.checking import finding
from pgfpmlint.engine.outcome import Crash, NotEvaluated, Outcome, ReadFile
from pgfpmlint.engine.run import run
from pgfpmlint.finding.finding import Hit, Silent
from pgfpmlint.finding.problem import Problem
from pgfpmlint.registry.load import RuleBook
from pgfpmlint.registry.select import Rule
from pgfpmlint.resolve.settings import Unread as MissingFile
from small_world import document, place, rule, rules, world

CONF = document("a = 1\nb = 2\n")
PROBLEM = Problem("files/bad-line", place(CONF, "b = 2"), "no such thing", refuses=True, values={"name": "b"})


def lint(*definitions: Any, **more: Any) -> Outcome:
    book = RuleBook(definitions)
    return run(book, rules(book), world(CONF, **more))


@pytest.fixture
def check_module(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """An empty module in which the check of ``files/odd`` may be put."""
    module = ModuleType("pgfpmlint.checks.files.odd")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(sys.modules, "pgfpmlint.checks.files", ModuleType("pgfpmlint.checks.files"))
    return module


def test_a_problem_is_told_in_the_words_of_its_rule() -> None:
    bad_line = rule("files/bad-line", message="{name}: {says}", help="remove {name}", severity="error", url="https://x")
    (found,) = lint(bad_line, problems=[PROBLEM]).findings
    assert (found.rule, found.severity, found.url) == ("files/bad-line", "error", "https://x")
    assert (found.message, found.help) == ("b: no such thing", "remove b")
    assert found.at == PROBLEM.place


def test_help_that_cannot_be_filled_is_left_out_and_a_message_shows_the_gap() -> None:
    (found,) = lint(rule("files/bad-line", message="{gap}", help="write {suggestion}"), problems=[PROBLEM]).findings
    assert (found.message, found.help) == ("{gap}", "")


def test_what_the_server_may_not_mind_is_no_finding_and_no_pass() -> None:
    doubtful = PROBLEM._replace(doubt="nothing tells who starts it")
    template = document("a = __A__\n")
    unfilled = PROBLEM._replace(place=place(template, "__A__"))
    outcome = lint(rule("files/bad-line"), problems=[doubtful])
    assert (outcome.findings, outcome.not_evaluated) == ((), (NotEvaluated("files/bad-line", doubtful.doubt),))
    book = RuleBook([rule("pooler/bad-line", subject="file")])
    outcome = run(book, rules(book), world(template, problems=[unfilled._replace(rule="pooler/bad-line")]))
    said = NotEvaluated("pooler/bad-line", f"{unfilled.place.path}:1 is still to be filled in")
    assert (outcome.findings, outcome.not_evaluated) == ((), (said,))


def test_nothing_is_reported_outside_a_rule() -> None:
    outcome = lint(rule("files/other"), problems=[PROBLEM])
    assert not outcome.findings
    assert outcome.crashed == (Crash("files/bad-line", "a reading reports it, the rule book lacks it"),)


def test_a_rule_that_is_not_selected_is_silent() -> None:
    book = RuleBook([rule("files/bad-line")])
    outcome = run(book, [], world(CONF, problems=[PROBLEM]))
    assert (outcome.findings, outcome.crashed) == ((), ())


def test_a_rule_without_subject_or_need_is_not_evaluated() -> None:
    outcome = lint(
        rule("hba/a", subject="hba"),
        rule("files/b", needs=["pooler"]),
        rule("files/c"),
        not_evaluated=[("files/c", "no link is known"), ("files/ignored", "no link is known")],
    )
    assert outcome.not_evaluated == (
        NotEvaluated("files/b", "no PgBouncer here"),
        NotEvaluated("files/c", "no link is known"),
        NotEvaluated("hba/a", "no pg_hba.conf here"),
    )


def test_a_rule_about_nothing_that_stands_there_is_not_even_loaded() -> None:
    """Its module does not exist, so loading it would be recorded as a crash."""
    about = rule("files/odd", check="python", module="missing", when=["lock_timeout", "sql"])
    book = RuleBook([about])
    outcome = run(book, rules(book), world(CONF)._replace(mentioned=["work_mem"]))
    assert (outcome.crashed, outcome.not_evaluated) == ((), ())
    outcome = run(book, rules(book), world(CONF)._replace(mentioned=["sql"]))
    assert [crash.rule for crash in outcome.crashed] == ["files/odd"]


def test_a_check_is_asked_about_every_subject(check_module: Any) -> None:
    def odd(subject: Any, world: Any, params: Any) -> Iterator[Hit]:
        yield Hit(subject.place(0, 1), {"size": len(subject.text)}, arithmetic=("1 + 1 = 2",))

    check_module.odd = odd
    other = document("x", "etc/another.conf")
    book = RuleBook([rule("files/odd", check="python", module="odd", message="{size} characters")])
    found = run(book, rules(book), world(CONF, other)).findings
    assert [(finding.at.path, finding.message) for finding in found] == [
        ("etc/another.conf", "1 characters"),
        ("etc/some.conf", "12 characters"),
    ]
    assert found[0].arithmetic == ("1 + 1 = 2",)


def test_a_check_that_cannot_know_is_not_evaluated(check_module: Any) -> None:
    check_module.odd = lambda *_: iter([Silent("max_connections is a placeholder")])
    outcome = lint(rule("files/odd", check="python", module="odd"))
    assert outcome.not_evaluated == (NotEvaluated("files/odd", "max_connections is a placeholder"),)


def test_a_broken_rule_is_recorded_and_the_rest_still_runs(check_module: Any) -> None:
    def odd(subject: Any, world: Any, params: Any) -> Iterator[Hit]:
        yield Hit(subject.place(0, 1))
        raise ZeroDivisionError("nothing to share")

    check_module.odd = odd
    outcome = lint(
        rule("files/odd", check="python", module="odd", message="seen"), rule("files/bad-line"), problems=[PROBLEM]
    )
    assert [finding.rule for finding in outcome.findings] == ["files/odd", "files/bad-line"]
    (crash,) = outcome.crashed
    assert crash.rule == "files/odd"
    assert re.fullmatch(r"ZeroDivisionError at engine/run\.py:\d+ > engine/run\.py:\d+", crash.error)


def test_a_broken_rule_shows_its_traceback_to_whoever_debugs(
    check_module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGFPMLINT_DEBUG", "1")
    with pytest.raises(AttributeError):
        lint(rule("files/odd", check="python", module="odd"))


def test_findings_are_in_order_and_each_is_told_once() -> None:
    first = Problem("files/bad-line", place(CONF, "a = 1"), "z", refuses=True)
    again = PROBLEM._replace(place=document("a = 1\nb = 2\n").source.place(6, 11))
    outcome = lint(rule("files/bad-line"), problems=[PROBLEM, again, first])
    assert [(finding.at.line, finding.message) for finding in outcome.findings] == [(1, "z"), (2, "no such thing")]


def test_a_file_that_cannot_be_read_is_a_finding_and_counts_as_unread() -> None:
    messages = {"files/unreadable": "not read: {why}; {way}exclude it", "files/unreadable-folder": "closed: {says}"}
    book = RuleBook([rule(id_, message=message) for id_, message in messages.items()])
    unread = [
        MissingFile("etc/included.conf", "not in the tree", place(CONF, "a = 1")),
        MissingFile("etc/fifo.conf", "is a FIFO", place(CONF, "a = 1"), there=True),
        MissingFile("etc/conf.d", "Permission denied", place(CONF, "a = 1"), there=True),
    ]
    met = [("etc/secret.conf", "Permission denied")]
    closed = [("etc/conf.d", "Permission denied"), ("etc/ssl", "Permission denied")]
    outcome = run(book, rules(book), world(CONF, unread=unread), met, closed)
    forbidden = "not read: Permission denied; run pgfpmlint as a user that may read it, or exclude it"
    assert [(found.at.path, found.at.line, found.message, len(found.related)) for found in outcome.findings] == [
        ("etc/conf.d", 1, forbidden, 1),
        ("etc/fifo.conf", 1, "not read: it is a FIFO; exclude it", 1),
        ("etc/secret.conf", 1, forbidden, 0),
        ("etc/ssl", 1, "closed: Permission denied", 0),
    ]
    assert sorted({(unread.path, unread.why) for unread in outcome.unread}) == [
        ("etc/conf.d", "Permission denied"),
        ("etc/fifo.conf", "is a FIFO"),
        ("etc/included.conf", "not in the tree"),
        ("etc/secret.conf", "Permission denied"),
        ("etc/ssl", "Permission denied"),
    ]


def test_an_error_that_rests_on_an_assumption_is_a_warning() -> None:
    for severity, told in (("error", "warning"), ("warning", "warning"), ("info", "info")):
        hit = Hit(place(CONF, "a = 1"), certain=False)
        assert finding(Rule(rule("a/b"), severity, {}), hit).severity == told
        assert finding(Rule(rule("a/b"), severity, {}), hit._replace(certain=True)).severity == severity


def test_the_files_read_are_listed_once() -> None:
    book = RuleBook([])
    assert run(book, [], world(CONF, CONF)).files == (ReadFile("etc/some.conf", "some.conf"),)
