"""What is wrong with templates themselves, before a server ever sees what they become."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.finding.problem import Problem
from pgfpmlint.resolve.settings import Reading
from pgfpmlint.source.template import Template

RULE = "files/broken-template"


def broken(readings: Sequence[Reading]) -> Iterator[Problem]:
    """One objection for each template that its engine refuses."""
    sources = {document.source.identity: document.source for reading in readings for document in reading.documents}
    for source in sources.values():
        if isinstance(source, Template) and source.fault is not None:
            offset, says, advice = source.fault
            place = source.place(offset, offset + 1)
            shown = " ".join(place.surface.text.split())
            values = {"shown": shown if len(shown) <= 40 else f"{shown[:36]} …", "why": says, "advice": advice}
            values["language"] = source.label
            yield Problem(RULE, place, says, refuses=False, values=values)
