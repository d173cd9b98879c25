"""Ansible's own tests (``is version(…)``), as far as they need nothing but their arguments."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pgfpmlint.ansible.filters import _pattern as bounded_pattern
from pgfpmlint.ansible.values import Doubt, Truth

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b, "lt": lambda a, b: a < b, "<=": lambda a, b: a <= b, "le": lambda a, b: a <= b,
    ">": lambda a, b: a > b, "gt": lambda a, b: a > b, ">=": lambda a, b: a >= b, "ge": lambda a, b: a >= b,
    "==": lambda a, b: a == b, "=": lambda a, b: a == b, "eq": lambda a, b: a == b,
    "!=": lambda a, b: a != b, "<>": lambda a, b: a != b, "ne": lambda a, b: a != b,
}  # fmt: skip


def version(value: Any, other: Any, operator: str = "eq", strict: Any = None, version_type: Any = None) -> bool:
    """Of numbers with dots alone: what else counts as a version depends on its type. 16 and 16.0 differ in Ansible."""
    if strict is not None or version_type is not None or operator not in COMPARISONS:
        raise Doubt
    both = [str(value), str(other)]
    if not all(re.fullmatch(r"\d+(?:\.\d+)*", one) for one in both):
        raise Doubt
    first, second = ([int(part) for part in one.split(".")] for one in both)
    return COMPARISONS[operator](first, second)


def match(value: Any, pattern: str = "", ignorecase: bool = False) -> bool:
    return bounded_pattern(pattern, str(value), ignorecase).match(str(value)) is not None


def search(value: Any, pattern: str = "", ignorecase: bool = False) -> bool:
    return bounded_pattern(pattern, str(value), ignorecase).search(str(value)) is not None


def regex(value: Any, pattern: str = "", ignorecase: bool = False, match_type: str = "search") -> bool:
    if match_type != "search":
        raise Doubt
    return search(value, pattern, ignorecase)


def contains(value: Any, one: Any) -> bool:
    return one in value


def subset(value: Any, other: Any) -> bool:
    return all(one in other for one in value)


def superset(value: Any, other: Any) -> bool:
    return all(one in value for one in other)


def boolean(value: Any) -> bool:
    return isinstance(value, (bool, Truth))


def truthy(value: Any, convert_bool: bool = False) -> bool:
    if convert_bool:
        raise Doubt
    return bool(value)


def falsy(value: Any, convert_bool: bool = False) -> bool:
    return not truthy(value, convert_bool)


def any_(value: Any) -> bool:
    return any(value)


def all_(value: Any) -> bool:
    return all(value)


TESTS: dict[str, Callable[..., bool]] = {
    "all": all_, "any": any_, "boolean": boolean, "contains": contains, "falsy": falsy, "issubset": subset,
    "issuperset": superset, "match": match, "regex": regex, "search": search, "subset": subset, "superset": superset,
    "truthy": truthy, "version": version, "version_compare": version,
}  # fmt: skip
TESTS |= {f"ansible.builtin.{name}": test for name, test in TESTS.items()}
