"""From a rule to the function that finds it out."""

from __future__ import annotations

from importlib import import_module

from pgfpmlint.finding.finding import Finding, Hit, Silent
from pgfpmlint.finding.fix import Fix, least_safe, surface
from pgfpmlint.finding.problem import Label
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.registry.definition import PYTHON, Definition
from pgfpmlint.registry.select import Rule
from pgfpmlint.source.text import HOLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    Check = Callable[[Any, Any, Mapping[str, object]], Iterable[Hit | Silent]]
    """Subject, world and parameters to hits."""

UNKNOWN = "…"
"""What a message has for what a template fills in."""


MOST_CAUSES = 3
"""Lines that are shown with a place, of those that a computed value follows from."""


def check_of(definition: Definition) -> Check:
    """The function behind a definition; its module is imported here, so only when there is something to look at."""
    if definition.check == PYTHON:
        module = import_module(f"pgfpmlint.checks.{definition.family}.{definition.module}")
        check: Check = getattr(module, definition.slug.replace("-", "_"))
        return check
    from pgfpmlint.registry import declarative

    return declarative.check(definition.check, definition.subject, definition.arguments, definition.only)


def finding(rule: Rule, hit: Hit) -> Finding:
    """The hit under the rule's name, in the rule's words.

    A hole of the message that the hit does not fill stays visible as ``{name}`` (the example tests refuse such a
    rule); help that can't be filled would tell nonsense and is left out. An error that rests on an
    assumed link, or on lines that a template may leave out, is reported as a warning."""
    definition = rule.definition
    message = definition.message.format_map(_Holes(hit.values)).replace(HOLE, UNKNOWN)
    try:
        help_ = definition.help.format_map(hit.values).replace(HOLE, UNKNOWN)
    except KeyError:
        help_ = ""
    return Finding(
        definition.id,
        rule.severity if rule.severity != "error" or _is_certain(hit) else "warning",
        message,
        hit.at,
        hit.related,
        hit.arithmetic,
        help_.strip(),
        definition.url,
        _fix(definition, hit.fix),
    )


def _is_certain(hit: Hit) -> bool:
    places = [hit.at, *[label.place for label in hit.related]]
    return hit.certain and not any(place.condition for place in places)


def _fix(definition: Definition, fix: Fix | None) -> Fix | None:
    """The hit's fix, at most as safe as the rule says; a rule that says nothing has none."""
    if fix is None or not definition.fix:
        return None
    return fix._replace(applicability=least_safe(definition.fix, fix.applicability))


def surfaced(found: Finding) -> Finding:
    """With the places that people wrote, and the lines that computed values follow from."""
    related = [label._replace(place=label.place.surface) for label in found.related]
    for place in (found.at, *(label.place for label in found.related)):
        causes = (Label(*cause) for cause in place.source.causes(place.start, place.end)[:MOST_CAUSES])
        related += [cause for cause in causes if cause not in related]
    fix = surface(found.fix) if found.fix is not None else None
    return found._replace(at=found.at.surface, related=tuple(related), fix=fix)


class _Holes(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "{" + name + "}"
