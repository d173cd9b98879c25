"""An organisation's own rules: definitions of the declarative kinds, from the folders under ``rules: {extra: […]}``.

``policy/no-md5.yaml`` in the folder ``policy`` is the rule ``policy/no-md5``. No code of the linted tree is ever run: a
definition compares a setting with constants, and that is all it can do.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from pgfpmlint.config import Word
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.registry.definition import FAMILIES, Definition
from pgfpmlint.registry.load import RuleBook
from pgfpmlint.registry.select import SelectionError

if TYPE_CHECKING:
    from typing import Any


def with_extra(book: RuleBook, folders: Sequence[Word], where: str) -> RuleBook:
    """``book`` and the rules in ``folders``, whose paths start from ``where``. SelectionError for what can't be read or
    meant."""
    extra = book
    for folder in folders:
        spot = f"{folder.place.path}:{folder.place.line}: rules.extra: "
        extra = joined(extra, definitions(os.path.join(where, folder.text), spot))
    return extra


def joined(book: RuleBook, extra: dict[str, dict[str, Any]]) -> RuleBook:
    """``book`` with these definitions in it."""
    from pgfpmlint.registry.compile import row

    return RuleBook([*book.rules.values(), *(Definition(**row(rule, raw)) for rule, raw in extra.items())])


def definitions(folder: str, spot: str = "") -> dict[str, dict[str, Any]]:
    """Id to definition for every YAML file in the folder; SelectionError, every line of it beginning with ``spot``,
    for all that is wrong with them."""
    # Loaded only here: a run without rules of its own needs no YAML parser.
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    from pgfpmlint.registry.validate import Problems, check_definition

    family = os.path.basename(os.path.abspath(folder))
    if family in FAMILIES or not family.replace("-", "").isalnum():
        raise SelectionError(f"{spot}{family or folder} can't be a family of your own; rename the folder")
    problems = Problems(spot)
    found: dict[str, dict[str, Any]] = {}
    for name in _names(folder, spot):
        rule = f"{family}/{name.removesuffix('.yaml')}"
        try:
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                definition = YAML(typ="safe", pure=True).load(file)
        except (OSError, UnicodeDecodeError, YAMLError) as error:
            problems.add(rule, str(error))
            continue
        if not isinstance(definition, dict):
            problems.add(rule, "is no mapping")
            continue
        check_definition(rule, definition, problems, shipped=False)
        found[rule] = definition
    if problems.found:
        raise SelectionError("\n".join(problems.found))
    return found


def _names(folder: str, spot: str) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder) if name.endswith(".yaml"))
    except OSError as error:
        raise SelectionError(f"{spot}{folder}: {error.strerror}") from None
