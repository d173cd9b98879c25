"""The compiled rule book, as a run sees it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.registry.definition import Definition, Example, Page

if TYPE_CHECKING:
    from typing import Any

DATA = __file__.rpartition("/")[0] + "/data"


class RuleBookMissing(Exception):
    """The package was never built, or is damaged; the message says what to do."""


class UnknownRule(ValueError):
    """A word that names no rule and no family; the message names the nearest one that does."""

    def __init__(self, word: str, nearest: str | None) -> None:
        super().__init__(f"no rule is called {word!r}" + (f"; did you mean {nearest}?" if nearest else ""))
        self.word = word
        self.nearest = nearest


class RuleBook:
    """Every rule by its id."""

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self.rules: Mapping[str, Definition] = {definition.id: definition for definition in definitions}
        self._aliases = {alias: rule.id for rule in self.rules.values() for alias in rule.aliases}

    def named(self, word: str) -> tuple[str, ...]:
        """Ids that a word means: an id, the former id of a renamed rule, a family (``hba/``) or ``all``.

        UnknownRule where it means nothing."""
        if word == "all":
            return tuple(self.rules)
        if word in self.rules:
            return (word,)
        if word in self._aliases:
            return (self._aliases[word],)
        family = tuple(rule for rule in self.rules if rule.startswith(word)) if word.endswith("/") else ()
        if family:
            return family
        raise UnknownRule(word, self._nearest(word))

    def _nearest(self, word: str) -> str | None:
        from pgfpmlint.catalog.nearest import nearest

        families = {definition.family + "/" for definition in self.rules.values()}
        if word + "/" in families:
            return word + "/"
        by_slug = [rule.id for rule in self.rules.values() if rule.slug == word.rpartition("/")[2]]
        if len(by_slug) == 1:
            return by_slug[0]
        return nearest(word, [*self.rules, *self._aliases, *sorted(families), "all"])


def rule_book(data: str = DATA) -> RuleBook:
    """Load the rule book that the build compiled. RuleBookMissing where it did not."""
    return RuleBook(map(Definition._make, read(f"{data}/rulebook.json")))


def page(rule: str, data: str = DATA) -> Page:
    """What ``pgfpmlint rule ID`` shows beyond the definition."""
    return _page(read(f"{data}/pages.json")[rule])


def pages(data: str = DATA) -> Mapping[str, Page]:
    """The same of every rule, by its id."""
    return {rule: _page(row) for rule, row in read(f"{data}/pages.json").items()}


def _page(row: Any) -> Page:
    return Page(**row | {kind: [Example(**example) for example in row[kind]] for kind in ("bad", "good")})


def read(path: str) -> Any:
    """What one of the compiled files holds. RuleBookMissing where it is not there."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        raise RuleBookMissing(f"the rule book is not compiled ({path} is missing); run: make rules") from None
