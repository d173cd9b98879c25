"""Files that are not all UTF-8."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pgfpmlint.finding.problem import Problem
from pgfpmlint.resolve.settings import Reading
from pgfpmlint.source.text import FIRST_BYTE


def foreign_bytes(readings: Iterable[Reading]) -> Iterator[Problem]:
    """The first byte of each file that is part of no UTF-8."""
    sources = {document.source.identity: document.source for reading in readings for document in reading.documents}
    for source in sources.values():
        if source.text.isascii():
            continue
        try:
            source.text.encode("utf-8")
        except UnicodeEncodeError as error:
            byte = f"0x{ord(source.text[error.start]) - FIRST_BYTE:02x}"
            place = source.place(error.start, error.start + 1)
            yield Problem("files/foreign-encoding", place, "", refuses=False, values={"byte": byte})
