"""What comments to pgfpmlint hush, and what is wrong with such comments: with `engine.directives`, where each stands
and which lines it is about. Where suppressions are forbidden they hush nothing, and each is a finding instead."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from pgfpmlint.engine import MARK
from pgfpmlint.engine.checking import finding
from pgfpmlint.engine.directives import Directive, directives
from pgfpmlint.finding.finding import Finding, Hit
from pgfpmlint.finding.fix import SAFE, Edit, Fix, removed, written
from pgfpmlint.finding.problem import Problem
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.registry.definition import FORBIDDEN, UNEXPLAINED
from pgfpmlint.registry.load import RuleBook, UnknownRule
from pgfpmlint.registry.select import Rule
from pgfpmlint.source.text import Place, Source

if TYPE_CHECKING:
    from pgfpmlint.engine.world import World

MALFORMED, UNKNOWN, UNUSED = "files/malformed-suppression", "files/unknown-rule", "files/unused-suppression"
OF_USE = frozenset((UNEXPLAINED, UNKNOWN, UNUSED))
"""Rules about comments that may suppress something: where none may, they judge nothing."""


class Waiver(NamedTuple):
    """One word between the brackets: the rules it names, where it stands, and the characters that it covers.
    ``reason`` is what the comment says behind them."""

    word: str
    rules: tuple[str, ...]
    place: Place
    start: int
    end: int
    reason: str

    def covers(self, found: Finding) -> bool:
        """Whether it hushes the finding: same file (the caller's business), its rule, its first line."""
        at = found.at.start
        return found.rule in self.rules and (self.start <= at < self.end or at == self.end == len(found.at.source.text))


class Waivers:
    """Those of one file, in the order of reading. Which ones cover a place is found without trying them all."""

    def __init__(self, source: Source) -> None:
        self.listed: list[Waiver] = []
        self._size = len(source.text)
        self._everywhere: list[Waiver] = []
        self._local: list[Waiver] = []
        self._starts: list[int] = []
        self._furthest: list[int] = []
        """How far the local ones up to each reach."""

    def add(self, waiver: Waiver) -> None:
        self.listed.append(waiver)
        if waiver.end - waiver.start == self._size:
            self._everywhere.append(waiver)
            return
        self._local.append(waiver)
        self._starts.append(waiver.start)
        self._furthest.append(max([waiver.end, *self._furthest[-1:]]))

    def covering(self, found: Finding) -> list[Waiver]:
        """All that hush the finding."""
        after = bisect_right(self._starts, found.at.start)
        first = bisect_left(self._furthest, found.at.start, 0, after)
        return [waiver for waiver in (*self._everywhere, *self._local[first:after]) if waiver.covers(found)]


def hush(
    book: RuleBook, rules: Sequence[Rule], world: World, findings: Sequence[Finding], unjudged: set[str]
) -> tuple[list[Finding], list[Finding]]:
    """Findings to report (with those about the comments themselves), and findings that comments suppress.

    ``unjudged`` are rules that were selected and could not be evaluated: nobody knows whether a comment about them is
    of use."""
    selected = _by_id(rules)
    waivers: dict[str, Waivers] = {}
    objections: list[Problem] = []
    for directive in directives(world):
        for meant in _read(directive, book):
            if isinstance(meant, Problem):
                objections.append(meant)
            else:
                waivers.setdefault(directive.source.identity, Waivers(directive.source)).add(meant)
    if not waivers and not objections:
        return list(findings), []

    used: set[Waiver] = set()
    kept, hushed = _split([*findings, *_findings(selected, objections)], waivers, used)
    judged = selected.keys() - unjudged
    # A comment that hushes UNUSED itself is judged last, else it would always hush the finding about itself.
    for last in (False, True):
        idle = [
            Problem(UNUSED, waiver.place, "", refuses=False, values={"rule": waiver.word}, fix=_without(waiver))
            for of_file in waivers.values()
            for waiver in of_file.listed
            if waiver not in used and (waiver.word == UNUSED) is last and _is_judged(waiver, book, judged)
        ]
        more, less = _split(_findings(selected, idle), {} if last else waivers, used)
        kept += more
        hushed += less
    return kept, hushed


def forbidden(rules: Sequence[Rule], world: World, by: str) -> list[Finding]:
    """A finding for every comment that would suppress something, if it might; ``by`` says who forbids it."""
    selected = _by_id(rules)
    objections: list[Problem] = []
    for directive in directives(world):
        says = directive.objection
        values = {"comment": directive.named, "by": by}
        rule_id = MALFORMED if says else FORBIDDEN
        objections.append(Problem(rule_id, directive.place, says, refuses=False, values=values))
    return _findings(selected, objections)


def _by_id(rules: Sequence[Rule]) -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        found.setdefault(rule.definition.id, []).append(rule)
    return found


def _findings(selected: dict[str, list[Rule]], problems: Sequence[Problem]) -> list[Finding]:
    return [
        finding(rule, Hit(problem.place, {"says": problem.says, **problem.values}, fix=problem.fix))
        for problem in problems
        for rule in selected.get(problem.rule, ())
        if rule.covers(problem.place)
    ]


def _split(
    findings: Sequence[Finding], waivers: dict[str, Waivers], used: set[Waiver]
) -> tuple[list[Finding], list[Finding]]:
    kept: list[Finding] = []
    hushed: list[Finding] = []
    for found in findings:
        covering = _covering(found, waivers)
        used.update(covering)
        if covering:
            hushed.append(found._replace(hushed_by=covering[0].reason))
        else:
            kept.append(found)
    return kept, hushed


def _covering(found: Finding, waivers: dict[str, Waivers]) -> list[Waiver]:
    """Those of its file, and of the file that this is written in."""
    of_file = waivers.get(found.at.source.identity)
    covering = of_file.covering(found) if of_file is not None else []
    written = found.at.surface
    around = waivers.get(written.source.identity) if written.source is not found.at.source else None
    return covering if around is None else [*covering, *around.covering(found._replace(at=written))]


def _is_judged(waiver: Waiver, book: RuleBook, judged: set[str]) -> bool:
    """Whether every rule that the word means has run, so that its silence shows the comment to be of no use.

    A family means its default rules here: that its pedantic ones did not run proves nothing."""
    rules = waiver.rules
    if len(rules) > 1:
        rules = tuple(rule for rule in rules if book.rules[rule].level == "default")
    return bool(rules) and judged.issuperset(rules)


def _bracketed(directive: Directive, book: RuleBook) -> Fix | None:
    """``ignore family/slug why`` with the bracket that was forgotten."""
    verb, _, rest = directive.body.strip().partition(" ")
    rule = rest.split(" ")[0].rstrip(":,;")
    if verb not in ("ignore", "ignore-file") or rule not in book.rules:
        return None
    source, start = directive.source, directive.source.text.index(rule, directive.start)
    blank = source.text[start - 1 : start] == " "
    return written(source.place(start - blank, start + len(rule)), f"[{rule}]")


def _read(directive: Directive, book: RuleBook) -> Iterator[Waiver | Problem]:
    says = directive.objection
    if says:
        yield Problem(MALFORMED, directive.place, says, refuses=False, fix=_bracketed(directive, book))
        return
    source, covered = directive.source, directive.covered
    verb, _, rest = directive.body.partition("[")
    listed, _, reason = rest.partition("]")
    if not any(map(str.isalnum, reason)):
        values = {"comment": directive.named}
        yield Problem(UNEXPLAINED, directive.place, "no reason is given", refuses=False, values=values)
    if verb.strip() == "ignore-file":
        covered = 0, len(source.text)
    start = directive.start + len(MARK) + len(verb) + 1
    for part in listed.split(","):
        word = part.strip()
        place = source.place(start + part.find(word), start + part.find(word) + len(word))
        start += len(part) + 1
        try:
            yield Waiver(word, book.named(word), place, *covered, reason.strip())
        except UnknownRule as unknown:
            near = unknown.nearest
            values = {"rule": word, "nearest": f"; did you mean {near}?" if near else ""}
            values["suggestion"] = near or "an id that `pgfpmlint rules` lists"
            fix = written(place, near) if near else None
            yield Problem(UNKNOWN, place, str(unknown), refuses=False, values=values, fix=fix)


def _without(waiver: Waiver) -> Fix | None:
    """The comment without the word, or the file without a comment that has none left."""
    place, text = waiver.place, waiver.place.source.text
    start, end = text.rfind("[", 0, place.start) + 1, text.find("]", place.end)
    words = text[start:end]
    if "," in words:
        after = text.find(",", place.end, end)
        stretch = (place.start, after + 1) if after >= 0 else (text.rfind(",", start, place.start), place.end)
        blanks = len(text[stretch[1] : end]) - len(text[stretch[1] : end].lstrip(" ")) if after >= 0 else 0
        return Fix(SAFE, (Edit(Place(place.source, stretch[0], stretch[1] + blanks), ""),))
    mark = text.rfind(MARK, 0, start)
    line = text.rfind("\n", 0, mark) + 1
    sign = text[line:mark].rstrip(" \t")
    before = sign.rstrip(sign[-1:])
    if sign.endswith("*"):
        return None  # what else the comment holds is hard to tell
    if not before.strip():
        return removed(place)
    finish = text.find("\n", mark)
    finish = finish if finish >= 0 else len(text)
    finish -= text[mark:finish].endswith("\r")
    return Fix(SAFE, (Edit(Place(place.source, line + len(before.rstrip()), finish), ""),))
