"""What came of a run: what was found, what was hushed up, and what nobody looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from pgfpmlint.finding.finding import Finding
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from pgfpmlint.registry.definition import Definition


class NotEvaluated(NamedTuple):
    """A rule that had nothing to look at, or could not know; never to be mistaken for a rule that passed."""

    rule: str
    why: str


class Crash(NamedTuple):
    """A rule that broke. The others still ran; the run as a whole counts as failed. ``error`` says where, and quotes
    nothing of the files."""

    rule: str
    error: str


class Unread(NamedTuple):
    """A file that belongs to the run and was not read. ``place`` is the line that asks for it, if one does."""

    path: str
    why: str
    place: Place | None = None


class Skipped(NamedTuple):
    """A file that means something here and is not linted; ``kind`` is empty where nothing tells it. ``named``: the
    user asked for this very file."""

    path: str
    kind: str
    why: str
    named: bool = False


class ReadFile(NamedTuple):
    """A file that was read: as which kind, and why as that one; ``host`` is the host root that it lies in."""

    path: str
    kind: str
    why: str = ""
    host: str = ""


class Outcome(NamedTuple):
    """``findings`` and ``suppressed`` are sorted by path, place and rule; so are the other lists by their first field.

    ``hosts`` are the names of the host roots met; ``notes`` say what was taken for granted (versions, links).
    ``versions`` says which servers' versions the files were read for, and what told them. ``judged`` are the ids of the
    rules that could tell; ``known`` counts the findings that a baseline left out, and ``elsewhere`` those that a change
    doesn't touch, where only touched ones are asked for. ``rules`` is the whole rule book, by id."""

    findings: tuple[Finding, ...] = ()
    suppressed: tuple[Finding, ...] = ()
    not_evaluated: tuple[NotEvaluated, ...] = ()
    unread: tuple[Unread, ...] = ()
    crashed: tuple[Crash, ...] = ()
    files: tuple[ReadFile, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    hosts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    judged: frozenset[str] = frozenset()
    known: int = 0
    elsewhere: int | None = None
    rules: Mapping[str, Definition] = {}

    def count(self, severity: str) -> int:
        """How many findings have that severity."""
        return sum(finding.severity == severity for finding in self.findings)

    def touched(self, touches: Callable[[Iterable[Place]], bool]) -> Outcome:
        """With those findings only of whose places ``touches`` is true, and the number of the others."""
        findings, suppressed = (
            tuple(one for one in some if touches([one.at, *(label.place for label in one.related)]))
            for some in (self.findings, self.suppressed)
        )
        elsewhere = len(self.findings) - len(findings)
        return self._replace(findings=findings, suppressed=suppressed, elsewhere=elsewhere)


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """Sorted by where they are, each once: a file that two servers read is judged twice and reported once."""
    keyed = {(at.path, at.start, at.end, rule, words): found for found in findings for rule, words, at in [_of(found)]}
    return tuple(keyed[key] for key in sorted(keyed))


def _of(finding: Finding) -> tuple[str, str, Place]:
    return finding.rule, finding.message, finding.at
