from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pgfpmlint.registry.compile import RuleBookError, compile_rule_book
from pgfpmlint.registry.load import RuleBookMissing, page, rule_book
from pgfpmlint.registry.symptoms import Symptom, symptoms

RULE: dict[str, Any] = {
    "title": "Crash safety is off",
    "message": "{setting} is {value}",
    "severity": "error",
    "subject": "postgres",
    "since": "0.1.0",
    "rationale": "A crash destroys data.",
    "references": ["https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-FSYNC"],
    "check": {"forbids": {"setting": "fsync", "value": "off"}},
    "proof": "test_wal.py::test_a_crash",
    "examples": {
        "bad": {"off": {"files": {"a": "fsync = off\n"}, "expect": [{"at": {"a": "fsync = off"}}]}},
        "good": {"on": {"files": {"a": "fsync = on\n"}}},
    },
}


def compiled(
    tmp_path: Path, *, rule: str = "postgres/fsync-off", code: str = "", book: str = "{}", **changes: Any
) -> Path:
    """The data folder compiled from one rule with ``changes`` (None takes a key away)."""
    definition = {key: value for key, value in (RULE | changes).items() if value is not None}
    path = tmp_path / f"rules/{rule}.yaml"
    path.parent.mkdir(parents=True)
    YAML().dump(definition, path)
    (tmp_path / "rules/symptoms.yaml").write_text(book)
    checks = tmp_path / "checks/postgres"
    checks.mkdir(parents=True)
    (checks / "wal.py").write_text(code)
    compile_rule_book(tmp_path / "rules", tmp_path / "data", tmp_path / "checks")
    return tmp_path / "data"


def objections(tmp_path: Path, **changes: Any) -> str:
    with pytest.raises(RuleBookError) as refused:
        compiled(tmp_path, **changes)
    assert not (tmp_path / "data").exists()
    return str(refused.value)


def test_a_good_definition_comes_back(tmp_path: Path) -> None:
    data = str(compiled(tmp_path, params={"days": {"type": "integer", "default": 3}}))
    rule = rule_book(data).rules["postgres/fsync-off"]
    assert (rule.family, rule.slug, rule.severity, rule.level) == ("postgres", "fsync-off", "error", "default")
    assert (rule.check, rule.arguments) == ("forbids", {"setting": "fsync", "value": "off"})
    assert rule.params == {"days": {"type": "integer", "default": 3}}
    assert rule.url == RULE["references"][0]
    found = page("postgres/fsync-off", data)
    assert found.rationale == "A crash destroys data."
    assert [(example.name, example.files) for example in found.bad] == [("off", {"a": "fsync = off\n"})]


def test_a_published_site_is_where_findings_lead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pgfpmlint.registry.compile.SITE", "https://docs.example.org/")
    rule = rule_book(str(compiled(tmp_path))).rules["postgres/fsync-off"]
    assert rule.url == "https://docs.example.org/rules/postgres/fsync-off.html"


def test_what_a_run_loads_holds_no_prose(tmp_path: Path) -> None:
    text = (compiled(tmp_path) / "rulebook.json").read_text()
    assert RULE["message"] in text
    assert RULE["rationale"] not in text
    assert "examples" not in text


