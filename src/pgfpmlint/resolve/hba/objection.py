"""What stops the reading of one line of an authentication file: the server gives up on the line, so do we."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.fix import Fix
from pgfpmlint.finding.problem import Problem
from pgfpmlint.source.text import Place


class Objection(Exception):
    """``says`` is the server's message; ``fix`` is what to type, in the imperative, or empty; ``mends`` does it."""

    def __init__(
        self, rule: str, place: Place, says: str, *, fix: str = "", mends: Fix | None = None, **values: object
    ) -> None:
        super().__init__(says)
        self.rule = rule
        self.place = place
        self.says = says
        self.values = {"fix": fix, **values}
        self.mends = mends

    def problem(self, version: ServerVersion) -> Problem:
        """The objection of that server. Its file is not loaded as long as it stands."""
        values = {"version": str(version), **self.values}
        return Problem(self.rule, self.place, self.says, refuses=True, values=values, fix=self.mends)
