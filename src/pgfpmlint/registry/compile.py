"""rules/ into compact files: what a run needs, and two for readers: pages about the rules, and symptoms.

Runs when the package is built, in an environment that holds ruamel.yaml and nothing else of ours; so check functions
are found by reading the source, not by importing it. Whatever is wrong with a definition stops the build: a rule book
that loads is a rule book that is right.
"""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path
from typing import Any

from pgfpmlint.finding.finding import SEVERITIES
from pgfpmlint.registry import declarative
from pgfpmlint.registry.definition import FAMILIES, PYTHON, READING, Definition
from pgfpmlint.registry.validate import Problems, check_definition, check_symptoms

CHECKS = Path(__file__).parent.parent / "checks"
SITE = ""
"""Where the documentation is published, with a slash at its end. Whoever publishes it says so here: from then on
findings lead to their rules' pages there, and until then to the first of each rule's sources."""
SYMPTOMS = "symptoms.yaml"
"""The one file in rules/ that defines no rule."""


class RuleBookError(ValueError):
    """Definitions that can't be compiled; the message holds every objection, one a line."""


def compile_rule_book(rules: Path, out: Path, checks: Path = CHECKS) -> None:
    """Write rulebook.json, pages.json and symptoms.json into ``out`` from ``rules``; the same bytes for the same rules.

    RuleBookError with all that is wrong, and nothing written."""
    problems = Problems()
    definitions = read_definitions(rules, problems)
    for path, definition in definitions.items():
        check_definition(path, definition, problems)
    _check_functions(definitions, check_functions(checks), problems)
    _check_aliases(definitions, problems)
    symptoms = _read_symptoms(rules / SYMPTOMS, problems)
    check_symptoms(symptoms, definitions, problems)
    if problems.found:
        raise RuleBookError("\n".join(problems.found))
    out.mkdir(parents=True, exist_ok=True)
    _write(out / "rulebook.json", [Definition(**row(rule, definition)) for rule, definition in definitions.items()])
    _write(out / "pages.json", {rule: _page(definition) for rule, definition in definitions.items()})
    _write(out / "symptoms.json", [_symptom(slug, symptom, definitions) for slug, symptom in symptoms.items()])


def read_definitions(rules: Path, problems: Problems) -> dict[str, dict[str, Any]]:
    """Id to definition, sorted by id, for every YAML file in ``rules``; the path is the id."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(rules.rglob("*.y*ml")):
        if path == rules / SYMPTOMS:
            continue
        parts = path.relative_to(rules).with_suffix("").parts
        rule = "/".join(parts)
        if len(parts) != 2 or path.suffix != ".yaml":
            problems.add(rule, f"{path.name} is not at rules/<family>/<slug>.yaml")
            continue
        definition = _read(path, rule, problems)
        if definition is not None:
            found[rule] = definition
    return found


def _read_symptoms(path: Path, problems: Problems) -> dict[str, Any]:
    """By their slugs, in the order of the file; none where there is no such file."""
    return (_read(path, SYMPTOMS, problems) or {}) if path.exists() else {}


def _read(path: Path, name: str, problems: Problems) -> dict[str, Any] | None:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        problems.add(name, f"is no YAML: {error}")
        return None
    if isinstance(content, dict):
        return content
    problems.add(name, "is no mapping")
    return None


def check_functions(checks: Path) -> dict[str, str]:
    """Rule id to module name for every public function in ``checks``/<family>/<module>.py."""
    found: dict[str, str] = {}
    for path in sorted(checks.glob("*/*.py")):
        for statement in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(statement, ast.FunctionDef) and not statement.name.startswith("_"):
                found[f"{path.parent.name}/{statement.name.replace('_', '-')}"] = path.stem
    return found


def _check_functions(definitions: dict[str, dict[str, Any]], functions: dict[str, str], problems: Problems) -> None:
    for rule, definition in definitions.items():
        check = definition.get("check")
        if isinstance(check, dict) and PYTHON in check:
            module = check[PYTHON]
            family, _, slug = rule.partition("/")
            if functions.get(rule) != module:
                name = slug.replace("-", "_")
                problems.add(rule, f"there is no function {name} in src/pgfpmlint/checks/{family}/{module}.py")
    for rule, module in functions.items():
        check = definitions.get(rule, {}).get("check")
        if not (isinstance(check, dict) and PYTHON in check):
            problems.add(
                rule, f"checks/{rule.partition('/')[0]}/{module}.py has this function, rules/ no such definition"
            )


def _check_aliases(definitions: dict[str, dict[str, Any]], problems: Problems) -> None:
    seen: dict[str, str] = dict.fromkeys(definitions, "an id")
    for rule, definition in definitions.items():
        for alias in definition.get("aliases") or ():
            if alias in seen:
                problems.add(rule, f"alias {alias} is {seen[alias]} already")
            seen[alias] = f"an alias of {rule}"


def row(rule: str, definition: dict[str, Any]) -> dict[str, Any]:
    """The definition as `Definition` takes it, without what is empty or the default."""
    made: dict[str, Any] = {"id": rule}
    for key in (
        "title",
        "message",
        "severity",
        "subject",
        "since",
        "help",
        "needs",
        "when",
        "params",
        "aliases",
        "only",
        "fix",
    ):
        if definition.get(key):
            made[key] = definition[key]
    check = definition["check"]
    if check == READING:
        made["check"] = READING
    else:
        ((made["check"], argument),) = check.items()
        made["module" if made["check"] == PYTHON else "arguments"] = argument
        if made["check"] in declarative.KINDS and "when" not in made:
            made["when"] = declarative.mentioned(made["check"], made["subject"], argument)
    if definition.get("level", "default") != "default":
        made["level"] = definition["level"]
    if SITE and rule.partition("/")[0] in FAMILIES:
        made["url"] = f"{SITE}rules/{rule}.html"
    elif definition.get("references"):
        made["url"] = definition["references"][0]
    return made


def _page(definition: dict[str, Any]) -> dict[str, Any]:
    examples = definition["examples"]
    return {
        "rationale": definition["rationale"],
        "references": definition.get("references") or [],
        **{
            kind: [
                {"name": str(name)} | {key: example[key] for key in ("files", "unreadable", "fixed") if key in example}
                for name, example in examples[kind].items()
            ]
            for kind in ("bad", "good")
        },
        **{key: definition[key] for key in ("proof", "unproved") if definition.get(key)},
    }


def _symptom(slug: str, symptom: dict[str, Any], definitions: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """As `registry.symptoms.Symptom` takes it: with the rules that name it."""
    explaining = [rule for rule, definition in definitions.items() if slug in (definition.get("symptoms") or ())]
    explaining.sort(key=lambda rule: (SEVERITIES.index(definitions[rule]["severity"]), rule))
    return {"slug": slug, **symptom, "rules": explaining}


def _write(path: Path, content: object) -> None:
    """In one step, so that a test run never reads a half-written book that another process is writing. ASCII only: an
    example may hold bytes that are no UTF-8."""
    text = json.dumps(content, separators=(",", ":"), sort_keys=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(text + "\n", encoding="utf-8")
    draft.replace(path)
