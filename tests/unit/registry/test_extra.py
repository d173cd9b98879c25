from __future__ import annotations

from pathlib import Path

import pytest

from pgfpmlint.config import Word
from pgfpmlint.registry.definition import Definition
from pgfpmlint.registry.extra import with_extra
from pgfpmlint.registry.load import RuleBook
from pgfpmlint.registry.select import SelectionError
from pgfpmlint.source.text import Source

OURS = Definition("hba/x", "T", "m", "info", "hba", "reading")
RULE = """\
title: md5 is out
message: "{setting} is {written}"
severity: error
subject: postgres
check: {forbids: {setting: password_encryption, value: md5}}
"""


def book(folder: Path, name: str = "policy") -> RuleBook:
    return with_extra(RuleBook([OURS]), [Word(name, Source("ops/.pgfpmlint.yaml", "\n").place(1, 1))], str(folder))


def test_a_rule_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "etc/policy").mkdir(parents=True)
    (tmp_path / "etc/policy/no-md5.yaml").write_text(RULE)
    (tmp_path / "etc/policy/README").write_text("not a rule")
    rules = book(tmp_path, "etc/policy/").rules
    assert list(rules) == ["hba/x", "policy/no-md5"]
    rule = rules["policy/no-md5"]
    assert (rule.check, rule.arguments) == ("forbids", {"setting": "password_encryption", "value": "md5"})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (RULE.replace("{forbids", "{forbid"), "policy/no-md5: unknown kind of check 'forbid'; did you mean forbids?"),
        (RULE.replace("{forbids: {setting: password_encryption, value: md5}}", "reading"), "check is none of forbids"),
        (RULE.replace("{forbids: {setting: password_encryption, value: md5}}", "{python: os}"), "check is none of"),
        (RULE.replace("title", "titel"), "policy/no-md5: title is missing"),
        ("a: [", "policy/no-md5: while parsing"),
        ("", "policy/no-md5: is no mapping"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_stops_the_run(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy/no-md5.yaml").write_text(text)
    with pytest.raises(SelectionError) as refused:
        book(tmp_path)
    assert says in str(refused.value)
    assert str(refused.value).startswith("ops/.pgfpmlint.yaml:2: rules.extra: ")


@pytest.mark.parametrize(("name", "says"), [("hba", "can't be a family"), ("none", "No such file")])
def test_a_folder_that_cannot_be_one(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(SelectionError, match=says):
        book(tmp_path, name)
