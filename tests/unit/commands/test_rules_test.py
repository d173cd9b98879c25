"""``pgfpmlint rules --test``: an organisation's own rules, held to their own examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgfpmlint.cli import main

SCRAM = """\
title: md5 is on its way out
message: "{value} in a record of {name}; we use scram-sha-256 since 2024"
severity: error
subject: hba
only: {since: 14}
check: {forbids: {setting: method, values: [md5, password]}}
examples:
  bad:
    a record for md5:
      files:
        etc/postgresql/16/main/postgresql.conf: |
          port = 5432
        etc/postgresql/16/main/pg_hba.conf: |
          hostssl shop app 10.0.1.0/24 scram-sha-256
          hostssl shop old 10.0.1.0/24 md5
      expect:
        - at: {etc/postgresql/16/main/pg_hba.conf: md5}
          says: md5 in a record of localhost/16-main
  good:
    an old server:
      files:
        etc/postgresql/13/main/pg_hba.conf: |
          hostssl shop old 10.0.1.0/24 md5
"""

CHILDREN = """\
title: Pools of the shop are small
message: "{name} has pm.max_children = {written}; {max} at most"
severity: warning
subject: pool
only: {name: "*/shop-*"}
check: {bounds: {setting: pm.max_children, max: 20}}
examples:
  bad:
    too many:
      files:
        etc/php/8.2/fpm/pool.d/shop.conf: |
          [shop-api]
          user = www-data
          listen = 127.0.0.1:9000
          pm = static
          pm.max_children = 21
      expect:
        - at: {etc/php/8.2/fpm/pool.d/shop.conf: pm.max_children = 21}
  good:
    another pool:
      files:
        etc/php/8.2/fpm/pool.d/blog.conf: |
          [blog]
          user = www-data
          listen = 127.0.0.1:9000
          pm = static
          pm.max_children = 21
"""


class Policy:
    """A folder of rules, and what testing it said."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder = folder / "policy"
        self._capsys = capsys
        self._folder.mkdir()

    def test(self, **rules: str) -> tuple[int, str]:
        """Exit code, and everything that was said."""
        for name, text in rules.items():
            (self._folder / f"{name}.yaml").write_text(text)
        code = main(["rules", "--test", str(self._folder)])
        captured = self._capsys.readouterr()
        return code, captured.out + captured.err


@pytest.fixture
def policy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Policy:
    return Policy(tmp_path, capsys)


def test_rules_that_keep_their_word(policy: Policy) -> None:
    assert policy.test(scram=SCRAM, children=CHILDREN) == (0, "2 rules, 4 examples, 0 failed\n")


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ("md5, password", "password", "a record for md5: nothing is found at etc/postgresql/16/main/pg_hba.conf: md5"),
        ("md5, password", "md5, scram-sha-256", "found too: etc/postgresql/16/main/pg_hba.conf: scram-sha-256"),
        ("{since: 14}", "{since: 13}", "good: an old server: found too: etc/postgresql/13/main/pg_hba.conf: md5"),
        ("in a record of localhost", "of localhost", "which lacks 'md5 of localhost/16-main'"),
        ("{value} in", "{valeu} in", "a hole is left open: {valeu} in a record"),
    ],
)  # fmt: skip
def test_an_example_that_comes_out_otherwise(policy: Policy, wrong: str, right: str, says: str) -> None:
    before, mark, after = SCRAM.partition(wrong)
    if wrong.startswith("in a"):  # what is expected, not what is said
        before, mark, after = SCRAM.rpartition(wrong)
    assert mark
    code, said = policy.test(scram=f"{before}{right}{after}")
    assert code == 1
    assert says in said


def test_a_rule_without_examples_is_not_shown_to_work(policy: Policy) -> None:
    code, said = policy.test(scram=SCRAM.partition("examples:")[0])
    assert code == 1
    assert "policy/scram: no examples" in said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title: x\n", "policy/scram: message is missing"),
        (SCRAM.replace("subject: hba", "subject: pg_hba"), "policy/scram: unknown subject 'pg_hba'"),
        (SCRAM.replace("expect:", "expects:"), "policy/scram: unknown key of example 'a record for md5': 'expects'"),
    ],
)
def test_what_is_no_rule(policy: Policy, text: str, says: str) -> None:
    code, said = policy.test(scram=text)
    assert code == 2
    assert says in said


def test_a_folder_without_rules(policy: Policy) -> None:
    code, said = policy.test()
    assert code == 2
    assert "holds no rule" in said


def test_they_run_in_the_repository_that_asks_for_them(
    policy: Policy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    policy.test(scram=SCRAM)
    (tmp_path / ".pgfpmlint.yaml").write_text("rules: {extra: [policy/]}\n")
    access = tmp_path / "etc/postgresql/16/main/pg_hba.conf"
    access.parent.mkdir(parents=True)
    access.write_text("hostssl shop old 10.0.1.7/32 md5\n")
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--select", "policy/"]) == 1
    assert "md5 in a record of" in capsys.readouterr().out
