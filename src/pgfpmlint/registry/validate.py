"""What a definition must be like. Runs when the rule book is compiled, never on a run."""

from __future__ import annotations

import string
from collections.abc import Iterable
from typing import Any

from pgfpmlint.catalog.nearest import nearest
from pgfpmlint.finding.finding import SEVERITIES
from pgfpmlint.finding.fix import SAFETIES
from pgfpmlint.registry import declarative
from pgfpmlint.registry.definition import FAMILIES, LEVELS, PARAM_TYPES, PYTHON, READING, SUBJECTS
from pgfpmlint.registry.symptoms import SPEAKERS

REQUIRED = {"title": str, "message": str, "severity": str, "subject": str, "check": object}
SHIPPED = {"since": str, "rationale": str, "examples": dict}
"""Keys that the rule book's own definitions need; an organisation's may do without."""
OPTIONAL = {
    "help": str,
    "level": str,
    "needs": list,
    "when": list,
    "references": list,
    "params": dict,
    "aliases": list,
    "proof": str,
    "unproved": str,
    "only": dict,
    "symptoms": list,
    "fix": str,
}
SYMPTOM = {"title": str, "by": str, "seen": str, "means": str}
SYMPTOM_LISTS = ("says", "code", "also")
KEYS = (*REQUIRED, *SHIPPED, *OPTIONAL)
VECTORS = "vectors"
"""The proof of a rule whose harm a recorded answer in tests/fixtures/vectors shows: the server refuses the file."""
ARGUMENTS = {
    "forbids": ({"setting"}, {"value", "values", "instead"}),
    "present": ({"setting"}, set()),
    "one_of": ({"setting", "values"}, {"instead"}),
    "bounds": ({"setting"}, {"min", "max", "off", "instead"}),
    "holds": ({"setting"}, {"value", "values", "instead"}),
    "lacks": ({"setting"}, {"value", "values", "instead"}),
    "requires": ({"setting"}, {"value", "values"}),
}


class Problems:
    """All that is wrong, one line each: whoever writes a rule sees everything at once."""

    def __init__(self, where: str = "rules/") -> None:
        self.found: list[str] = []
        self._where = where

    def add(self, rule: str, words: str) -> None:
        self.found.append(f"{self._where}{rule}: {words}")

    def known(self, rule: str, what: str, word: object, known: Iterable[str]) -> bool:
        """Object to ``word`` unless it is one of ``known``."""
        names = list(known)
        if word in names:
            return True
        near = nearest(str(word), names)
        self.add(rule, f"unknown {what} {word!r}" + (f"; did you mean {near}?" if near else f" ({', '.join(names)})"))
        return False


def check_definition(rule: str, definition: dict[str, Any], problems: Problems, *, shipped: bool = True) -> None:
    """Object to everything in one definition that would mislead a run or a reader.

    One that is not ``shipped`` is an organisation's own: it has a family of its own and runs no code of ours."""
    if not _check_shape(rule, definition, {**REQUIRED, **SHIPPED} if shipped else REQUIRED, problems):
        return
    family, _, slug = rule.partition("/")
    if shipped:
        problems.known(rule, "family", family, FAMILIES)
    elif not isinstance(definition["check"], dict) or PYTHON in definition["check"]:
        problems.add(rule, f"check is none of {', '.join(declarative.KINDS)}: {definition['check']!r}")
    if not slug.replace("-", "").isalnum() or slug != slug.lower():
        problems.add(rule, f"slug {slug!r} is not made of lower-case words")
    problems.known(rule, "severity", definition["severity"], SEVERITIES)
    problems.known(rule, "level", definition.get("level", "default"), LEVELS)
    problems.known(rule, "subject", definition["subject"], SUBJECTS)
    for need in definition.get("needs") or ():
        problems.known(rule, "kind in needs", need, SUBJECTS)
    _check_words(rule, definition, problems)
    _check_params(rule, definition.get("params") or {}, problems)
    _check_check(rule, definition, problems)
    if shipped:
        _check_proof(rule, definition, problems)
    if shipped or definition.get("examples"):
        _check_examples(rule, definition["examples"], problems)
    _check_fix(rule, definition, problems, shipped=shipped)


