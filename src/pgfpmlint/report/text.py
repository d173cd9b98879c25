"""Findings for people: what is wrong, where, every line that it follows from, the arithmetic, and what to do.

The form is rustc's (https://doc.rust-lang.org/rustc/): carets under the cause, dashes under what contributes.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.finding import Finding
from pgfpmlint.finding.problem import Label
from pgfpmlint.report import Look
from pgfpmlint.report.ink import Ink
from pgfpmlint.report.snippet import Screen, Snippet, harmless
from pgfpmlint.source.text import Place


def render(outcome: Outcome, look: Look) -> str:
    """One block for each finding, an empty line after it; nothing where nothing was found."""
    screen, ink = Screen(), Ink(look.color)
    return "".join(f"{line}\n" for finding in outcome.findings for line in _block(finding, screen, ink))


def _block(finding: Finding, screen: Screen, ink: Ink) -> Iterator[str]:
    labels = [Label(finding.at, ""), *finding.related]
    secrets = screen.secrets(label.place.source for label in labels)
    snippets = [screen.snippet(label.place) for label in labels]
    margin = " " * max(len(str(snippet.number)) if snippet else 1 for snippet in snippets)
    bar = f"{margin} {ink('frame', '|')}"

    head = ink(finding.severity, f"{finding.severity}[{finding.rule}]")
    yield f"{head}{ink('strong', ': ' + screen.words(finding.message, secrets))}"
    shown_path, above = None, None
    for label, snippet in zip(labels, snippets):
        is_first = label is labels[0]
        words = screen.words(label.words, secrets)
        if label.place.path != shown_path:
            yield f"{margin}{ink('frame', '-->' if is_first else ':::')} {_address(label.place)}"
            yield from [bar] if snippet else ()
            above = None
        shown_path = label.place.path
        if snippet is not None:
            style = finding.severity if is_first else "related"
            yield from _drawn(snippet, words, style, margin, ink)[snippet[:2] == above :]
            above = snippet[:2]
        elif words:
            yield f"{bar} {words}"
    notes = [*finding.arithmetic]
    if finding.help:
        notes.append(f"help: {finding.help}")
    if finding.fix is not None:
        from pgfpmlint.report.fixes import short

        notes += short(finding.fix, finding.at, screen)
    if finding.url:
        notes.append(f"see: {finding.url}")
    if notes:
        yield bar
    for note in notes:
        yield f"{margin} {ink('frame', '=')} {screen.words(note, secrets)}"
    yield ""


def _drawn(snippet: Snippet, words: str, style: str, margin: str, ink: Ink) -> list[str]:
    """The source line, and the line with what is said of it."""
    number = str(snippet.number).rjust(len(margin))
    under = ("-" if style == "related" else "^") * snippet.length
    return [
        f"{ink('frame', f'{number} |')} {snippet.text}",
        f"{margin} {ink('frame', '|')} {' ' * snippet.caret}{ink(style, f'{under} {words}'.rstrip())}",
    ]


def _address(place: Place) -> str:
    line, column = place.source.position(place.start)
    return f"{harmless(place.path)}:{line}:{column}"
