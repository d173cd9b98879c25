"""Names that no release of a product has had."""

from __future__ import annotations

from collections.abc import Iterable

from pgfpmlint.finding.fix import SAFE, written
from pgfpmlint.finding.problem import Problem
from pgfpmlint.source.text import Place


def unknown(rule: str, place: Place, known: Iterable[str], *, refuses: bool = False) -> Problem:
    """The objection to the name at ``place``; the nearest of ``known`` is what was meant."""
    from pgfpmlint.catalog.nearest import nearest

    name = place.text
    meant = nearest(name, known)
    values = {
        "name": name,
        "hint": f"; did you mean {meant}?" if meant else "",
        "suggestion": f"write {meant}" if meant else f"remove the line, or put a # before {name}",
    }
    fix = written(place, meant, SAFE) if meant is not None else None
    return Problem(rule, place, f"unknown parameter {name}", refuses, values, fix=fix)
