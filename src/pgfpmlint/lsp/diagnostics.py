"""Findings as an editor shows them: on the lines of every file that they follow from."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol.types import (
    CodeDescription,
    Diagnostic,
    DiagnosticRelatedInformation,
    DiagnosticSeverity,
    DiagnosticTag,
)

from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.finding import Finding
from pgfpmlint.finding.problem import Label
from pgfpmlint.lsp.measures import Measures
from pgfpmlint.lsp.picture import Fault
from pgfpmlint.report.snippet import Screen
from pgfpmlint.report.telling import telling

NAME = "pgfpmlint"
CONFIGURATION = "configuration"
"""The code of what is wrong with .pgfpmlint.yaml itself, where a rule's id stands otherwise."""

SEVERITIES = {
    "error": DiagnosticSeverity.Error,
    "warning": DiagnosticSeverity.Warning,
    "info": DiagnosticSeverity.Information,
}

DEAD = frozenset({"files/unused-suppression", "hba/unreachable-record"})
"""Rules that point at what the server or we would do the same without: editors show such text faded."""

DEAD_WORDS = "has no effect"
"""What the label of a further line says that is just as dead."""


class Diagnostics:
    """Those of one outcome. ``related``: the client shows related places itself; else the message names them."""

    def __init__(self, measures: Measures, *, related: bool) -> None:
        self._measures = measures
        self._related = related
        self._screen = Screen()

    def by_path(self, outcome: Outcome, fault: Fault | None) -> dict[str, list[Diagnostic]]:
        """By shown path; of a finding across files each further line has a hint that leads to it."""
        found: dict[str, list[Diagnostic]] = {}
        if fault is not None:
            found[fault.place.path] = [self._of_fault(fault)]
        for finding in outcome.findings:
            found.setdefault(finding.at.path, []).append(self.of(finding))
        for finding in outcome.findings:
            for path, hint in self._elsewhere(finding):
                found.setdefault(path, []).append(hint)
        return found

    def _of_fault(self, fault: Fault) -> Diagnostic:
        words = self._screen.words(fault.words, self._screen.secrets([fault.place.source]))
        return Diagnostic(
            self._measures.range(fault.place), words, DiagnosticSeverity.Error, code=CONFIGURATION, source=NAME
        )

    def of(self, finding: Finding) -> Diagnostic:
        """The one on the line that the finding points at."""
        told = telling(finding, self._screen)
        lines = [told.message, *told.notes()] if self._related else told.lines()
        return Diagnostic(
            range=self._measures.range(finding.at),
            message="\n".join(lines),
            severity=SEVERITIES[finding.severity],
            code=finding.rule,
            code_description=CodeDescription(finding.url) if finding.url else None,
            source=NAME,
            tags=[DiagnosticTag.Unnecessary] if finding.rule in DEAD else None,
            related_information=[*map(self._information, told.related)] if self._related and told.related else None,
        )

    def _elsewhere(self, finding: Finding) -> Iterator[tuple[str, Diagnostic]]:
        told = telling(finding, self._screen)
        back = [self._information(Label(finding.at, "the finding itself"))] if self._related else None
        met: set[tuple[str, int, int]] = set()
        for label in told.related:
            place = label.place
            key = (place.path, place.start, place.end)
            dead = label.words == DEAD_WORDS
            if key in met or not place.source.text or not (dead or (self._related and place.path != finding.at.path)):
                continue
            met.add(key)
            yield (
                place.path,
                Diagnostic(
                    range=self._measures.range(place),
                    message=f"{label.words}: {told.message}" if label.words else told.message,
                    severity=DiagnosticSeverity.Hint,
                    code=finding.rule,
                    code_description=CodeDescription(finding.url) if finding.url else None,
                    source=NAME,
                    tags=[DiagnosticTag.Unnecessary] if dead else None,
                    related_information=back,
                ),
            )

    def _information(self, label: Label) -> DiagnosticRelatedInformation:
        return DiagnosticRelatedInformation(self._measures.location(label.place), label.words or "see here")
