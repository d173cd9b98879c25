"""A fix in a few words, below its finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pgfpmlint.finding.fix import SHOWN, Edit, Fix, applied, in_order, inserted
from pgfpmlint.report.snippet import Screen, hidden
from pgfpmlint.source.text import Place, Source

MOST_LINES = 4
"""Most lines that are shown of one fix; ``--diff`` shows all."""


def short(fix: Fix, at: Place, screen: Screen) -> list[str]:
    """``fix (safe): line 12 becomes: work_mem = 4MB``, a line for each line that changes; ``at`` is where the finding
    is, whose path need not be repeated."""
    word = "way" if fix.applicability == SHOWN else "fix"
    kind = "" if fix.applicability == SHOWN else f" ({fix.applicability})"
    by_path: dict[str, list[Edit]] = {}
    for edit in fix.edits:
        by_path.setdefault(edit.place.path, []).append(edit)
    lines = [
        f"{word}{kind}: {'' if path == at.path else f'{path} '}{words}"
        for path, edits in by_path.items()
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


def _changes(source: Source, edits: list[Edit], screen: Screen) -> Iterator[str]:
    """What becomes of the lines that edits touch, line by line."""
    after = Source(source.path, applied(source, edits))
    shift = 0
    for first, last, group in _groups(source.text, in_order(edits)):
        growth = sum(len(inserted(edit)) - (edit.place.end - edit.place.start) for edit in group)
        start, end = first + shift, last + shift + growth
        shift += growth
        number = source.position(first)[0]
        old, new = _lines(source.text[first:last]), _lines(after.text[start:end])
        if not new:
            yield f"remove line {number}" if len(old) == 1 else f"remove lines {number} to {number + len(old) - 1}"
            continue
        line, secrets = after.position(start)[0], screen.copied(source, first, last)
        shown = [screen.words(screen.line(after.line_place(line + at)), secrets) for at in range(len(new))]
        if old and new[-len(old) :] == old:
            yield from (f"above line {number}: {text}" for text in shown[: -len(old)])
        elif old and new[: len(old)] == old:
            yield from (f"below line {number + len(old) - 1}: {text}" for text in shown[len(old) :])
        else:
            yield from (f"line {number}: {text}" for text in shown)


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
