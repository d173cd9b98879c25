from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.engine.run import run
from pgfpmlint.engine.suppress import MALFORMED, UNKNOWN, UNUSED
from pgfpmlint.finding.problem import Problem
from pgfpmlint.registry.definition import FORBIDDEN, UNEXPLAINED
from pgfpmlint.registry.load import RuleBook
from small_world import document, place, rule, rules, world

META = [
    rule(MALFORMED, message="{says}"),
    rule(UNKNOWN, message="{rule}{nearest}", help="write {suggestion}"),
    rule(UNUSED, message="{rule} is not needed"),
    rule(FORBIDDEN, message="{comment}: {by}"),
]
BOOK = RuleBook(
    [
        *META,
        rule(UNEXPLAINED, level="pedantic"),
        rule("hba/wide-open", aliases=["hba/too-wide"]),
        rule("hba/opinion", level="pedantic"),
        rule("postgres/odd", subject="postgres"),
    ]
)


UNASKED = ("hba/opinion", UNEXPLAINED)


def lint(
    text: str, *bad: str, rule: str = "hba/wide-open", but: tuple[str, ...] = UNASKED, forbidden_by: str = ""
) -> Outcome:
    """The outcome where ``rule`` objects to each of ``bad``."""
    conf = document(text)
    problems = [Problem(rule, place(conf, words), "bad", refuses=False) for words in bad]
    nodes = {"file": [conf.source]}
    return run(BOOK, rules(BOOK, *but), world(conf, problems=problems, nodes=nodes), forbidden_by=forbidden_by)


def told(outcome: Outcome) -> list[tuple[str, str]]:
    return [(finding.rule, finding.at.text) for finding in outcome.findings]


SUPPRESSED = [
    "bad = 1  # pgfpmlint: ignore[hba/wide-open] a lab\n",
    "bad = 1  #pgfpmlint:ignore[hba/wide-open]\n",
    "bad = 1  # a lab # pgfpmlint: ignore[hba/wide-open]\n",
    "# pgfpmlint: ignore[hba/wide-open] a lab\nbad = 1\n",
    "# pgfpmlint: ignore[hba/wide-open]\r\nbad = 1\r\n",
    "# pgfpmlint: ignore[hba/wide-open]\n# because it is a lab\nbad = 1\n",
    "# pgfpmlint: ignore[hba/] a lab\nbad = 1\n",
    "# pgfpmlint: ignore[all] a lab\nbad = 1\n",
    "# pgfpmlint: ignore[hba/too-wide] its former name\nbad = 1\n",
    "# pgfpmlint: ignore-file[hba/wide-open]\n\na = 1\nbad = 1\n",
    "bad = 1\n## pgfpmlint: ignore-file[ hba/wide-open ] at the end",
]


@pytest.mark.parametrize("text", SUPPRESSED)
def test_suppressed(text: str) -> None:
    outcome = lint(text, "bad = 1")
    assert told(outcome) == []
    assert [finding.at.text for finding in outcome.suppressed] == ["bad = 1"]


@pytest.mark.parametrize(
    ("comment", "reason"),
    [("ignore[hba/wide-open]  a lab ", "a lab"), ("ignore[hba/, all] a lab", "a lab"), ("ignore[all]", "")],
)
def test_the_reason_goes_with_the_finding(comment: str, reason: str) -> None:
    (hushed,) = lint(f"bad = 1 # pgfpmlint: {comment}\n", "bad = 1").suppressed
    assert hushed.hushed_by == reason


@pytest.mark.parametrize("text", SUPPRESSED)
def test_nothing_is_suppressed_where_that_is_forbidden(text: str) -> None:
    outcome = lint(text, "bad = 1", forbidden_by="--no-suppressions")
    named, kept = sorted(outcome.findings, key=lambda one: one.rule)
    assert (kept.rule, kept.at.text, outcome.suppressed) == ("hba/wide-open", "bad = 1", ())
    assert (named.rule, named.at.text) == (FORBIDDEN, text[text.index("pgfpmlint:") :].splitlines()[0])
    assert named.message == f"{named.at.text[10:].partition(']')[0].strip()}]: --no-suppressions"


def test_where_suppressions_are_forbidden_what_they_name_is_not_judged() -> None:
    outcome = lint("a = 1 # pgfpmlint: ignore[hba/wide-opne, hba/]\n# pgfpmlint: ignored\n", forbidden_by="x:1")
    assert told(outcome) == [
        (FORBIDDEN, "pgfpmlint: ignore[hba/wide-opne, hba/]"),
        (MALFORMED, "pgfpmlint: ignored"),
    ]
    assert {FORBIDDEN, MALFORMED, UNKNOWN, UNUSED} & outcome.judged == {FORBIDDEN, MALFORMED}
    assert told(lint("a = 1\n", forbidden_by="x:1")) == []


