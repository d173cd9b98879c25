"""What decides about a task: conditions, loops, and names with placeholders in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import nodes

from pgfpmlint.ansible.dialect import environment
from pgfpmlint.ansible.expressions import Evaluator
from pgfpmlint.ansible.language import TooMuch, parsed
from pgfpmlint.ansible.rendering import render
from pgfpmlint.ansible.scope import Scope
from pgfpmlint.ansible.values import UNKNOWN, Fields, Truth
from pgfpmlint.ansible.worth import truth_of
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Source

MOST_ITEMS = 200
"""What a loop is followed for."""

_LEFT = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


class Item(NamedTuple):
    """One round of a loop."""

    value: Any
    certain: bool


def rounds(fields: Fields, scope: Scope) -> Iterator[Item | None]:
    key = next((key for key in fields if key == "loop" or str(key).startswith("with_")), None)
    if key is None:
        yield None
        return
    value, _ = scope.templated(fields[key])
    items: list[Any] | None = None
    if key in ("loop", "with_items", "with_list") and isinstance(value, (list, tuple)):
        items = list(value)
        if key == "with_items":
            items = [one for part in items for one in (part if isinstance(part, (list, tuple)) else [part])]
    elif key == "with_dict" and isinstance(value, dict):
        items = [{"key": name, "value": one} for name, one in value.items()]
    if items is None or len(items) > MOST_ITEMS:
        yield Item(UNKNOWN, False)
        return
    for one in items:
        yield Item(one, True)


def filled_name(written: Any, scope: Scope, extra: Mapping[str, Any]) -> tuple[str, bool]:
    """A path with its placeholders filled in; those that can't be are ``unknown``."""
    if not isinstance(written, str):
        return "", False
    if "{{" not in written and "{%" not in written:
        return str(written), True
    rendered = render(Source("", str(written)), scope, {}, extra)
    if rendered is None:
        return _LEFT.sub("unknown", written), False
    text = "".join(piece.text for piece in rendered.pieces)
    return _LEFT.sub("unknown", text), rendered.whole


def truth(condition: Any, scope: Scope, extra: Mapping[str, Any]) -> bool | None:
    """Of ``when:``; None where nobody can tell."""
    if condition is None:
        return True
    if isinstance(condition, list):
        truths = [truth(one, scope, extra) for one in condition]
        return False if False in truths else None if None in truths else True
    if isinstance(condition, (bool, Truth)):
        return bool(condition)
    if not isinstance(condition, str) or "{{" in condition:
        return None
    tree = parsed(environment(), "{% if " + condition + " %}{% endif %}")
    if tree is None or len(tree.body) != 1 or not isinstance(tree.body[0], nodes.If):
        return None
    evaluator = Evaluator(environment(), scope, 20_000)
    evaluator.locals = [dict(extra)]
    try:
        test = tree.body[0].test
        if isinstance(test, (nodes.Name, nodes.Getattr)):
            value = evaluator.value(test)
            if isinstance(value, str):  # older versions read the text as a condition again
                return {"true": True, "yes": True, "false": False, "no": False}.get(value.lower())
            return truth_of(value)
        return evaluator.truth(test)
    except (TooMuch, RecursionError):
        return None
