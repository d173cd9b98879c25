from __future__ import annotations

from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.finding import Finding
from pgfpmlint.report.identity import fingerprints
from pgfpmlint.source.text import Source
from reports import FILE, found


def at(text: str, *lines: int, path: str = "a") -> list[Finding]:
    source = Source(path, text)
    return [found(at=source.line_place(line), related=()) for line in lines]


def prints(*findings: Finding) -> list[str]:
    return fingerprints(Outcome(findings))[0]


def test_moved_and_indented_lines_keep_theirs() -> None:
    assert prints(*at("x = 1\n", 1)) == prints(*at("# new\n\n   x = 1\n", 3))


def test_another_rule_path_or_line_has_another() -> None:
    one = found(at=FILE.line_place(1), related=())
    others = [one, one._replace(rule="hba/y"), *at("a = 1\n", 1), *at("a = 2\n", 1), *at("a = 1\n", 1, path="/etc/a")]
    assert len(set(prints(*others))) == 5
    assert fingerprints(Outcome((one,)), "web/")[0] != prints(one)


def test_lines_alike_are_told_apart_by_their_order() -> None:
    first, second = at("x = 1\nx = 1\n", 1, 2)
    assert len({*prints(first, second)}) == 2
    assert prints(second, first) == [*reversed(prints(first, second))]


def test_a_comment_on_one_changes_nothing_about_the_other() -> None:
    first, second = at("x = 1\nx = 1\n", 1, 2)
    shown, hushed = fingerprints(Outcome((second,), (first,)))
    assert [*hushed, *shown] == prints(first, second)


def test_no_secret_can_be_guessed_from_one() -> None:
    """The line counts as it is shown: another password, the same hash."""
    one, other = (at(f"db = host=h password={word}\n", 1) for word in ("hunter2hunter2", "sesame-sesame"))
    assert prints(*one) == prints(*other)