@pytest.mark.parametrize(
    "text",
    [
        "# pgfpmlint: ignore[hba/wide-open]\n\nbad = 1\n",
        "# pgfpmlint: ignore[hba/wide-open]\na = 1\nbad = 1\n",
        "bad = 1\n# pgfpmlint: ignore[hba/wide-open]\n",
        "a = 1 # pgfpmlint: ignore[hba/wide-open]\nbad = 1\n",
    ],
)
def test_a_comment_elsewhere_suppresses_nothing_and_is_told_so(text: str) -> None:
    outcome = lint(text, "bad = 1")
    assert sorted(told(outcome)) == [(UNUSED, "hba/wide-open"), ("hba/wide-open", "bad = 1")]
    assert not outcome.suppressed


def test_each_unused_word_is_told() -> None:
    outcome = lint("# pgfpmlint: ignore[files/unknown-rule, hba/wide-open,hba/]\nbad = 1\n", "bad = 1")
    assert told(outcome) == [(UNUSED, "files/unknown-rule")]


@pytest.mark.parametrize("word", ["postgres/odd", "hba/opinion", "postgres/"])
def test_a_comment_about_a_rule_that_did_not_run_is_not_judged(word: str) -> None:
    assert told(lint(f"# pgfpmlint: ignore[{word}]\na = 1\n")) == []


def test_a_family_is_judged_by_its_default_rules() -> None:
    assert told(lint("# pgfpmlint: ignore[hba/]\na = 1\n")) == [(UNUSED, "hba/")]
    assert told(lint("# pgfpmlint: ignore[hba/]\na = 1\n", but=("hba/wide-open", UNEXPLAINED))) == []


@pytest.mark.parametrize(
    ("word", "message", "help_"),
    [
        ("hba/wide-opne", "hba/wide-opne; did you mean hba/wide-open?", "write hba/wide-open"),
        ("wide-open", "wide-open; did you mean hba/wide-open?", "write hba/wide-open"),
        ("E501", "E501", "write an id that `pgfpmlint rules` lists"),
    ],
)
def test_a_rule_that_does_not_exist(word: str, message: str, help_: str) -> None:
    outcome = lint(f"a = 1 # pgfpmlint: ignore[{word}]\n")
    assert told(outcome) == [(UNKNOWN, word)]
    assert (outcome.findings[0].message, outcome.findings[0].help) == (message, help_)


@pytest.mark.parametrize(
    ("comment", "says"),
    [
        ("pgfpmlint: ignore", "ignore is followed by no rule in brackets"),
        ("pgfpmlint: ignore hba/wide-open", "ignore is followed by no rule in brackets"),
        ("pgfpmlint: ignore hba [x]", "ignore is followed by no rule in brackets"),
        ("pgfpmlint:", "nothing is neither ignore nor ignore-file"),
        ("pgfpmlint: disable=all", "disable=all is neither ignore nor ignore-file"),
        ("pgfpmlint: ignore-files[hba/]", "ignore-files is neither ignore nor ignore-file"),
        ("pgfpmlint: ignore[hba/wide-open", "the bracket is not closed"),
        ("pgfpmlint: ignore[]", "a rule's name is missing between the brackets"),
        ("pgfpmlint: ignore[hba/,]", "a rule's name is missing between the brackets"),
    ],
)
def test_a_comment_that_means_nothing(comment: str, says: str) -> None:
    outcome = lint(f"bad = 1 # {comment}  \n", "bad = 1")
    assert told(outcome) == [("hba/wide-open", "bad = 1"), (MALFORMED, comment)]
    assert outcome.findings[1].message == says


@pytest.mark.parametrize(
    "text", ["# see pgfpmlint: ignore[x]\n", "a = 'pgfpmlint: ignore[x]'\n", "# pgfpmlint is it\n"]
)
def test_prose_is_no_directive(text: str) -> None:
    assert told(lint(text)) == []


def test_findings_about_comments_can_be_suppressed_and_that_is_of_use() -> None:
    assert told(lint(f"# pgfpmlint: ignore-file[{UNUSED}]\n# pgfpmlint: ignore[hba/]\na = 1\n")) == []
    assert told(lint(f"# pgfpmlint: ignore[{UNUSED}]\n# pgfpmlint: ignore[hba/]\na = 1\n")) == []
    assert told(lint(f"# pgfpmlint: ignore-file[{MALFORMED}]\n# pgfpmlint: ignored\na = 1\n")) == []


def test_a_comment_that_only_hushes_itself_is_of_no_use() -> None:
    assert told(lint(f"# pgfpmlint: ignore-file[{UNUSED}]\na = 1\n")) == [(UNUSED, UNUSED)]


@given(st.text(alphabet="pgfpmlint:ignore-file[]/, #;hba\n\rall\\'\"\x00\udc80", max_size=80))
def test_no_comment_breaks_the_run(text: str) -> None:
    for by, rules_about_comments in (("", {MALFORMED, UNKNOWN, UNUSED}), ("x:1", {MALFORMED, FORBIDDEN})):
        outcome = lint(f"a = 1 # pgfpmlint:{text}\n", forbidden_by=by)
        assert not outcome.crashed
        assert {rule for rule, _ in told(outcome)} <= rules_about_comments
