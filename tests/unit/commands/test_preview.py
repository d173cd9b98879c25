"""Rules on trial: an organisation's own one, from a file to the exit code; ours are told by `pgfpmlint rules`."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgfpmlint import __version__
from pgfpmlint.cli import main
from pgfpmlint.registry.definition import Definition, Page
from pgfpmlint.registry.load import RuleBook, rule_book

OWN = """\
title: md5 is out
message: "{setting} is {written}"
severity: error
level: preview
subject: postgres
check: {forbids: {setting: password_encryption, value: md5}}
"""
ID = "policy/no-md5"


@pytest.mark.parametrize(
    ("words", "configured", "runs"),
    [
        ([], "", False),
        (["--pedantic"], "", False),
        (["--select", "all"], "", False),
        (["--select", "policy/"], "", False),
        (["--select", ID], "", True),
        (["--select", "policy/", "--preview"], "", True),
        (["--preview"], "", True),
        (["--preview", "--ignore", ID], "", False),
        ([], "preview: true", True),
        ([], "preview: false", False),
        ([], f"select: [{ID}]", True),
        ([], "select: [policy/]", False),
        ([], "select: [hba/], overrides: [{paths: ['*'], select: [policy/]}]", False),
        ([], "preview: true, select: [hba/], overrides: [{paths: ['*'], select: [policy/]}]", True),
        ([], f"overrides: [{{paths: ['*'], select: [{ID}]}}]", True),
    ],
)
def test_who_selects_a_rule_on_trial(
    words: list[str],
    configured: str,
    runs: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = {
        "etc/postgresql/16/main/postgresql.conf": "password_encryption = md5\n",
        "policy/no-md5.yaml": OWN,
        ".pgfpmlint.yaml": f"rules: {{{', '.join(filter(None, ('extra: [policy/]', configured)))}}}\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--fail-on", "error", *words]) == int(runs)
    assert (f"error[{ID}]" in capsys.readouterr().out) is runs


def test_a_rule_on_trial_is_told_as_such(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    book = RuleBook([Definition("hba/new", "A title", "m", "error", "hba", "reading", "0.2.0", level="preview")])
    monkeypatch.setattr("pgfpmlint.commands.rules.rule_book", lambda: book)
    monkeypatch.setattr("pgfpmlint.commands.rule.rule_book", lambda: book)
    monkeypatch.setattr("pgfpmlint.commands.rule.page", lambda rule: Page("Why.", [], [], []))
    main(["rules"])
    assert capsys.readouterr().out.splitlines()[1:] == ["  hba/new  error    A title (preview)"]
    main(["rules", "--format", "json"])
    assert '"level": "preview"' in capsys.readouterr().out
    main(["rule", "hba/new"])
    assert "error, on trial, with --preview only; looks at each pg_hba.conf; since 0.2.0" in capsys.readouterr().out


def test_a_new_rule_is_on_trial_in_its_first_minor_release() -> None:
    """The first release excepted: there is no build that it could fail."""
    minor = __version__.rpartition(".")[0]
    new = [rule for rule in rule_book().rules.values() if rule.since.rpartition(".")[0] == minor != "0.1"]
    assert [rule.id for rule in new if rule.level != "preview"] == []
