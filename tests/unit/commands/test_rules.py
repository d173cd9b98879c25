from __future__ import annotations

import json

import pytest

from pgfpmlint.cli import main
from pgfpmlint.registry.load import rule_book


def test_the_catalogue_names_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    out = capsys.readouterr().out
    assert "\nfiles/  " in f"\n{out}"
    assert all(f"\n  {rule} " in out for rule in rule_book().rules)
    assert main(["rules", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rules"]
    assert [row["id"] for row in rows] == list(rule_book().rules)


def test_a_rule_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rule", "files/unexplained-suppression"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [
        "files/unexplained-suppression: A suppression gives no reason",
        "warning, with --pedantic only; looks at each file; since 0.1.0",
    ]
    assert "Reported: nothing after the bracket" in lines
    assert "  | # pgfpmlint: ignore[files/unused-suppression]" in lines
    assert "Not reported: a reason" in lines


def test_a_message_shows_what_goes_into_it(capsys: pytest.CaptureFixture[str]) -> None:
    main(["rule", "hba/host-without-tls"])
    lines = capsys.readouterr().out.splitlines()
    assert "It says: host lets ADDRESS in without TLS (METHOD); STATE" in lines
    assert "It asks: write hostssl instead of host" in lines
    main(["rule", "hba/malformed-record"])
    out = capsys.readouterr().out
    assert "It says: MESSAGE; PostgreSQL VERSION does not load pg_hba.conf" in out
    assert "It asks" not in out
    main(["rule", "files/unreadable"])
    assert "It asks: add it to files.exclude in .pgfpmlint.yaml" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("files/unreadabel", "no rule is called 'files/unreadabel'; did you mean files/unreadable?"),
        ("files/", "files/ is a family; pgfpmlint rules lists its rules"),
    ],
)
def test_no_such_rule(word: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rule", word]) == 2
    assert capsys.readouterr() == ("", f"pgfpmlint: {says}\n")


def test_rules_that_explain_a_symptom(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--symptom", "too many connections for role"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Too many connections for role (53300)",
        '  PostgreSQL: FATAL: too many connections for role "…"',
        "  The role has a CONNECTION LIMIT, and it is smaller than what its clients open.",
        "    capacity/role-limit-below-pools  error    A role may hold fewer connections than its pools open",
        "    sql/no-connection-allowed        warning  A role that may log in and have no connection",
    ]
    assert main(["rules", "--symptom", "connections role too many", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [symptom["slug"] for symptom in found["symptoms"]] == ["too-many-connections-for-role"]
    assert [rule["id"] for rule in found["rules"]] == ["capacity/role-limit-below-pools", "sql/no-connection-allowed"]
    assert found["symptoms"][0]["rules"] == [rule["id"] for rule in found["rules"]]
    assert main(["rules", "--symptom", "xyzzy"]) == 1
    assert capsys.readouterr() == ("", "no symptom fits these words; fewer of them may\n")


def test_a_rule_names_what_it_explains(capsys: pytest.CaptureFixture[str]) -> None:
    main(["rule", "sql/no-connection-allowed"])
    assert 'Explains: FATAL: too many connections for role "…"' in capsys.readouterr().out.splitlines()


def test_every_rule_can_be_explained(capsys: pytest.CaptureFixture[str]) -> None:
    for rule in rule_book().rules:
        assert main(["rule", rule]) == 0
    assert capsys.readouterr().err == ""


def test_a_rule_shows_what_its_fix_makes_of_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rule", "hba/reject-comes-too-late"]) == 0
    shown = capsys.readouterr().out
    assert (
        "Fixed (unsafe)\n  pg_hba.conf\n  + host all guest 10.1.0.0/16 reject\n"
        "  | host all all 10.0.0.0/8 scram-sha-256\n  - host all guest 10.1.0.0/16 reject\n"
    ) in shown