def test_the_same_rules_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = compiled(tmp_path / "one"), compiled(tmp_path / "two")
    for name in ("rulebook.json", "pages.json", "symptoms.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"severety": "error", "severity": None}, "unknown key 'severety'; did you mean severity?"),
        ({"severity": "fatal"}, "unknown severity 'fatal' (error, warning, info)"),
        ({"level": "pedant"}, "unknown level 'pedant'"),
        ({"subject": "postgre"}, "unknown subject 'postgre'; did you mean postgres?"),
        ({"needs": ["instanc"]}, "unknown kind in needs 'instanc'; did you mean instance?"),
        ({"rule": "postgrs/fsync-off"}, "unknown family 'postgrs'; did you mean postgres?"),
        ({"rule": "postgres/wal/fsync-off"}, "is not at rules/<family>/<slug>.yaml"),
        ({"rule": "postgres/Fsync"}, "is not made of lower-case words"),
        ({"title": None}, "title is missing"),
        ({"since": 0.1}, "since is no str: 0.1"),
        ({"message": "it is off."}, "message ends with a period"),
        ({"message": "a { brace"}, "write {{ and }} for braces"),
        ({"references": ["postgresql.org"]}, "is no https:// address"),
        ({"params": {"days": {"type": "integer"}}}, "parameter days has no default"),
        ({"params": {"days": {"type": "int", "default": 1}}}, "unknown type of parameter days: 'int'"),
        ({"check": "magic"}, "check is neither reading nor one kind"),
        ({"check": {"forbid": {}}}, "unknown kind of check 'forbid'; did you mean forbids?"),
        ({"check": {"forbids": {"setting": "fsync"}}}, "forbids: one of value, values is missing"),
        ({"check": {"forbids": {"setting": "fsync", "valu": "off"}}}, "unknown argument of forbids: 'valu'; did"),
        ({"check": {"forbids": {"setting": "fsync", "value": True}}}, "write the value as the server shows it"),
        ({"check": {"one_of": {"setting": "wal_level"}}}, "one_of: values is missing"),
        ({"subject": "link"}, "unknown subject of a forbids check 'link'"),
        ({"subject": "hba"}, "unknown setting of a pg_hba.conf record 'fsync'"),
        ({"check": {"forbids": {"setting": ["fsync", 1], "value": "off"}}}, "setting is a name, or a list of them"),
        ({"check": {"holds": {"setting": "log_line_prefix"}}}, "holds: one of value, values is missing"),
        ({"only": {"where": {"ssl": True}}}, "only: where maps settings to values as the server shows them, in quotes"),
        ({"only": {"where": "ssl"}}, "only: where maps settings to values as the server shows them, in quotes"),
        (
            {"subject": "hba", "check": {"present": {"setting": "method"}}, "only": {"where": {"role": "a"}}},
            "unknown setting of a pg_hba.conf record 'role'",
        ),
        ({"only": {"befor": "17"}}, "unknown key in only 'befor'; did you mean before?"),
        ({"only": {"since": "sixteen"}}, "only: since is a version like 16 or '8.2', not 'sixteen'"),
        ({"check": {"python": "wal"}}, "there is no function fsync_off in src/pgfpmlint/checks/postgres/wal.py"),
        ({"code": "def fsync_off(a, b, c): ..."}, "checks/postgres/wal.py has this function"),
        ({"code": "def other_rule(a, b, c): ..."}, "rules/postgres/other-rule: checks/postgres/wal.py has this"),
        ({"aliases": ["postgres/fsync-off"]}, "alias postgres/fsync-off is an id already"),
        ({"proof": None}, "an error needs proof:"),
        ({"proof": "a test"}, "proof is neither vectors nor like test_capacity.py::test_name: 'a test'"),
        ({"unproved": "no machine is there to pull the plug of"}, "proof and unproved exclude each other"),
        ({"proof": None, "unproved": "too hard"}, "unproved says why in a few words"),
        ({"examples": {"bad": RULE["examples"]["bad"]}}, "there is no good example"),
        ({"examples": {"good": RULE["examples"]["good"]}}, "there is no bad example"),
        (
            {"examples": {"bad": RULE["examples"]["good"], "good": RULE["examples"]["good"]}},
            "a bad example says what to expect",
        ),
        (
            {"examples": {"bad": RULE["examples"]["bad"], "good": RULE["examples"]["bad"]}},
            "a good one expects nothing",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_definition_stops_the_build(tmp_path: Path, changes: dict[str, Any], says: str) -> None:
    assert says in objections(tmp_path, **changes)


SYMPTOM = "{title: T, by: silence, seen: S, means: M}"


@pytest.mark.parametrize(
    ("book", "slugs", "says"),
    [
        (f"data-loss: {SYMPTOM}", ["dataloss"], "unknown symptom 'dataloss'; did you mean data-loss?"),
        (f"data-loss: {SYMPTOM}", [], "symptoms.yaml: data-loss: no rule explains it"),
        ("a: {title: T, by: silence, means: M}", ["a"], "symptoms.yaml: a: seen is missing"),
        ("a: {title: T, by: mysql, seen: S, means: M, says: [x]}", ["a"], "symptoms.yaml: a: unknown speaker 'mysql'"),
        ("a: {title: T, by: php, seen: S, means: M}", ["a"], "says holds somebody's words, unless by is silence"),
        ("a: {title: T, by: silence, seen: S, means: M, says: [x]}", ["a"], "says holds somebody's words"),
        ("a: {title: T, by: php, seen: S, means: M, says: x}", ["a"], "says is no list of texts: 'x'"),
        ("a: {title: T, by: php, seen: S, means: M, code: [502]}", ["a"], "code is no list of texts: [502]"),
        ("a: {title: T, by: php, seen: S, means: M, says: [x], code: ['1'], sees: S}", ["a"], "unknown key 'sees'"),
        ("[a]", ["a"], "symptoms.yaml: is no mapping"),
        ("a: b", ["a"], "symptoms.yaml: a: is no mapping"),
        ("a: [", [], "symptoms.yaml: is no YAML"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_symptoms_stops_the_build(tmp_path: Path, book: str, slugs: list[str], says: str) -> None:
    assert says in objections(tmp_path, symptoms=slugs, book=book)


def test_a_symptom_names_the_rules_that_explain_it(tmp_path: Path) -> None:
    data = compiled(tmp_path, book=f"data-loss: {SYMPTOM}", symptoms=["data-loss"])
    assert symptoms(str(data)) == [Symptom("data-loss", "T", "silence", "M", "S", ["postgres/fsync-off"])]


def test_a_python_check_is_found_by_name(tmp_path: Path) -> None:
    code = "import not_installed_anywhere\n\ndef fsync_off(subject, world, params): ...\n\ndef _private(): ...\n"
    data = str(compiled(tmp_path, check={"python": "wal"}, code=code))
    assert rule_book(data).rules["postgres/fsync-off"].module == "wal"


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    said = objections(tmp_path, severity="fatal", subject="host", title="Ends with a period.")
    assert len(said.splitlines()) >= 3


def test_a_book_that_was_never_compiled_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RuleBookMissing, match="run: make rules"):
        rule_book(str(tmp_path))
