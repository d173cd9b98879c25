"""What mends a fault: edits, how safe they are, and texts with edits applied.

Pure text: nothing here reads or writes a file.
"""

from __future__ import annotations

from collections.abc import Iterable

from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Place, Source

SAFE, UNSAFE, SHOWN = "safe", "unsafe", "shown"

SAFETIES = (SAFE, UNSAFE, SHOWN)
"""Safest first. ``safe``: the server does after it what it does now, or what the file can only have meant where it
refuses that now. ``unsafe``: what an expert would type, and the server will do something else than it does now.
``shown``: one of several ways, for people to choose; never applied."""


class Edit(NamedTuple):
    """Replace the characters of ``place`` by ``text``, in which lines end with LF: the file's own are put for it."""

    place: Place
    text: str


class Fix(NamedTuple):
    """Edits that belong together. ``applicability`` is one of SAFETIES; of a finding's the least safe of what its rule
    says and of what whoever found it says about this very one. ``within`` are the edits as they were before they came
    to the `surface`, where that is not the same."""

    applicability: str
    edits: tuple[Edit, ...]
    within: tuple[Edit, ...] = ()


def least_safe(first: str, second: str) -> str:
    return first if SAFETIES.index(first) > SAFETIES.index(second) else second


def surface(fix: Fix) -> Fix | None:
    """With the edits of files that people wrote in the place of those of excerpts; None where there is one among them
    that can't be written there."""
    if all(edit.place.surface == edit.place for edit in fix.edits):
        return fix
    edits: list[Edit] = []
    for edit in fix.edits:
        if edit.place.surface != edit.place:
            change = edit.place.source.rewritten(edit.place.start, edit.place.end, inserted(edit))
            if change is None or any(meets(Edit(*change), other) for other in edits):
                return None
            edits.append(Edit(*change))
        else:
            edits.append(edit)
    return Fix(fix.applicability, tuple(edits), fix.edits)


def written(place: Place, text: str, safety: str = SAFE) -> Fix:
    """``text`` in the place of what is there."""
    return Fix(safety, (Edit(place, text),))


def valued(place: Place, text: str, safety: str = SAFE) -> Fix:
    """``text`` for the value at ``place``, with a blank before it where nothing stands behind the ``=`` yet."""
    nothing_there = place.source.text[place.start - 1 : place.end] == "="
    return written(place, f" {text}" if nothing_there else text, safety)


def removed(place: Place, safety: str = SAFE) -> Fix:
    """Without the lines that ``place`` is on, whatever else stands on them."""
    return Fix(safety, (without_lines(place),))


def without_lines(place: Place) -> Edit:
    text = place.source.text
    start = text.rfind("\n", 0, place.start) + 1
    end = text.find("\n", max(place.start, place.end - 1)) + 1 or len(text)
    if end == len(text) and not text.endswith("\n"):  # the last line had no end: so has the one that is last now
        start = len(text[:start].rstrip("\r\n"))
    return Edit(Place(place.source, start, end), "")


def line_above(place: Place, line: str) -> Edit:
    """``line`` on a line of its own above that of ``place``, indented as that one is."""
    source = place.source
    start = source.text.rfind("\n", 0, place.start) + 1
    indent = source.text[start : place.start]
    return Edit(Place(source, start, start), f"{indent if indent.isspace() else ''}{line}\n")


def line_below(place: Place, line: str) -> Edit:
    """``line`` on a line of its own below the last one of ``place``."""
    source = place.source
    end = source.text.find("\n", max(place.start, place.end - 1)) + 1
    if end:
        return Edit(Place(source, end, end), f"{line}\n")
    return Edit(Place(source, len(source.text), len(source.text)), f"\n{line}")


def meets(one: Edit, other: Edit) -> bool:
    """Whether the two can't both be applied: they change the same characters, or insert at the same place."""
    first, second = one.place, other.place
    if first.path != second.path:
        return False
    return first.start == second.start or (first.start < second.end and second.start < first.end)


def applied(source: Source, edits: Iterable[Edit]) -> str:
    """The text after edits of which no two meet. Every character outside of them stays."""
    pieces: list[str] = []
    at = 0
    for edit in in_order(edits):
        pieces += source.text[at : edit.place.start], inserted(edit)
        at = edit.place.end
    return "".join((*pieces, source.text[at:]))


def in_order(edits: Iterable[Edit]) -> list[Edit]:
    return sorted(edits, key=lambda edit: (edit.place.start, edit.place.end))


def inserted(edit: Edit) -> str:
    """The edit's text as it comes to stand in the file: its lines end as the file's first line does."""
    text = edit.place.source.text
    first = text.find("\n")
    return edit.text.replace("\n", "\r\n") if first > 0 and text[first - 1] == "\r" else edit.text
