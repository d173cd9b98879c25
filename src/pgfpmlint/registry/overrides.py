"""The rules of a run in which the configuration has overrides. Loaded only then."""

from __future__ import annotations

from pgfpmlint.config import ConfigError, Override, RulesConfig
from pgfpmlint.registry.load import RuleBook
from pgfpmlint.registry.scope import Layout, Scope, Territory
from pgfpmlint.registry.select import Rule, SelectionError, Wish, named, settled, where_of


def select(book: RuleBook, wish: Wish, layout: Layout) -> list[Rule]:
    """As `registry.select.select`, and what overrides make of the rules besides, each with its scope. An override's
    ``select`` adds to what runs elsewhere. SelectionError where an override can't be meant."""
    everywhere = settled(book, wish)
    overrides = wish.configured.overrides
    try:
        territories = [Territory(override, layout) for override in overrides]
    except ConfigError as error:
        raise SelectionError(str(error)) from None
    there = [settled(book, _within(book, wish, override), override.rules.select) for override in overrides]
    spoken_of = [_spoken_of(book, override.rules) for override in overrides]
    found: list[Rule] = []
    for id_ in book.rules:
        numbers = [number for number, ids in enumerate(spoken_of) if id_ in ids]
        variants = [everywhere.get(id_), *(there[number].get(id_) for number in numbers)]
        scopes = [territories[number] for number in numbers]
        for number, rule in enumerate(variants, -1):
            if rule is not None:
                found.append(rule._replace(scope=Scope(number, scopes) if scopes else None))
    return found


def _spoken_of(book: RuleBook, rules: RulesConfig) -> set[str]:
    """Ids of the rules that an override says anything about."""
    words = [*(("select", word) for word in rules.select), *(("ignore", word) for word in rules.ignore)]
    ids = {id_ for key, word in words for id_ in named(book, where_of(key, word), word.text)}
    ids |= {id_ for name, word in rules.severity.items() for id_ in named(book, where_of("severity", word), name)}
    return ids | {id_ for name in rules.params for id_ in book.named(name)}


def _within(book: RuleBook, wish: Wish, override: Override) -> Wish:
    """What is asked for in the override's part of the tree."""
    usual, own = wish.configured, override.rules
    severe = {id_ for name, word in own.severity.items() for id_ in named(book, where_of("severity", word), name)}
    params = {rule: {**usual.params.get(rule, {}), **own.params.get(rule, {})} for rule in (*usual.params, *own.params)}
    configured = RulesConfig(
        select=usual.select,
        ignore=(*usual.ignore, *own.ignore),
        severity={**{name: word for name, word in usual.severity.items() if name not in severe}, **own.severity},
        params=params,
        strict=usual.strict,
        forbidden=usual.forbidden,
        preview=usual.preview,
        places={**usual.places, **own.places},
    )
    return wish._replace(configured=configured)