def check_symptoms(symptoms: dict[str, Any], definitions: dict[str, dict[str, Any]], problems: Problems) -> None:
    """Object to symptoms that say too little or that no rule explains, and to rules that name one which isn't there."""
    named: set[str] = set()
    for rule, definition in definitions.items():
        for slug in definition.get("symptoms") or ():
            problems.known(rule, "symptom", slug, symptoms)
            named.add(slug)
    for slug, symptom in symptoms.items():
        where = f"symptoms.yaml: {slug}"
        if not isinstance(symptom, dict):
            problems.add(where, "is no mapping")
            continue
        for key, type_ in SYMPTOM.items():
            if not isinstance(symptom.get(key), type_):
                problems.add(where, f"{key} is missing, or no {type_.__name__}")
        for key, value in symptom.items():
            problems.known(where, "key", key, (*SYMPTOM, *SYMPTOM_LISTS))
            if key in SYMPTOM_LISTS and not (isinstance(value, list) and all(isinstance(one, str) for one in value)):
                problems.add(where, f"{key} is no list of texts: {value!r}")
        problems.known(where, "speaker", symptom.get("by"), SPEAKERS)
        if bool(symptom.get("says")) == (symptom.get("by") == "silence"):
            problems.add(where, "says holds somebody's words, unless by is silence")
        if slug not in named:
            problems.add(where, "no rule explains it")


def _check_shape(rule: str, definition: dict[str, Any], required: dict[str, type], problems: Problems) -> bool:
    before = len(problems.found)
    for key, type_ in required.items():
        if not definition.get(key):
            problems.add(rule, f"{key} is missing")
        elif not isinstance(definition[key], type_):
            problems.add(rule, f"{key} is no {type_.__name__}: {definition[key]!r}")
    for key, value in definition.items():
        if key in OPTIONAL and value is not None and not isinstance(value, OPTIONAL[key]):
            problems.add(rule, f"{key} is no {OPTIONAL[key].__name__}: {value!r}")
        problems.known(rule, "key", key, KEYS)
    return len(problems.found) == before


def _check_words(rule: str, definition: dict[str, Any], problems: Problems) -> None:
    for key in ("title", "message", "help"):
        text = definition.get(key) or ""
        if text.endswith("."):
            problems.add(rule, f"{key} ends with a period")
        if "\n" in text.strip():
            problems.add(rule, f"{key} has several lines")
        try:
            holes(text)
        except ValueError as error:
            problems.add(rule, f"{key}: {error}; write {{{{ and }}}} for braces")
    for reference in definition.get("references") or ():
        if not str(reference).startswith("https://"):
            problems.add(rule, f"reference {reference!r} is no https:// address")


def holes(text: str) -> set[str]:
    """Names of the holes in a message: ``{name}``. ValueError for lone braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _check_params(rule: str, params: dict[str, Any], problems: Problems) -> None:
    for name, spec in params.items():
        if not isinstance(spec, dict) or "default" not in spec:
            problems.add(rule, f"parameter {name} has no default")
            continue
        problems.known(rule, f"type of parameter {name}:", spec.get("type"), PARAM_TYPES)
        for key in spec:
            problems.known(rule, f"key of parameter {name}:", key, ("type", "default", "min", "max"))


def _check_proof(rule: str, definition: dict[str, Any], problems: Problems) -> None:
    """An error says that a server won't start, or that an outage or exposure will happen: somebody has seen it happen
    on real servers, or says why it can't be shown."""
    proof, unproved = definition.get("proof"), definition.get("unproved")
    if definition["severity"] == "error" and not proof and not unproved:
        problems.add(rule, "an error needs proof: (a test in tests/servers/proofs, or vectors), or unproved: with why")
    if proof and unproved:
        problems.add(rule, "proof and unproved exclude each other")
    module, _, test = (proof or VECTORS).partition("::")
    if module != VECTORS and not (module.startswith("test_") and module.endswith(".py") and test.startswith("test_")):
        problems.add(rule, f"proof is neither {VECTORS} nor like test_capacity.py::test_name: {proof!r}")
    if unproved and len(unproved.split()) < 5:
        problems.add(rule, "unproved says why in a few words")


def _check_check(rule: str, definition: dict[str, Any], problems: Problems) -> None:
    check = definition["check"]
    if check == READING:
        return
    if not isinstance(check, dict) or len(check) != 1:
        problems.add(rule, f"check is neither {READING} nor one kind with its arguments: {check!r}")
        return
    ((kind, arguments),) = check.items()
    if not problems.known(rule, "kind of check", kind, (PYTHON, *declarative.KINDS)):
        return
    if kind == PYTHON:
        if not isinstance(arguments, str):
            problems.add(rule, f"check: python: names one module, not {arguments!r}")
        return
    if problems.known(rule, f"subject of a {kind} check", definition["subject"], declarative.SUBJECTS):
        _check_arguments(rule, kind, arguments, problems)
    _check_only(rule, definition.get("only") or {}, problems)
    if definition["subject"] == declarative.HBA and isinstance(arguments, dict):
        where = (definition.get("only") or {}).get("where")
        for column in (*declarative.setting_names(arguments), *(where if isinstance(where, dict) else ())):
            problems.known(rule, "setting of a pg_hba.conf record", column, declarative.COLUMNS)


