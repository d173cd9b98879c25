"""What users see of an outcome: one module per output, named here and imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from pgfpmlint.record import NamedTuple

if TYPE_CHECKING:
    from typing import Protocol

    from pgfpmlint.engine.outcome import Outcome

    class Reporter(Protocol):
        def render(self, outcome: Outcome, look: Look) -> str:
            """The whole output, with a line end. Holds no secret of any file that the outcome speaks of."""


class Look(NamedTuple):
    """How an output is to look, where it has a choice."""

    color: bool = False


REPORTERS: dict[str, str] = {
    "text": "pgfpmlint.report.text",
    "json": "pgfpmlint.report.json_report",
}


def render(format_: str, outcome: Outcome, look: Look) -> str:
    """The outcome in the format (a key of REPORTERS)."""
    return cast("Reporter", import_module(REPORTERS[format_])).render(outcome, look)
