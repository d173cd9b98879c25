"""Findings as cards: what is wrong, every line that it follows from, the arithmetic, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pgfpmlint.finding.finding import SEVERITIES, Finding
from pgfpmlint.finding.fix import SHOWN, UNSAFE, Fix
from pgfpmlint.finding.problem import Label
from pgfpmlint.record import NamedTuple
from pgfpmlint.report.fixes import hunks
from pgfpmlint.report.html.alike import grouped, without_host
from pgfpmlint.report.snippet import Screen, Secrets, harmless
from pgfpmlint.source.text import Place

MOST_LINES = 12
"""Most lines that are shown of one fix; ``check --diff`` shows all."""

NO_HOST = "(no host)"
"""Where a file lies on no machine: .pgfpmlint.yaml."""


class Quote(NamedTuple):
    """One line of a file, what is under it, and what is said of it. ``at`` is empty where the line above is of the same
    file; ``text`` where the file has no such line."""

    at: str
    number: str
    text: str
    under: str
    words: str
    first: bool


class Step(NamedTuple):
    """One line of a fix: ``sign`` is ``-`` where it goes and ``+`` where it comes; ``at`` as in a `Quote`, and
    ``number`` is its own, empty for one that comes."""

    at: str
    number: str
    sign: str
    text: str


class Card(NamedTuple):
    """One finding, or the same one on several ``hosts``; ``places`` are then all of them. ``safety`` is that of the fix
    whose ``steps`` are shown, empty where there is none."""

    anchor: str
    rule: str
    severity: str
    message: str
    path: str
    hosts: tuple[str, ...]
    places: tuple[str, ...]
    quotes: tuple[Quote, ...]
    arithmetic: tuple[str, ...]
    help: str
    url: str
    safety: str = ""
    steps: tuple[Step, ...] = ()

    @property
    def by(self) -> str:
        """What applies the fix."""
        if self.safety == SHOWN:
            return "to be chosen and written by hand"
        named = f" --select {self.rule}" if self.family == "capacity" else ""
        return f"check --fix{' --unsafe-fixes' if self.safety == UNSAFE else ''}{named} writes it"

    @property
    def family(self) -> str:
        return self.rule.partition("/")[0]

    @property
    def lines(self) -> set[str]:
        """``path:line`` of everything that is quoted."""
        found: set[str] = set()
        path = ""
        for quote in self.quotes:
            path = quote.at.rsplit(":", 2)[0] if quote.at else path
            if quote.number:
                found.add(f"{path}:{quote.number}")
        return found

    @property
    def host(self) -> str:
        """What to group by."""
        return self.hosts[0] if len(self.hosts) == 1 else f"{len(self.hosts)} hosts alike"


def cards(findings: Sequence[Finding], hosts: Mapping[str, str], screen: Screen) -> list[Card]:
    """Worst first; ``hosts`` knows the host of each path."""
    made = [_card(finding, hosts.get(finding.at.path, ""), screen) for finding in findings]
    together = [_together(alike) for alike in grouped(made, _likeness)]
    together.sort(key=lambda card: SEVERITIES.index(card.severity))
    return [card._replace(anchor=f"finding-{number}") for number, card in enumerate(together, 1)]


def _card(finding: Finding, host: str, screen: Screen) -> Card:
    labels = [Label(finding.at, ""), *finding.related]
    secrets = screen.secrets(label.place.source for label in labels)
    line, column = finding.at.source.position(finding.at.start)
    path = harmless(finding.at.path)
    return Card(
        anchor="",
        rule=finding.rule,
        severity=finding.severity,
        message=screen.words(finding.message, secrets),
        path=path,
        hosts=(harmless(host) or NO_HOST,),
        places=(f"{path}:{line}:{column}",),
        quotes=tuple(_quotes(labels, secrets, screen)),
        arithmetic=tuple(screen.words(words, secrets) for words in finding.arithmetic),
        help=screen.words(finding.help, secrets),
        url=finding.url if finding.url.startswith("https://") else "",
        safety=finding.fix.applicability if finding.fix is not None else "",
        steps=tuple(_steps(finding.fix, screen)) if finding.fix is not None else (),
    )


def _steps(fix: Fix, screen: Screen) -> Iterator[Step]:
    """The fix as a small diff, at most MOST_LINES of it."""
    above = ""
    left = MOST_LINES
    for hunk in hunks(fix, screen):
        at = "" if hunk.path == above else f"{harmless(hunk.path)}:{hunk.number}"
        above = hunk.path
        for sign, lines in (("-", hunk.old), ("+", hunk.new)):
            for number, text in enumerate(lines, hunk.number):
                if not left:
                    yield Step("", "", "", "…")
                    return
                yield Step(at, str(number) if sign == "-" else "", sign, text)
                at, left = "", left - 1


def _quotes(labels: Sequence[Label], secrets: Secrets, screen: Screen) -> Iterator[Quote]:
    above: tuple[str, int, str] | None = None
    for label in labels:
        first = label is labels[0]
        words = screen.words(label.words, secrets)
        snippet = screen.snippet(label.place)
        path = harmless(label.place.path)
        at = "" if above is not None and above[0] == path else _address(label.place)
        if snippet is None:
            above = (path, 0, "")
            yield Quote(at, "", "", "", words, first)
            continue
        under = " " * snippet.caret + ("^" if first else "-") * snippet.length
        same = above == (path, snippet.number, snippet.text)
        above = (path, snippet.number, snippet.text)
        number, text = ("", "") if same else (str(snippet.number), snippet.text)
        yield Quote(at, number, text, under, words, first)


def _likeness(card: Card) -> tuple[object, ...]:
    """What a card has in common with the same finding on another machine."""
    (host,) = card.hosts
    quotes = [(without_host(quote.at, host), without_host(quote.words, host), *quote[1:4]) for quote in card.quotes]
    arithmetic = [without_host(words, host) for words in card.arithmetic]
    steps = [(without_host(step.at, host), without_host(step.text, host), *step[1:3]) for step in card.steps]
    place = without_host(card.places[0], host)
    message, help_ = without_host(card.message, host), without_host(card.help, host)
    return (card.rule, card.severity, message, help_, place, tuple(quotes), tuple(arithmetic), tuple(steps))


def _together(alike: Sequence[Card]) -> Card:
    places = tuple(place for card in alike for place in card.places)
    return alike[0]._replace(hosts=tuple(host for card in alike for host in card.hosts), places=places)


def _address(place: Place) -> str:
    line, column = place.source.position(place.start)
    return f"{harmless(place.path)}:{line}:{column}"
