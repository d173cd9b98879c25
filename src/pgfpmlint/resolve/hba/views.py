"""What the views of pg_hba.conf and pg_ident.conf have in common: where a row comes from, and bad lines."""

from __future__ import annotations

from pgfpmlint.finding.problem import Problem
from pgfpmlint.formats.auth_records import LONGEST_LINE
from pgfpmlint.resolve.settings import Reading
from pgfpmlint.source.text import Place
from pgfpmlint.syntax.document import Malformed


def located(reading: Reading, place: Place) -> dict[str, object]:
    """``line``, and ``file`` (the machine's own path) where that is not the main file."""
    row: dict[str, object] = {"line": _line(reading, place)}
    if place.source is not reading.main.source:
        row["file"] = next(document.path for document in reading.documents if document.source is place.source)
    return row


def _line(reading: Reading, place: Place) -> int:
    """The line's number as the server counts. From 14 on the rest of a line behind a NUL, line end and all, is lost,
    and what follows is the same line to it; up to 13 a line that is too long is several."""
    text = place.source.text
    if reading.version.major <= 13 and len(text) <= LONGEST_LINE // 4:
        return place.line
    if reading.version.major <= 13:
        document = next(document for document in reading.documents if document.source is place.source)
        broken = (node for node in document.statements if isinstance(node, Malformed) and node.end <= place.start)
        return place.line + sum(not text.endswith("\n", node.start, node.end) for node in broken)
    if "\0" not in text:
        return place.line
    return place.line - sum("\0" in line for line in text[: place.start].split("\n")[:-1])


def bad(reading: Reading, place: Place, problem: Problem) -> dict[str, object]:
    """The row of a line that the server refuses."""
    return located(reading, place) | {"error": problem.says}