def _check_fix(rule: str, definition: dict[str, Any], problems: Problems, *, shipped: bool) -> None:
    """A fix is shown: what an example's files are after it."""
    safety = definition.get("fix")
    if safety is not None:
        problems.known(rule, "safety of a fix", safety, SAFETIES)
    fixed = [
        (kind, name, example)
        for kind, examples in (definition.get("examples") or {}).items()
        for name, example in (examples or {}).items()
        if isinstance(example, dict) and "fixed" in example
    ]
    if fixed and safety is None:
        problems.add(rule, "an example is fixed, and the definition says no fix: safe, unsafe or shown")
    if safety is not None and shipped and not fixed:
        problems.add(rule, "no example shows the fix: fixed: {path: text}")
    for kind, name, example in fixed:
        texts = example["fixed"]
        if kind != "bad" or not isinstance(texts, dict) or not texts:
            problems.add(rule, f"example {name!r}: fixed: says what files of a bad example are after the fix")
            continue
        for path, text in texts.items():
            problems.known(rule, f"fixed file of example {name!r}:", path, example.get("files") or ())
            if not isinstance(text, str):
                problems.add(rule, f"example {name!r}: {path} is no text: {text!r}")


def _check_arguments(rule: str, kind: str, arguments: object, problems: Problems) -> None:
    required, optional = ARGUMENTS[kind]
    if not isinstance(arguments, dict):
        problems.add(rule, f"{kind}: needs a mapping with {', '.join(sorted(required))}")
        return
    for key in sorted(required - arguments.keys()):
        problems.add(rule, f"{kind}: {key} is missing")
    for key in arguments:
        problems.known(rule, f"argument of {kind}:", key, sorted(required | optional))
    compared = optional - {"instead"}
    if kind not in ("requires", "present") and not required - {"setting"} and not compared & arguments.keys():
        problems.add(rule, f"{kind}: one of {', '.join(sorted(compared))} is missing")
    named = arguments.get("setting", "-")
    if not all(isinstance(name, str) and name for name in (named if isinstance(named, list) else [named])):
        problems.add(rule, f"{kind}: setting is a name, or a list of them, not {named!r}")
    for value in [arguments.get("value", ""), arguments.get("instead") or "", *arguments.get("values", ())]:
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            problems.add(rule, f"{kind}: write the value as the server shows it, in quotes: {value!r}")


def _check_only(rule: str, only: dict[str, Any], problems: Problems) -> None:
    for key, value in only.items():
        if not problems.known(rule, "key in only", key, ("name", "since", "before", "where")):
            continue
        if key == "name" and not isinstance(value, str):
            problems.add(rule, f"only: name is a pattern like web/api-*, not {value!r}")
        if key == "where" and not (isinstance(value, dict) and all(map(_is_shown, value.values()))):
            problems.add(
                rule, f"only: where maps settings to values as the server shows them, in quotes, not {value!r}"
            )
        if key in ("since", "before") and not all(part.isdigit() for part in str(value).split(".")):
            problems.add(rule, f"only: {key} is a version like 16 or '8.2', not {value!r}")


def _is_shown(value: object) -> bool:
    listed = value if isinstance(value, list) else [value]
    return all(isinstance(one, (str, int)) and not isinstance(one, bool) for one in listed)


def _check_examples(rule: str, examples: dict[str, Any], problems: Problems) -> None:
    for kind in examples:
        problems.known(rule, "kind of example", kind, ("bad", "good"))
    for kind in ("bad", "good"):
        if not examples.get(kind):
            problems.add(rule, f"there is no {kind} example")
        for name, example in (examples.get(kind) or {}).items():
            _check_example(rule, kind, f"example {name!r}", example, problems)


def _check_example(rule: str, kind: str, name: str, example: object, problems: Problems) -> None:
    if not isinstance(example, dict) or not isinstance(example.get("files"), dict):
        problems.add(rule, f"{name} has no files")
        return
    for key in example:
        problems.known(rule, f"key of {name}:", key, ("files", "expect", "unreadable", "unmutated", "fixed"))
    for path, text in example["files"].items():
        if not isinstance(text, str):
            problems.add(rule, f"{name}: {path} is no text: {text!r}")
    for mutation in example.get("unmutated") or ():
        problems.known(rule, f"mutation of {name}:", mutation, ("crlf", "suppressed", "order", "comment", "spelt"))
    expected = example.get("expect")
    if (kind == "bad") != bool(expected):
        problems.add(rule, f"{name}: a bad example says what to expect, a good one expects nothing")
        return
    for hit in expected or ():
        if not isinstance(hit, dict) or not _is_spot(hit.get("at")) or not all(map(_is_spot, hit.get("related") or ())):
            problems.add(rule, f"{name}: at and related are {{path: text}}: {hit!r}")
        else:
            for key in hit:
                problems.known(rule, f"key of {name}, expect:", key, ("at", "says", "related"))


def _is_spot(at: object) -> bool:
    return isinstance(at, dict) and len(at) == 1 and all(isinstance(text, str) for text in at.values())
