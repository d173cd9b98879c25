"""What the views of pg_hba.conf and pg_ident.conf have in common: where a row comes from, and bad lines."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.problem import Problem
from pgfpmlint.resolve.settings import Reading
from pgfpmlint.source.text import Place


def located(reading: Reading, place: Place) -> dict[str, object]:
    """``line``, and ``file`` (the machine's own path) where that is not the main file."""
    row: dict[str, object] = {"line": _line(place, reading.version)}
    if place.source is not reading.main.source:
        row["file"] = next(document.path for document in reading.documents if document.source is place.source)
    return row


def _line(place: Place, version: ServerVersion) -> int:
    """The line's number as the server counts: from 14 on the rest of a line behind a NUL, line end and all, is lost,
    and what follows is the same line to it."""
    text = place.source.text
    if "\0" not in text or version.major < 14:
        return place.line
    return place.line - sum("\0" in line for line in text[: place.start].split("\n")[:-1])


def bad(reading: Reading, place: Place, problem: Problem) -> dict[str, object]:
    """The row of a line that the server refuses."""
    return located(reading, place) | {"error": problem.says}
