"""What the run covered, in a few lines: "clean" must say of what."""

from __future__ import annotations

from collections import Counter

from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.finding import SEVERITIES
from pgfpmlint.report.secrets import masked
from pgfpmlint.report.snippet import harmless

REASONS = 3
"""Most reasons named for rules that were not evaluated; the rest is for ``--verbose``."""

NOTES = 10
"""Most remarks on what was taken for granted; the rest is for ``--verbose``, too."""


def remarks(outcome: Outcome, *, verbose: bool) -> str:
    """What a reader must know to trust the findings: files that were asked for and not linted, what was assumed."""
    unlinted = [
        f"{skipped.path}: not linted: {skipped.why}{'' if skipped.kind else '; say it with --as KIND'}"
        for skipped in outcome.skipped
        if skipped.named
    ]
    notes = [_shown(note) for note in (*unlinted, *outcome.notes)]
    if len(notes) > NOTES and not verbose:
        notes[NOTES:] = [f"… and {len(notes) - NOTES} more like these; --verbose names them"]
    return "".join(f"{note}\n" for note in notes)


def summary(outcome: Outcome, *, verbose: bool) -> str:
    """``9 files, 2 hosts: 1 error, 2 warnings; 3 suppressed; 14 rules not evaluated (…)``."""
    files = _count(len({file.path for file in outcome.files}), "file")
    hosts = f", {_count(len(outcome.hosts), 'host')}" if outcome.hosts else ""
    parts = [_found(outcome)]
    if outcome.suppressed:
        parts.append(f"{len(outcome.suppressed)} suppressed")
    if outcome.known:
        parts.append(f"{outcome.known} known to the baseline")
    if outcome.elsewhere is not None:
        parts.append(f"{outcome.elsewhere} elsewhere, untouched by the change")
    unread = list(dict.fromkeys((gone.path, gone.why) for gone in outcome.unread))
    if unread:
        parts.append(f"{_count(len(unread), 'file')} unread")
    if outcome.skipped:
        parts.append(f"{len(outcome.skipped)} not linted")
    silent = len({entry.rule for entry in outcome.not_evaluated})
    if silent:
        parts.append(f"{_count(silent, 'rule')} not evaluated ({_reasons(outcome)})")
    lines = [f"{files}{hosts}: {'; '.join(parts)}"]
    if verbose:
        lines += [f"  read as {_shown(version)}" for version in outcome.versions]
        lines += [f"  unread: {harmless(path)}: {_shown(why)}" for path, why in unread]
        lines += [f"  not linted: {harmless(skipped.path)}: {_shown(skipped.why)}" for skipped in outcome.skipped]
        lines += [f"  not evaluated: {entry.rule}: {_shown(entry.why)}" for entry in outcome.not_evaluated]
    elif silent or unread or outcome.skipped:
        lines[0] += "; --verbose names them"
    return "".join(f"{line}\n" for line in lines)


def statistics(outcome: Outcome) -> str:
    """How often each rule spoke, the loudest first."""
    counts = Counter((finding.rule, finding.severity) for finding in outcome.findings)
    ranked = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return "".join(f"{count:6}  {severity:7}  {rule}\n" for (rule, severity), count in ranked)


def _found(outcome: Outcome) -> str:
    counts = [(outcome.count(severity), severity) for severity in SEVERITIES]
    return ", ".join(_count(count, severity) for count, severity in counts if count) or "no findings"


def _reasons(outcome: Outcome) -> str:
    counts = Counter(entry.why for entry in outcome.not_evaluated).most_common()
    named = [f"{_shown(why)}: {count}" for why, count in counts[:REASONS]]
    return ", ".join([*named, "…"] if len(counts) > REASONS else named)


def _shown(words: str) -> str:
    return harmless(masked(words))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
