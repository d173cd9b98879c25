"""What users see of an outcome: one module per output, named here and imported when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from pgfpmlint.record import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from pgfpmlint.engine.outcome import Outcome


class Look(NamedTuple):
    """How an output is to look, where it has a choice.

    ``within`` is where the working directory lies in the repository that a CI service has checked out, with ``/`` at
    its end, or empty: services look for paths from there. ``failing`` are the severities that make the run fail.
    ``hushed``: whether suppressed findings are told of, marked as such, by outputs that can."""

    color: bool = False
    within: str = ""
    failing: Sequence[str] = ("error", "warning")
    hushed: bool = True


class Reporter(Protocol):
    def render(self, outcome: Outcome, look: Look) -> str:
        """The whole output, with a line end. Holds no secret of any file that the outcome speaks of."""


REPORTERS: dict[str, str] = {
    "text": "pgfpmlint.report.text",
    "json": "pgfpmlint.report.json_report",
    "sarif": "pgfpmlint.report.sarif",
    "github": "pgfpmlint.report.github",
    "gitlab": "pgfpmlint.report.gitlab",
    "junit": "pgfpmlint.report.junit",
    "rdjson": "pgfpmlint.report.rdjson",
}


def render(format_: str, outcome: Outcome, look: Look) -> str:
    """The outcome in the format (a key of REPORTERS)."""
    reporter: Reporter = import_module(REPORTERS[format_])
    return reporter.render(outcome, look)
