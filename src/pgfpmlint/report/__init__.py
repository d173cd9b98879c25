"""What users see of an outcome: one module per output, named here and imported when it is asked for."""

from __future__ import annotations

from importlib import import_module

from pgfpmlint.record import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from pgfpmlint.engine.outcome import Outcome


class Look(NamedTuple):
    """How an output is to look, where it has a choice."""

    color: bool = False


class Reporter(Protocol):
    def render(self, outcome: Outcome, look: Look) -> str:
        """The whole output, with a line end. Holds no secret of any file that the outcome speaks of."""


REPORTERS: dict[str, str] = {
    "text": "pgfpmlint.report.text",
    "json": "pgfpmlint.report.json_report",
}


def render(format_: str, outcome: Outcome, look: Look) -> str:
    """The outcome in the format (a key of REPORTERS)."""
    reporter: Reporter = import_module(REPORTERS[format_])
    return reporter.render(outcome, look)
