"""Comments that suppress, from files to the exit code: reasons, comments of no use, ids that don't exist, a ban."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pgfpmlint.cli import main

CONF = "etc/postgresql/16/main/postgresql.conf"
FSYNC = "postgres/fsync-off"
IGNORED = f"fsync = off  # pgfpmlint: ignore[{FSYNC}]"
"""A comment without a reason. What follows it may be one."""


class Repository:
    """A folder with one postgresql.conf, and what was said of it last."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._conf = folder / CONF
        self._conf.parent.mkdir(parents=True)
        self._config = folder / ".pgfpmlint.yaml"
        self._capsys = capsys

    def check(self, conf: str, *words: str, rules: str = "") -> list[tuple[str, str]]:
        """Rule and message of each finding about the text ``conf`` under the configuration's ``rules``."""
        self._conf.write_text(conf + "\n")
        self._config.write_text(f"rules: {{{rules}}}\n")
        self.code = main(["check", "--format", "json", *words])
        captured = self._capsys.readouterr()
        self.said = captured.err
        report = json.loads(captured.out or '{"findings": [], "summary": {"suppressed": 0}}')
        self.suppressed = report["summary"]["suppressed"]
        return [(one["rule"], one["message"]) for one in report["findings"]]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Repository:
    monkeypatch.chdir(tmp_path)
    return Repository(tmp_path, capsys)


def test_a_comment_suppresses_and_is_counted(repository: Repository) -> None:
    assert repository.check(f"{IGNORED} restored from scratch") == []
    assert (repository.code, repository.suppressed) == (0, 1)


def test_reasons_are_required_where_the_configuration_is_strict(repository: Repository) -> None:
    assert repository.check(IGNORED) == []
    unexplained = [("files/unexplained-suppression", f"ignore[{FSYNC}] gives no reason")]
    assert repository.check(IGNORED, rules="strict: true") == unexplained
    assert repository.code == 1
    assert repository.check(f"{IGNORED} restored from scratch", rules="strict: true") == []
    # A reason is made of words: punctuation is none.
    assert repository.check(f"{IGNORED} -- ", rules="strict: true") == unexplained


def test_a_comment_of_no_use_is_told(repository: Repository) -> None:
    told = [("files/unused-suppression", f"{FSYNC} is not reported here, so the comment suppresses nothing")]
    assert repository.check(f"fsync = on  # pgfpmlint: ignore[{FSYNC}] once") == told
    assert repository.check(f"fsync = on  # pgfpmlint: ignore[{FSYNC}] once", "--select", "hba/") == []


def test_an_id_that_does_not_exist_is_told_with_the_nearest(repository: Repository) -> None:
    told = repository.check("fsync = off  # pgfpmlint: ignore[postgres/fsync-of] x")
    assert [rule for rule, _ in told] == [FSYNC, "files/unknown-rule"]
    assert told[1][1] == f"postgres/fsync-of names no rule; did you mean {FSYNC}?"
    assert repository.code == 1


@pytest.mark.parametrize(
    ("words", "rules", "by"),
    [
        (["--no-suppressions"], "", "--no-suppressions"),
        (["--no-suppressions"], "suppressions: allowed", "--no-suppressions"),
        ([], "suppressions: forbidden", ".pgfpmlint.yaml:1"),
        ([], "suppressions: forbidden, strict: true", ".pgfpmlint.yaml:1"),
        (["--select", FSYNC], "suppressions: forbidden", ".pgfpmlint.yaml:1"),
    ],
)
def test_suppressions_can_be_forbidden(repository: Repository, words: list[str], rules: str, by: str) -> None:
    told = dict(repository.check(IGNORED, *words, rules=rules))
    assert told.keys() == {FSYNC, "files/forbidden-suppression"}
    assert told["files/forbidden-suppression"] == f"ignore[{FSYNC}] suppresses nothing: {by} forbids suppressions"
    assert (repository.code, repository.suppressed) == (1, 0)
    assert repository.check("fsync = on", *words, rules=rules) == []
    assert repository.code == 0


def test_a_baseline_leaves_out_what_it_holds_where_suppressions_are_forbidden(repository: Repository) -> None:
    assert repository.check(IGNORED, "--write-baseline", "known.json", "--no-suppressions") == []
    assert repository.check(IGNORED, "--baseline", "known.json", "--no-suppressions") == []
    assert repository.code == 0
    new = repository.check("fsync = off", "--baseline", "known.json", "--no-suppressions")
    assert [rule for rule, _ in new] == [FSYNC]
    assert "files/forbidden-suppression is gone from" in repository.said


def test_what_the_configuration_may_say_of_suppressions(repository: Repository) -> None:
    assert repository.check("fsync = on", rules="suppressions: no") == []
    assert repository.code == 2
    assert ".pgfpmlint.yaml:1: rules.suppressions must be allowed or forbidden, not no" in repository.said
