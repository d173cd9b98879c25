"""Goes of fixing, until nothing that is wanted is left: a fix may clear the way for another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pgfpmlint.config import Config
from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.finding import Finding
from pgfpmlint.finding.fix import UNSAFE
from pgfpmlint.fix.plan import texts, together
from pgfpmlint.fix.verify import CAPACITY, Judge, View
from pgfpmlint.options import Options
from pgfpmlint.record import NamedTuple
from pgfpmlint.registry.load import RuleBook
from pgfpmlint.source.text import Source
from pgfpmlint.source.tree import Tree

MOST_GOES = 50
"""No tree needs as many: each go must leave fewer faults than there were."""


class Wanted(NamedTuple):
    """Which fixes are to be applied: of which safeties, of the ``named`` rules' numbers, and where one file or rule
    alone is asked for, of that one. ``known`` leaves out of an outcome what a baseline knows."""

    safeties: frozenset[str]
    named: frozenset[str] = frozenset()
    only: str | None = None
    rule: str | None = None
    known: Callable[[Outcome], Outcome] | None = None

    def takes(self, found: Finding) -> bool:
        fix = found.fix
        if fix is None or not fix.edits or fix.applicability not in self.safeties or self.lacks_name(found):
            return False
        if self.rule is not None and found.rule != self.rule:
            return False
        return self.only is None or all(edit.place.path == self.only for edit in fix.edits)

    def lacks_name(self, found: Finding) -> bool:
        """Its fixes are applied only where ``--select`` names them."""
        return found.rule.startswith(CAPACITY) and found.rule not in self.named


class Change(NamedTuple):
    """One file: as it was read, and its new text."""

    source: Source
    text: str


class Declined(NamedTuple):
    """A finding whose fix was tried and would have done harm, or no good."""

    finding: Finding
    why: str


class Mended(NamedTuple):
    """``outcome`` is what remains. ``fixed`` counts findings; ``changes`` are by shown path; ``more`` is how many
    findings ``--unsafe-fixes`` would mend besides, ``numbers`` how many only if they are named."""

    outcome: Outcome
    fixed: int
    changes: Mapping[str, Change]
    declined: tuple[Declined, ...]
    more: int
    numbers: int


def mend(tree: Tree, config: Config, options: Options, wanted: Wanted, book: RuleBook | None = None) -> Mended:
    """What the tree becomes, and what then remains of its findings. Writes nothing."""
    judge = Judge(tree, config, options, book)
    view = judge.look({})
    now: dict[str, str] = {}
    originals: dict[str, Source] = {}
    declined: dict[tuple[str, ...], Declined] = {}
    fixed = 0
    for _ in range(MOST_GOES):
        remaining = _without_known(view.outcome, wanted)
        chosen = together(
            found for found in remaining.findings if wanted.takes(found) and _traits(found) not in declined
        )
        go = _Go(judge, view, now)
        accepted = go.accepted(chosen)
        for found, why in go.declined:
            declined[_traits(found)] = Declined(found, why)
        if not accepted and not go.declined:
            break
        for found in accepted:
            for edit in found.fix.edits if found.fix else ():
                originals.setdefault(edit.place.path, edit.place.source)
        fixed += len(accepted)
        if accepted:
            now = texts(accepted, now)
            view = judge.look(now)
    outcome = _without_known(view.outcome, wanted)
    changes = {path: Change(originals[path], text) for path, text in sorted(now.items())}
    unsafe = [found for found in outcome.findings if found.fix and found.fix.applicability == UNSAFE]
    unsafe = [found for found in unsafe if _traits(found) not in declined]
    numbers = sum(map(wanted.lacks_name, unsafe))
    return Mended(outcome, fixed, changes, tuple(declined.values()), len(unsafe) - numbers, numbers)


class _Go:
    """One go: of the findings whose edits go together, as many as do good together."""

    def __init__(self, judge: Judge, view: View, now: Mapping[str, str]) -> None:
        self._judge = judge
        self._view = view
        self._now = now
        self.declined: list[tuple[Finding, str]] = []

    def accepted(self, findings: Sequence[Finding]) -> Sequence[Finding]:
        why = self._objection(findings) if findings else ""
        if not why:
            return findings
        if len(findings) == 1:
            self.declined.append((findings[0], why))
            return ()
        half = len(findings) // 2
        first, second = self.accepted(findings[:half]), self.accepted(findings[half:])
        both = [*first, *second]
        # What does harm together only: the second half has its turn in the next go.
        return both if not (first and second) or not self._objection(both) else first

    def _objection(self, findings: Sequence[Finding]) -> str:
        return self._judge.objection(self._view, texts(findings, self._now), findings)


def _without_known(outcome: Outcome, wanted: Wanted) -> Outcome:
    return wanted.known(outcome) if wanted.known is not None else outcome


def _traits(found: Finding) -> tuple[str, ...]:
    """What tells a finding from others, wherever its line has moved to."""
    words = "".join("0" if sign.isdigit() else sign for sign in found.message)
    return found.rule, found.at.path, words, found.at.text
