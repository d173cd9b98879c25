"""A finding in words fit to print: what every output but the drawn one is made from."""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.finding.finding import Finding, Fix
from pgfpmlint.finding.fix import inserted
from pgfpmlint.finding.problem import Label
from pgfpmlint.record import NamedTuple
from pgfpmlint.report.snippet import Screen, harmless
from pgfpmlint.source.text import Place


class Telling(NamedTuple):
    """No text in here holds a secret, or a sign that a terminal would obey; none ends a line.

    ``fix`` is None also where its text would give a secret away, or holds bytes that are no text."""

    message: str
    related: tuple[Label, ...]
    arithmetic: tuple[str, ...]
    help: str
    fix: Fix | None

    def lines(self) -> Iterator[str]:
        """The whole story, line by line: what is wrong, the places that it follows from, the sum, what to do."""
        yield self.message
        for label in self.related:
            yield f"{address(label.place)}{f': {label.words}' if label.words else ''}"
        yield from self.notes()

    def notes(self) -> Iterator[str]:
        yield from self.arithmetic
        if self.help:
            yield f"help: {self.help}"


def telling(finding: Finding, screen: Screen) -> Telling:
    secrets = screen.secrets([finding.at.source, *(label.place.source for label in finding.related)])
    return Telling(
        screen.words(finding.message, secrets),
        tuple(Label(label.place, screen.words(label.words, secrets)) for label in finding.related),
        tuple(screen.words(line, secrets) for line in finding.arithmetic),
        screen.words(finding.help, secrets),
        _fix(finding.fix, screen),
    )


def address(place: Place) -> str:
    """``path:line``, as people and editors read it."""
    return f"{harmless(place.path)}:{place.line}"


def _fix(fix: Fix | None, screen: Screen) -> Fix | None:
    """The fix as others may apply it."""
    if fix is None or any("\ud800" <= sign <= "\udfff" for edit in fix.edits for sign in edit.text):
        return None
    from pgfpmlint.report.fixes import gives_away

    if gives_away(fix, screen):
        return None
    return fix._replace(edits=tuple(edit._replace(text=inserted(edit)) for edit in fix.edits))
