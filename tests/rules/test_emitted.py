"""The rule ids in the source and the rule book are the same set."""

from __future__ import annotations

import ast
from pathlib import Path

from pgfpmlint.registry.definition import READING
from pgfpmlint.registry.load import rule_book

SOURCE = Path(__file__).parents[2] / "src/pgfpmlint"

REPORTING = ("discover", "engine", "formats", "manifests", "model", "registry", "resolve")
"""The rooms that may name a rule; config/ shows ids as examples."""


def words_in_source() -> set[str]:
    """Every text constant in the package's code that is written like a rule's id of a known family."""
    families = {rule.partition("/")[0] for rule in rule_book().rules}
    words = {
        node.value
        for room in REPORTING
        for path in (SOURCE / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {
        word
        for word in words
        for family, slash, slug in [word.partition("/")]
        if slash and family in families and slug.replace("-", "").isalpha() and slug.islower()
    }


def test_every_rule_of_a_reading_is_reported_by_one() -> None:
    reported = {rule.id for rule in rule_book().rules.values() if rule.check == READING}
    assert reported - words_in_source() == set()


def test_everything_reported_has_a_definition() -> None:
    assert words_in_source() - rule_book().rules.keys() == set()
