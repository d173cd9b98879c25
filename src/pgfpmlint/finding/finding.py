"""From what a check saw to what a user is told: Hit, then Finding."""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.finding.fix import Edit as Edit
from pgfpmlint.finding.fix import Fix as Fix
from pgfpmlint.finding.problem import NOTHING, Label
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Place

SEVERITIES = ("error", "warning", "info")
"""Worst first. An error is a server that won't start, or an outage or exposure that will happen."""


class Hit(NamedTuple):
    """What a check yields: where, and the values that make the message true. It names no rule and no severity.

    ``arithmetic`` holds lines that a reader can check by hand, each of which follows from ``at`` and ``related``.
    ``certain`` is false where it rests on a link that was assumed: the engine then reports an error as a warning.
    ``fix`` is what mends it, if its rule allows fixes; it may be less safe than the rule says, never safer.
    """

    at: Place
    values: Mapping[str, object] = NOTHING
    related: tuple[Label, ...] = ()
    arithmetic: tuple[str, ...] = ()
    fix: Fix | None = None
    certain: bool = True


class Finding(NamedTuple):
    """A Hit under the name, severity and words of its rule. ``hushed_by`` is the reason that a comment gives for
    suppressing it."""

    rule: str
    severity: str
    message: str
    at: Place
    related: tuple[Label, ...]
    arithmetic: tuple[str, ...]
    help: str
    url: str
    fix: Fix | None
    hushed_by: str = ""


class Silent(NamedTuple):
    """What a check yields where it can't know (an unknown value, a file that is not there): neither a hit nor a pass.

    The rule then counts as not evaluated, and ``why`` is printed with it.
    """

    why: str
