"""Which rules run, how severe each is, and with which parameters: the command line and the configuration, settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pgfpmlint.config import RulesConfig, Word
from pgfpmlint.finding.finding import SEVERITIES
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.registry.definition import FORBIDDEN, UNEXPLAINED, Definition
from pgfpmlint.registry.load import RuleBook, UnknownRule
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from pgfpmlint.registry.scope import Scope


NOTHING: Mapping[str, object] = {}


class SelectionError(ValueError):
    """What the command line or the configuration says about rules can't be meant; the message says why."""


class Rule(NamedTuple):
    """A definition as one run applies it. A rule that overrides speak of is there once for each part of the tree in
    which it runs; ``scope`` is that part, None the whole."""

    definition: Definition
    severity: str
    params: Mapping[str, object]
    scope: Scope | None = None

    def covers(self, place: Place) -> bool:
        """Whether it speaks of what is there."""
        return self.scope is None or self.scope.holds(place.source)


class Wish(NamedTuple):
    """What the command line asks for, and what the configuration does. ``forbidden_by`` says who forbids suppressions,
    as messages name it; empty where nobody does."""

    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    pedantic: bool = False
    preview: bool = False
    configured: RulesConfig = RulesConfig()
    forbidden_by: str = ""


def select(book: RuleBook, wish: Wish) -> list[Rule]:
    """The rules to run, in the rule book's order. SelectionError for a word that means nothing.

    A rule named by its id runs whatever its level; a family and ``all`` mean the default level, with ``pedantic`` the
    opinions too, and with ``preview`` (on either side) the rules on trial. ``--select`` stands in for the
    configuration's ``select``, and what it names by id runs even if the configuration ignores it. What the
    configuration overrides is `registry.overrides`' business.
    """
    return list(settled(book, wish).values())


def settled(book: RuleBook, wish: Wish, more: Sequence[Word] = ()) -> dict[str, Rule]:
    """The rules to run by their ids; ``more`` are selected besides, unless ``--select`` is given."""
    configured = wish.configured
    asked = [("--select", word) for word in wish.select]
    wanted = asked or [(where_of("select", word), word.text) for word in configured.select]
    added = [] if asked else [(where_of("select", word), word.text) for word in more]
    insisted = {rule for where, word in asked if not is_group(word) for rule in named(book, where, word)}
    levels = levels_of(wish)
    chosen = {
        rule
        for where, word in [*(wanted or [("", "all")]), *added]
        for rule in named(book, where, word)
        if not is_group(word) or book.rules[rule].level in levels
    }
    if configured.strict:
        chosen |= {UNEXPLAINED} & book.rules.keys()
    if wish.forbidden_by:
        chosen |= {FORBIDDEN} & book.rules.keys()
    for unwanted in configured.ignore:
        chosen -= {*named(book, where_of("ignore", unwanted), unwanted.text)} - insisted
    for ignored in wish.ignore:
        chosen -= {*named(book, "--ignore", ignored)}
    severity = _severities(book, configured)
    params = _all_params(book, configured)
    return {
        rule: Rule(definition, severity.get(rule, definition.severity), params.get(rule) or _defaults(definition))
        for rule, definition in book.rules.items()
        if rule in chosen
    }


def levels_of(wish: Wish) -> set[str]:
    """Those whose rules run without being named by their ids."""
    asked = {"pedantic": wish.pedantic, "preview": wish.preview or wish.configured.preview}
    return {"default", *(level for level, wanted in asked.items() if wanted)}


def is_group(word: str) -> bool:
    return word == "all" or word.endswith("/")


def where_of(key: str, word: Word) -> str:
    """Where the configuration says ``word``, for messages."""
    return f"{_spot(word.place)}rules.{key}"


def _spot(place: Place | None) -> str:
    return f"{place.path}:{place.line}: " if place else ""


def named(book: RuleBook, where: str, word: str) -> tuple[str, ...]:
    """The ids that ``word``, said at ``where``, means. SelectionError where it means nothing."""
    try:
        return book.named(word)
    except UnknownRule as unknown:
        raise SelectionError(f"{where}: {unknown}") from None


def _severities(book: RuleBook, configured: RulesConfig) -> dict[str, str]:
    found: dict[str, str] = {}
    # A family first, then its rules by id, so that the narrower wish wins.
    for name, severity in sorted(configured.severity.items(), key=lambda item: not is_group(item[0])):
        where = where_of("severity", severity)
        if severity.text not in SEVERITIES:
            raise SelectionError(f"{where}: {name}: {severity.text!r} is none of {', '.join(SEVERITIES)}")
        found.update(dict.fromkeys(named(book, where, name), severity.text))
    return found


def _all_params(book: RuleBook, configured: RulesConfig) -> dict[str, Mapping[str, object]]:
    found: dict[str, Mapping[str, object]] = {}
    for name, values in configured.params.items():
        where = f"{_spot(configured.places.get(name))}rules.params"
        (rule, *more) = named(book, where, name)
        if more:
            raise SelectionError(f"{where}: {name}: parameters belong to one rule, not to a family")
        definition = book.rules[rule]
        given = {key: _param(definition, key, value) for key, value in values.items()}
        found[rule] = {**_defaults(definition), **given}
    return found


def _defaults(definition: Definition) -> Mapping[str, object]:
    if not definition.params:
        return NOTHING
    return {name: _value(spec["type"], str(spec["default"])) for name, spec in definition.params.items()}


def _param(definition: Definition, name: str, word: Word) -> object:
    where = f"{where_of('params', word)}: {definition.id}: {name}"
    spec = definition.params.get(name)
    if spec is None:
        known = ", ".join(definition.params) or "none"
        raise SelectionError(f"{where}: the rule has no such parameter (it has: {known})")
    value = _value(spec["type"], word.text)
    if value is None:
        raise SelectionError(f"{where}: {word.text!r} is no {spec['type']}")
    for limit, beyond in (("min", -1), ("max", 1)):
        bound = spec.get(limit)
        if isinstance(value, (int, float)) and isinstance(bound, (int, float)) and (value - bound) * beyond > 0:
            raise SelectionError(f"{where}: {word.text!r} is beyond the {limit}imum, {bound}")
    return value


def _value(type_: object, text: str) -> object | None:
    """A parameter's value: ``integer`` an int, ``percent`` a number of percent (``15%`` is 15), ``string`` itself."""
    if type_ == "string":
        return text
    digits = text.strip().removesuffix("%").strip() if type_ == "percent" else text
    try:
        number = float(digits) if type_ == "percent" else int(digits)
    except ValueError:
        return None
    return int(number) if number == number // 1 else number
