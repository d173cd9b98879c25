"""Which findings are mended in one go, and which have to wait for the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pgfpmlint.finding.finding import Finding
from pgfpmlint.finding.fix import Edit, applied, meets


def together(findings: Iterable[Finding]) -> list[Finding]:
    """Those whose edits don't meet those of one before them. The same edit twice is one."""
    taken: dict[str, list[Edit]] = {}
    chosen = []
    for found in findings:
        edits = found.fix.edits if found.fix else ()
        if edits and not any(_clashes(edit, taken.get(edit.place.path, ())) for edit in edits):
            chosen.append(found)
            for edit in edits:
                taken.setdefault(edit.place.path, []).append(edit)
    return chosen


def _clashes(edit: Edit, others: Sequence[Edit]) -> bool:
    return any(meets(edit, other) and not _same(edit, other) for other in others)


def _same(one: Edit, other: Edit) -> bool:
    return one.place[1:] == other.place[1:] and one.text == other.text


def texts(findings: Iterable[Finding], before: Mapping[str, str]) -> dict[str, str]:
    """The texts by path after the edits of findings that go together; ``before`` are those that edits of earlier goes
    have changed."""
    edits: dict[str, dict[tuple[int, int, str], Edit]] = {}
    for found in findings:
        for edit in found.fix.edits if found.fix else ():
            edits.setdefault(edit.place.path, {})[edit.place.start, edit.place.end, edit.text] = edit
    after = dict(before)
    for path, of_file in edits.items():
        every = list(of_file.values())
        after[path] = applied(every[0].place.source, every)
    return after
