"""Jinja's environment as Ansible sets it up, with the filters and tests that a linter can follow."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pgfpmlint.ansible.filters import FILTERS
from pgfpmlint.ansible.judgements import TESTS
from pgfpmlint.ansible.language import Bounded
from pgfpmlint.ansible.values import Missing

# Of Jinja's own (https://jinja.palletsprojects.com/en/stable/templates/#builtin-filters) those whose result is no
# larger than what they are given, the same each time, and text, a number or a container.
BUILT_IN = (
    "abs", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "first", "float", "groupby",
    "int", "items", "join", "last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace",
    "reverse", "select", "selectattr", "sort", "string", "sum", "title", "trim", "unique", "upper",
    "wordcount",
)  # fmt: skip

BUILT_IN_TESTS = (
    "boolean", "defined", "divisibleby", "eq", "equalto", "==", "even", "false", "float", "ge", ">=", "greaterthan",
    "gt", ">", "in", "integer", "iterable", "le", "<=", "lessthan", "lower", "lt", "<", "mapping", "ne", "!=", "none",
    "number", "odd", "sequence", "string", "true", "undefined", "upper",
)  # fmt: skip


@lru_cache(maxsize=16)
def environment(**options: Any) -> Bounded:
    """As Ansible's template module has it, unless ``options`` say otherwise."""
    made = Bounded(
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
        undefined=Missing,
        **{"trim_blocks": True, "keep_trailing_newline": True, **options},
    )
    known = {name: made.filters[name] for name in BUILT_IN if name in made.filters}
    made.filters = {**known, **FILTERS}
    made.tests = {**{name: made.tests[name] for name in BUILT_IN_TESTS if name in made.tests}, **TESTS}
    made.globals = {}
    return made
