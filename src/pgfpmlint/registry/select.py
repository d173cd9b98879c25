"""Which rules run, how severe each is, and with which parameters: the command line and the configuration, settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pgfpmlint.finding.finding import SEVERITIES
from pgfpmlint.registry.definition import Definition
from pgfpmlint.registry.load import RuleBook, UnknownRule


class SelectionError(ValueError):
    """What the command line or the configuration says about rules can't be meant; the message says why."""


class Rule(NamedTuple):
    """A definition as one run applies it."""

    definition: Definition
    severity: str
    params: Mapping[str, object]


class Wish(NamedTuple):
    """What a user asks for. ``select`` and ``ignore`` are the command line's, the rest the configuration's."""

    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    pedantic: bool = False
    configured_ignore: Sequence[str] = ()
    severity: Mapping[str, str] = {}
    params: Mapping[str, Mapping[str, object]] = {}


def select(book: RuleBook, wish: Wish) -> list[Rule]:
    """The rules to run, in the rule book's order. SelectionError for a word that means nothing.

    A rule named by its id runs whatever its level; a family and ``all`` mean the default level, and with
    ``pedantic`` every level. What ``--select`` names by id runs even if the configuration ignores it.
    """
    by_id = {rule for word in wish.select if not _is_group(word) for rule in _named(book, "--select", word)}
    groups = [word for word in wish.select if _is_group(word)] or ([] if wish.select else ["all"])
    chosen = by_id | {
        rule
        for word in groups
        for rule in _named(book, "--select", word)
        if wish.pedantic or book.rules[rule].level == "default"
    }
    chosen -= {rule for word in wish.configured_ignore for rule in _named(book, "rules.ignore", word)} - by_id
    chosen -= {rule for word in wish.ignore for rule in _named(book, "--ignore", word)}
    severity = _severities(book, wish.severity)
    params = _all_params(book, wish.params)
    return [
        Rule(definition, severity.get(rule, definition.severity), params.get(rule) or _defaults(definition))
        for rule, definition in book.rules.items()
        if rule in chosen
    ]


def _is_group(word: str) -> bool:
    return word == "all" or word.endswith("/")


def _named(book: RuleBook, where: str, word: str) -> tuple[str, ...]:
    try:
        return book.named(word)
    except UnknownRule as unknown:
        raise SelectionError(f"{where}: {unknown}") from None


def _severities(book: RuleBook, wished: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    # A family first, then its rules by id, so that the narrower wish wins.
    for word, severity in sorted(wished.items(), key=lambda item: not _is_group(item[0])):
        if severity not in SEVERITIES:
            raise SelectionError(f"rules.severity: {word}: {severity!r} is none of {', '.join(SEVERITIES)}")
        found.update(dict.fromkeys(_named(book, "rules.severity", word), severity))
    return found


def _all_params(book: RuleBook, wished: Mapping[str, Mapping[str, object]]) -> dict[str, Mapping[str, object]]:
    found: dict[str, Mapping[str, object]] = {}
    for word, values in wished.items():
        (rule, *more) = _named(book, "rules.params", word)
        if more:
            raise SelectionError(f"rules.params: {word}: parameters belong to one rule, not to a family")
        definition = book.rules[rule]
        found[rule] = {**_defaults(definition), **{name: _param(definition, name, values[name]) for name in values}}
    return found


def _defaults(definition: Definition) -> dict[str, object]:
    return {name: _value(spec["type"], spec["default"]) for name, spec in definition.params.items()}


def _param(definition: Definition, name: str, value: object) -> object:
    where = f"rules.params: {definition.id}: {name}"
    spec = definition.params.get(name)
    if spec is None:
        known = ", ".join(definition.params) or "none"
        raise SelectionError(f"{where}: the rule has no such parameter (it has: {known})")
    read = _value(spec["type"], value)
    if read is None:
        raise SelectionError(f"{where}: {value!r} is no {spec['type']}")
    for limit, beyond in (("min", -1), ("max", 1)):
        bound = spec.get(limit)
        if isinstance(read, (int, float)) and isinstance(bound, (int, float)) and (read - bound) * beyond > 0:
            raise SelectionError(f"{where}: {value!r} is beyond the {limit}imum, {bound}")
    return read


def _value(type_: object, value: object) -> object | None:
    """A parameter's value: ``integer`` an int, ``percent`` a number of percent (``15%`` is 15), ``string`` a str."""
    if type_ == "string":
        return value if isinstance(value, str) else None
    if isinstance(value, bool):
        return None
    if type_ == "percent" and isinstance(value, str):
        digits = value.strip().removesuffix("%").strip()
        try:
            number = float(digits)
        except ValueError:
            return None
        return int(number) if number.is_integer() else number
    if isinstance(value, int) or (type_ == "percent" and isinstance(value, float)):
        return value
    return None
