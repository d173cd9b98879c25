"""Comments that hush a finding: ``# pgfpmlint: ignore[family/slug, family/] reason``.

At the end of a line (where the format has comments there) such a comment covers its line; alone on a line it covers the
line below, past further comments; ``ignore-file[…]`` covers the file. What counts as a comment is what the format's
parser says: PgBouncer has none after a value (https://www.pgbouncer.org/config.html#generic-settings).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from pgfpmlint.engine.checking import finding
from pgfpmlint.finding.finding import Finding, Hit
from pgfpmlint.finding.problem import Problem
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.registry.definition import UNEXPLAINED
from pgfpmlint.registry.load import RuleBook, UnknownRule
from pgfpmlint.registry.select import Rule
from pgfpmlint.source.text import Place, Source
from pgfpmlint.syntax.document import Blank, Comment, Document, Node, Statement

if TYPE_CHECKING:
    from pgfpmlint.engine.world import World

MARK = "pgfpmlint:"
MALFORMED, UNKNOWN, UNUSED = "files/malformed-suppression", "files/unknown-rule", "files/unused-suppression"


class Waiver(NamedTuple):
    """One word between the brackets: the rules it names, where it stands, and the characters that it covers."""

    word: str
    rules: tuple[str, ...]
    place: Place
    start: int
    end: int

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
    selected: dict[str, list[Rule]] = {}
    for rule in rules:
        selected.setdefault(rule.definition.id, []).append(rule)
    waivers: dict[str, Waivers] = {}
    objections: list[Problem] = []
    for document in _documents(world):
        for statement in _statements(document, book):
            if isinstance(statement, Problem):
                objections.append(statement)
            else:
                waivers.setdefault(document.source.path, Waivers(document.source)).add(statement)
    if not waivers and not objections:
        return list(findings), []

    used: set[Waiver] = set()
    kept, hushed = _split([*findings, *_findings(selected, objections)], waivers, used)
    judged = selected.keys() - unjudged
    # A comment that hushes UNUSED itself is judged last, else it would always hush the finding about itself.
    for last in (False, True):
        idle = [
            Problem(UNUSED, waiver.place, "", refuses=False, values={"rule": waiver.word})
            for of_file in waivers.values()
            for waiver in of_file.listed
            if waiver not in used and (waiver.word == UNUSED) is last and _is_judged(waiver, book, judged)
        ]
        more, less = _split(_findings(selected, idle), {} if last else waivers, used)
        kept += more
        hushed += less
    return kept, hushed


def _documents(world: World) -> list[Document]:
    by_path = {
        document.source.path: document
        for reading in world.readings
        for document in reading.documents
        if MARK in document.source.text
    }
    return list(by_path.values())


def _findings(selected: dict[str, list[Rule]], problems: Sequence[Problem]) -> list[Finding]:
    return [
        finding(rule, Hit(problem.place, {"says": problem.says, **problem.values}))
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
        of_file = waivers.get(found.at.path)
        covering = of_file.covering(found) if of_file is not None else []
        used.update(covering)
        (hushed if covering else kept).append(found)
    return kept, hushed


def _is_judged(waiver: Waiver, book: RuleBook, judged: set[str]) -> bool:
    """Whether every rule that the word means has run, so that its silence shows the comment to be of no use.

    A family means its default rules here: that its pedantic ones did not run proves nothing."""
    rules = waiver.rules
    if len(rules) > 1:
        rules = tuple(rule for rule in rules if book.rules[rule].level == "default")
    return bool(rules) and judged.issuperset(rules)


def _statements(document: Document, book: RuleBook) -> Iterator[Waiver | Problem]:
    text = document.source.text
    nodes = document.nodes
    for index, node in enumerate(nodes):
        if isinstance(node, Statement):
            yield from _within(document, node, book)
        sign = node.sign if isinstance(node, Comment) else getattr(node, "comment", None)
        if sign is None:
            continue
        at = text.find(MARK, sign, node.end)
        # The mark counts right after a comment sign only: prose may mention it.
        if at >= 0 and text[sign:at].rstrip(" \t").endswith(("#", ";", "--", "/*", "//")):
            end = at + len(text[at : node.end].rstrip())
            yield from _read(document, at, end, _covered(text, nodes, index), book)


def _within(document: Document, node: Statement, book: RuleBook) -> Iterator[Waiver | Problem]:
    """Comments among the lines of one statement of SQL: each speaks of its own line, or else of the next."""
    text = document.source.text
    at = text.find(MARK, node.first, node.last)
    while at >= 0:
        start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at, node.last)
        end = end if end >= 0 else node.last
        before = text[start:at].rstrip(" \t")
        if before.endswith("--"):
            alone = not before[:-2].strip()
            covered = text.find("\n", end + 1) + 1 or len(text) if alone else end
            yield from _read(document, at, at + len(text[at:end].rstrip()), (start, covered), book)
        at = text.find(MARK, end)
        at = at if at < node.last else -1


def _covered(text: str, nodes: Sequence[Node], index: int) -> tuple[int, int]:
    """Extent of the lines that a comment speaks of: its own; and where it stands alone, further comments below it and
    the line below them, if no blank line comes between. Whole lines: some hold several nodes, some nodes several lines.
    """
    end = nodes[index].end
    if isinstance(nodes[index], Comment):
        for node in nodes[index + 1 :]:
            if not isinstance(node, Blank):
                end = node.end
            if not isinstance(node, Comment):
                break
    line_end = text.find("\n", end - 1)
    return text.rfind("\n", 0, nodes[index].start) + 1, line_end + 1 if line_end >= 0 else len(text)


def _read(
    document: Document, at: int, end: int, covered: tuple[int, int], book: RuleBook
) -> Iterator[Waiver | Problem]:
    source = document.source
    body = source.text[at + len(MARK) : end]
    verb, bracket, rest = body.partition("[")
    listed, closed, reason = rest.partition("]")
    says = _objection(verb.strip(), bracket, closed, listed)
    if says:
        yield Problem(MALFORMED, source.place(at, end), says, refuses=False)
        return
    if not any(map(str.isalnum, reason)):
        yield Problem(UNEXPLAINED, source.place(at, end), "no reason is given", refuses=False)
    if verb.strip() == "ignore-file":
        covered = 0, len(source.text)
    start = at + len(MARK) + len(verb) + 1
    for part in listed.split(","):
        word = part.strip()
        place = source.place(start + part.find(word), start + part.find(word) + len(word))
        start += len(part) + 1
        try:
            yield Waiver(word, book.named(word), place, *covered)
        except UnknownRule as unknown:
            near = unknown.nearest
            values = {"rule": word, "nearest": f"; did you mean {near}?" if near else ""}
            if near:
                values["suggestion"] = near
            yield Problem(UNKNOWN, place, str(unknown), refuses=False, values=values)


def _objection(verb: str, bracket: str, closed: str, listed: str) -> str:
    """What is wrong with a comment's form, or nothing."""
    word = verb.split()[0] if verb else "nothing"
    if word not in ("ignore", "ignore-file"):
        return f"{word} is neither ignore nor ignore-file"
    if not bracket or verb != word:
        return f"{word} is followed by no rule in brackets"
    if not closed:
        return "the bracket is not closed"
    if not all(part.strip() for part in listed.split(",")):
        return "a rule's name is missing between the brackets"
    return ""
