"""What the page says first: what will break, and what "clean" would cover."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.record import NamedTuple
from pgfpmlint.report.html.budgets import Books
from pgfpmlint.report.html.findings import Card
from pgfpmlint.report.html.paths import Path
from pgfpmlint.report.snippet import Screen, harmless

MOST = 12
"""Faults that are named at the top; the rest stands below."""


class Fault(NamedTuple):
    """Something that will break; ``anchor`` is where the page tells more of it."""

    kind: str
    words: str
    anchor: str


class Tile(NamedTuple):
    """A number with its noun; ``style`` is ``error``, ``warning``, ``info`` or ``calm``."""

    number: int
    words: str
    style: str
    anchor: str


class Verdict(NamedTuple):
    """``state`` is ``bad``, ``fair`` or ``good``; ``more`` counts the faults that are not named."""

    state: str
    headline: str
    faults: tuple[Fault, ...]
    more: int
    tiles: tuple[Tile, ...]


class Coverage(NamedTuple):
    """What the verdict rests on. Each list is of pairs: what, and the word on it."""

    summary: str
    granted: tuple[str, ...]
    versions: tuple[str, ...]
    unread: tuple[tuple[str, str], ...]
    skipped: tuple[tuple[str, str], ...]
    not_evaluated: tuple[tuple[str, tuple[str, ...]], ...]
    files: tuple[tuple[str, str], ...]
    crashed: tuple[str, ...]


def verdict(outcome: Outcome, cards: Sequence[Card], books: Books, paths: Sequence[Path]) -> Verdict:
    """Errors, instances that run out of connections, and paths that are certainly rejected."""
    faults = [Fault("error", card.message + _on(card.hosts), card.anchor) for card in cards if card.severity == "error"]
    rejected = [path for path in paths if path.verdict == "rejected"]
    said = _said(cards)
    budgets = [one for one in books.failing if not any(name in words for name in one.names for words in said.sums)]
    faults += [Fault("budget", f"{_several(one.names)}: {one.words}", one.anchor) for one in budgets]
    others = [path for path in rejected if said.lines.isdisjoint(line for step in path.steps for line, _ in step.lines)]
    faults += [Fault("path", f"{path.way}: {path.why}{_on(path.hosts)}", path.anchor) for path in others]
    errors, warnings, infos = (outcome.count(severity) for severity in ("error", "warning", "info"))
    if faults or outcome.crashed:
        state, headline = "bad", "Something here will fail"
    elif warnings or outcome.unread:
        state, headline = "fair", "Nothing here is known to fail; look at the warnings"
    elif outcome.known:
        state, headline = (
            "fair",
            f"Nothing new: the baseline knows {outcome.known} {_noun(outcome.known, 'finding')}",
        )
    else:
        state, headline = "good", "Clean: nothing here is known to fail"
    failing, turned_away = sum(len(one.names) for one in books.failing), sum(path.number for path in rejected)
    every = sum(path.number for path in paths)
    tiles = (
        Tile(errors, _noun(errors, "error"), "error" if errors else "calm", "findings"),
        Tile(warnings, _noun(warnings, "warning"), "warning" if warnings else "calm", "findings"),
        Tile(infos, _noun(infos, "remark"), "info" if infos else "calm", "findings"),
        Tile(
            failing,
            f"of {books.instances} {_noun(books.instances, 'budget')} exceeded",
            "error" if failing else "calm",
            "budgets",
        ),
        Tile(
            turned_away,
            f"of {every} {_noun(every, 'path')} rejected",
            "error" if turned_away else "calm",
            "paths",
        ),
    )
    return Verdict(state, headline, tuple(faults[:MOST]), max(0, len(faults) - MOST), tiles)


class _Said(NamedTuple):
    """What errors tell already: the messages about sums, the lines of paths that lead nowhere."""

    sums: tuple[str, ...]
    lines: frozenset[str]


def _said(cards: Sequence[Card]) -> _Said:
    errors = [card for card in cards if card.severity == "error"]
    doors = [card.lines for card in errors if card.family in ("auth", "reach", "tls")]
    sums = tuple(card.message for card in errors if card.family == "capacity")
    return _Said(sums, frozenset(line for lines in doors for line in lines))


def coverage(outcome: Outcome, screen: Screen) -> Coverage:
    """What was read and judged, and what was not."""
    files = sorted({(harmless(file.path), file.kind) for file in outcome.files})
    unread = list(dict.fromkeys((harmless(gone.path), screen.words(gone.why)) for gone in outcome.unread))
    reasons: dict[str, dict[str, None]] = {}
    for entry in outcome.not_evaluated:
        reasons.setdefault(screen.words(entry.why), {})[entry.rule] = None
    silent = len({entry.rule for entry in outcome.not_evaluated})
    parts = [
        f"{len(files)} {_noun(len(files), 'file')} of {len(outcome.hosts)} {_noun(len(outcome.hosts), 'host')} read",
        f"{len(outcome.judged)} {_noun(len(outcome.judged), 'rule')} judged",
        f"{silent} could not judge" if silent else "",
        f"{len(unread)} {_noun(len(unread), 'file')} could not be read" if unread else "",
        f"{len(outcome.skipped)} not linted" if outcome.skipped else "",
        f"{len(outcome.suppressed)} findings suppressed by comments" if outcome.suppressed else "",
        f"{outcome.known} known to the baseline" if outcome.known else "",
    ]
    return Coverage(
        "; ".join(part for part in parts if part),
        tuple(screen.words(note) for note in outcome.notes),
        tuple(screen.words(version) for version in outcome.versions),
        tuple(unread),
        tuple((harmless(file.path), screen.words(file.why)) for file in outcome.skipped),
        tuple((why, tuple(rules)) for why, rules in sorted(reasons.items(), key=lambda one: (-len(one[1]), one[0]))),
        tuple((kind, str(count)) for kind, count in sorted(Counter(kind for _, kind in files).items())),
        tuple(f"{crash.rule}: {screen.words(crash.error)}" for crash in outcome.crashed),
    )


def _on(hosts: Sequence[str]) -> str:
    return f" (and on {len(hosts) - 1} more hosts alike)" if len(hosts) > 1 else ""


def _several(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _noun(count: int, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"
