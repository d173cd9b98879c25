from __future__ import annotations

from xml.etree.ElementTree import Element, fromstring

from pgfpmlint.engine.outcome import Crash, Outcome, ReadFile, Skipped, Unread
from pgfpmlint.report import Look
from reports import found, valid


def suites(outcome: Outcome, look: Look | None = None) -> dict[str, Element]:
    root = fromstring(valid("junit", outcome, look))
    return {suite.attrib["name"]: suite for suite in root}


def test_each_file_is_a_suite_and_each_finding_a_failure() -> None:
    outcome = Outcome((found(), found(), found(rule="hba/y")), files=(ReadFile("etc/b.conf", "php-fpm"),))
    text = valid("junit", outcome)
    assert fromstring(text).attrib == {"name": "pgfpmlint", "tests": "4", "failures": "3", "errors": "0"}
    met = suites(outcome)
    assert [(case.get("name"), case.get("classname")) for case in met["etc/a.conf"]] == [
        ("hba/x", "etc/a.conf"),
        ("hba/x (2)", "etc/a.conf"),
        ("hba/y", "etc/a.conf"),
    ]
    (failure,) = met["etc/a.conf"][0]
    assert failure.attrib == {"type": "error", "message": "it is off"}
    assert failure.text == ("etc/a.conf:2:6\netc/b c.conf:1: because [it] is\n1 + 1\nhelp: do\nsee: https://x.org")
    (passed,) = met["etc/b.conf"]
    assert (passed.get("name"), len(passed)) == ("no findings", 0)


def test_what_does_not_fail_the_run_fails_no_test() -> None:
    outcome = Outcome((found(severity="info"),))
    (case,) = suites(outcome)["etc/a.conf"]
    (output,) = case
    assert output.tag == "system-out"
    assert output.text is not None
    assert output.text.startswith("info: it is off\netc/a.conf:2:6\n")
    (failed,) = suites(outcome, Look(failing=("error", "warning", "info")))["etc/a.conf"]
    assert failed[0].tag == "failure"


def test_what_was_not_looked_at() -> None:
    met = suites(
        Outcome(
            skipped=(Skipped("a.bak", "", "a spare copy (.bak)"),),
            unread=(Unread("b.conf", "Permission denied"), Unread("b.conf", "Permission denied")),
            crashed=(Crash("hba/x", "KeyError: 'a'"), Crash("hba/y", "KeyError: 'b'")),
        )
    )
    assert [*met] == ["a.bak", "b.conf", "pgfpmlint"]
    assert met["b.conf"][0][0].attrib == {"message": "Permission denied"}
    assert met["a.bak"].attrib["skipped"] == "1"
    assert met["pgfpmlint"].attrib["errors"] == "2"
    assert met["pgfpmlint"][0][0].attrib == {"type": "internal error", "message": "KeyError: 'a'"}


def test_markup_in_a_message() -> None:
    (case,) = suites(Outcome((found(message='<a> & "b" ]]>\x00', related=()),)))["etc/a.conf"]
    assert case[0].get("message") == '<a> & "b" ]]>\\x00'
