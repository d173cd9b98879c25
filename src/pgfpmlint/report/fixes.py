"""A fix in a few words, below its finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pgfpmlint.finding.fix import SHOWN, Edit, Fix, applied, in_order, inserted
from pgfpmlint.record import NamedTuple
from pgfpmlint.report.snippet import Screen, hidden
from pgfpmlint.source.text import Place, Source

MOST_LINES = 4
"""Most lines that are shown of one fix; ``--diff`` shows all."""


class Hunk(NamedTuple):
    """Lines of one file from ``number`` on: the ``old`` ones go, the ``new`` ones come in their place."""

    path: str
    number: int
    old: tuple[str, ...]
    new: tuple[str, ...]


def hunks(fix: Fix, screen: Screen) -> Iterator[Hunk]:
    """What becomes of each stretch of lines, as it may be shown."""
    for path, edits in _by_path(fix).items():
        source = edits[0].place.source
        for piece in _pieces(source, edits):
            secrets = screen.copied(source, piece.first, piece.last)
            old, new = (
                [screen.words(screen.line(text.line_place(number + at)), secrets) for at in range(len(lines))]
                for text, number, lines in ((source, piece.number, piece.old), (piece.after, piece.line, piece.new))
            )
            same = 0
            while same < min(len(old), len(new)) and piece.old[same] == piece.new[same]:
                same += 1
            tail = 0
            while tail < min(len(old), len(new)) - same and piece.old[-1 - tail] == piece.new[-1 - tail]:
                tail += 1
            kept = (tuple(lines[same : len(lines) - tail]) for lines in (old, new))
            yield Hunk(path, piece.number + same, *kept)


def short(fix: Fix, at: Place, screen: Screen) -> list[str]:
    """``fix (safe): line 12 becomes: work_mem = 4MB``, a line for each line that changes; ``at`` is where the finding
    is, whose path need not be repeated."""
    word = "way" if fix.applicability == SHOWN else "fix"
    kind = "" if fix.applicability == SHOWN else f" ({fix.applicability})"
    lines = [
        f"{word}{kind}: {'' if path == at.path else f'{path} '}{words}"
        for path, edits in _by_path(fix).items()
        for words in _changes(edits[0].place.source, edits, screen)
    ]
    more = len(lines) - MOST_LINES
    return lines if more <= 1 else [*lines[:MOST_LINES], f"{word}{kind}: and {more} lines more"]


def gives_away(fix: Fix, screen: Screen) -> bool:
    """Whether the texts that the fix puts into files hold what is masked there."""
    return any(edit.text and _hides(edit.place.source, fix.edits, edit.text, screen) for edit in fix.edits)


def _hides(source: Source, edits: Iterable[Edit], text: str, screen: Screen) -> bool:
    of_file = [edit for edit in edits if edit.place.source is source]
    groups = list(_groups(source.text, in_order(of_file)))
    return any(hidden(text, screen.copied(source, first, last)) != text for first, last, _ in groups)


def _by_path(fix: Fix) -> dict[str, list[Edit]]:
    found: dict[str, list[Edit]] = {}
    for edit in fix.edits:
        found.setdefault(edit.place.path, []).append(edit)
    return found


def _changes(source: Source, edits: list[Edit], screen: Screen) -> Iterator[str]:
    """What becomes of the lines that edits touch, line by line."""
    for piece in _pieces(source, edits):
        number, old, new = piece.number, piece.old, piece.new
        if not new:
            yield f"remove line {number}" if len(old) == 1 else f"remove lines {number} to {number + len(old) - 1}"
            continue
        secrets = screen.copied(source, piece.first, piece.last)
        places = [piece.after.line_place(piece.line + at) for at in range(len(new))]
        shown = [screen.words(screen.line(place), secrets) for place in places]
        if old and new[-len(old) :] == old:
            yield from (f"above line {number}: {text}" for text in shown[: -len(old)])
        elif old and new[: len(old)] == old:
            yield from (f"below line {number + len(old) - 1}: {text}" for text in shown[len(old) :])
        else:
            yield from (f"line {number}: {text}" for text in shown)


class _Piece(NamedTuple):
    """Whole lines that edits touch: ``first:last`` of the text, from line ``number`` on; ``new`` are the lines of the
    text ``after`` in their place, from ``line`` on."""

    first: int
    last: int
    number: int
    old: list[str]
    after: Source
    line: int
    new: list[str]


def _pieces(source: Source, edits: list[Edit]) -> Iterator[_Piece]:
    after = Source(source.path, applied(source, edits))
    shift = 0
    for first, last, group in _groups(source.text, in_order(edits)):
        growth = sum(len(inserted(edit)) - (edit.place.end - edit.place.start) for edit in group)
        start, end = first + shift, last + shift + growth
        shift += growth
        old, new = _lines(source.text[first:last]), _lines(after.text[start:end])
        yield _Piece(first, last, source.position(first)[0], old, after, after.position(start)[0], new)


def _lines(text: str) -> list[str]:
    """As a source counts them: splitlines() would also end one at a form feed or at U+0085."""
    return text.removesuffix("\n").split("\n") if text else []


def _groups(text: str, edits: list[Edit]) -> Iterator[tuple[int, int, list[Edit]]]:
    """Stretches of whole lines with the edits in each."""
    group: list[Edit] = []
    first = last = 0
    for edit in edits:
        start, end = edit.place.start, edit.place.end
        if group and start >= last:
            yield first, last, group
            group = []
        if not group:
            first = text.rfind("\n", 0, start) + 1
        whole = end > start and text[end - 1] == "\n"
        last = end if whole else text.find("\n", end) + 1 or len(text)
        group.append(edit)
    if group:
        yield first, last, group
