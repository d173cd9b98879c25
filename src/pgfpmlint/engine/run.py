"""The loop: every selected rule over every subject that it looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import starmap

from pgfpmlint.console import steps
from pgfpmlint.engine import MARK
from pgfpmlint.engine.checking import check_of, finding, surfaced
from pgfpmlint.engine.outcome import Crash, NotEvaluated, Outcome, ReadFile, Unread, in_order
from pgfpmlint.finding.finding import Finding, Hit, Silent
from pgfpmlint.finding.problem import Label, Problem
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.registry.definition import ACROSS, FAMILIES, READING, SUBJECTS
from pgfpmlint.registry.load import RuleBook
from pgfpmlint.registry.select import Rule
from pgfpmlint.source.text import Source

if TYPE_CHECKING:
    from pgfpmlint.engine.world import World

Unreadables = Sequence[tuple[str, str]]

FORBIDDEN = "Permission denied"

OF_ONE = frozenset(FAMILIES) - frozenset(ACROSS)
"""Families that look at one file or one server: of what no one wrote there they have nothing to say."""


def run(
    book: RuleBook,
    rules: Sequence[Rule],
    world: World,
    unreadable: Unreadables = (),
    closed: Unreadables = (),
    forbidden_by: str = "",
) -> Outcome:
    """Apply ``rules`` to ``world``. ``unreadable`` are paths (with reasons) that the tree holds and nobody can read,
    ``closed`` are folders that may hold anything. ``forbidden_by`` says who forbids suppressions, if anybody does.

    A rule that breaks is recorded and the rest still runs.
    """
    findings: list[Finding] = []
    selected = {rule.definition.id for rule in rules}
    silent = [NotEvaluated(id_, why) for id_, why in world.not_evaluated if id_ in selected]
    problems = _by_rule([*world.problems, *_unreadable(unreadable, world), *_closed(closed, world)])
    crashed = [Crash(id_, "a reading reports it, the rule book lacks it") for id_ in problems if id_ not in book.rules]
    for rule in steps(rules, lambda number: f"judging: {number} of {len(rules)} rules"):
        id_ = rule.definition.id
        if rule.definition.when and id_ not in problems and not world.may_mention(rule.definition.when):
            continue
        lacking = [kind for kind in (rule.definition.subject, *rule.definition.needs) if not world.has(kind)]
        if lacking and id_ not in problems:
            silent.append(NotEvaluated(id_, f"no {SUBJECTS[lacking[0]]} here"))
            continue
        try:
            for hit in _hits(rule, world, problems.get(id_, ())):
                if isinstance(hit, Hit):
                    if rule.covers(hit.at) and not (hit.at.is_given and rule.definition.family in OF_ONE):
                        findings.append(finding(rule, hit))
                else:
                    silent.append(NotEvaluated(id_, hit.why))
        except Exception as error:
            crashed.append(_crash(id_, error))
    unjudged = {entry.rule for entry in silent} | {crash.rule for crash in crashed}
    kept, hushed = findings, list[Finding]()
    if any(MARK in document.source.text for reading in world.readings for document in reading.documents):
        from pgfpmlint.engine import suppress

        if forbidden_by:
            kept = [*findings, *suppress.forbidden(rules, world, forbidden_by)]
            unjudged |= suppress.OF_USE
        else:
            kept, hushed = suppress.hush(book, rules, world, findings, unjudged)
    gone = [Unread(missing.path, missing.why, missing.place) for missing in world.unread]
    return Outcome(
        findings=in_order(_shown(kept)),
        suppressed=in_order(_shown(hushed)),
        not_evaluated=tuple(sorted(set(silent))),
        unread=tuple(sorted({*gone, *starmap(Unread, (*unreadable, *closed))}, key=lambda one: (one.path, one.why))),
        crashed=tuple(sorted(crashed)),
        files=_files(world),
        judged=frozenset(selected - unjudged),
    )


def _shown(findings: Iterable[Finding]) -> list[Finding]:
    """Where people wrote what they are about. What is found alike in files of several hosts that one template makes is
    one finding."""
    found: dict[object, Finding] = {}
    for one in map(surfaced, findings):
        found.setdefault((one.rule, one.message, one.at, one.related), one)
    return list(found.values())


def _hits(rule: Rule, world: World, problems: Sequence[Problem]) -> Iterable[Hit | Silent]:
    definition = rule.definition
    for problem in problems:
        doubt = problem.doubt or ("" if definition.family == "files" else _unfilled(problem))
        if doubt:
            yield Silent(doubt)
            continue
        yield Hit(problem.place, {"says": problem.says, **problem.values}, problem.related, fix=problem.fix)
    if definition.check != READING:
        subjects = world.subjects(definition.subject)
        if subjects:
            check = check_of(definition)
            for subject in subjects:
                yield from check(subject, world, rule.params)


def _unfilled(problem: Problem) -> str:
    from pgfpmlint.engine.unfilled import is_unfilled

    return f"{problem.place.path}:{problem.place.line} is still to be filled in" if is_unfilled(problem.place) else ""


def _by_rule(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    grouped: dict[str, list[Problem]] = {}
    for problem in problems:
        grouped.setdefault(problem.rule, []).append(problem)
    return grouped


def _unreadable(met: Unreadables, world: World) -> Iterator[Problem]:
    """What was met and can't be read, and what other files name and can't be read."""
    named = {missing.path: missing for missing in world.unread if missing.there}
    for path, why in {**{path: missing.why for path, missing in named.items()}, **dict(met)}.items():
        place = named[path].place if path in named else None
        related = (Label(place, "names it"),) if place is not None else ()
        values = {"why": why if why[:1].isupper() else f"it {why}", "way": ""}
        if why == FORBIDDEN:
            values["way"] = "run pgfpmlint as a user that may read it, or "
        yield Problem(
            "files/unreadable", Source(path, "").place(0, 0), why, refuses=False, values=values, related=related
        )


def _closed(met: Unreadables, world: World) -> Iterator[Problem]:
    named = {missing.path for missing in world.unread if missing.there}
    for path, why in met:
        if path not in named:
            yield Problem("files/unreadable-folder", Source(path, "").place(0, 0), why, refuses=False)


def _files(world: World) -> tuple[ReadFile, ...]:
    read = {(document.source.path, document.kind) for reading in world.readings for document in reading.documents}
    return tuple(ReadFile(path, kind) for path, kind in sorted(read))


def _crash(rule: str, error: Exception) -> Crash:
    from pgfpmlint.breakage import breakage, wants_traceback

    if wants_traceback():
        raise error
    return Crash(rule, breakage(error))
