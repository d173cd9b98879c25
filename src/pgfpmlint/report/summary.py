"""What the run covered, in a few lines: "clean" must say of what."""

from __future__ import annotations

from collections import Counter

from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.finding import SEVERITIES
from pgfpmlint.report.secrets import masked
from pgfpmlint.report.snippet import harmless

REASONS = 3
"""Most reasons named for rules that were not evaluated; the rest is for ``--verbose``."""


def summary(outcome: Outcome, *, verbose: bool) -> str:
    """``9 files, 2 hosts: 1 error, 2 warnings; 3 suppressed; 14 rules not evaluated (…)``."""
    files = _count(len({file.path for file in outcome.files}), "file")
    hosts = f", {_count(len(outcome.hosts), 'host')}" if outcome.hosts else ""
    parts = [_found(outcome)]
    if outcome.suppressed:
        parts.append(f"{len(outcome.suppressed)} suppressed")
    if outcome.unread:
        parts.append(f"{_count(len(outcome.unread), 'file')} unread")
    silent = len({entry.rule for entry in outcome.not_evaluated})
    if silent:
        parts.append(f"{_count(silent, 'rule')} not evaluated ({_reasons(outcome)})")
    lines = [f"{files}{hosts}: {'; '.join(parts)}"]
    if verbose:
        lines += [f"  unread: {harmless(gone.path)}: {harmless(masked(gone.why))}" for gone in outcome.unread]
        lines += [f"  not evaluated: {entry.rule}: {harmless(masked(entry.why))}" for entry in outcome.not_evaluated]
    elif silent or outcome.unread:
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
    named = [f"{harmless(masked(why))}: {count}" for why, count in counts[:REASONS]]
    return ", ".join([*named, "…"] if len(counts) > REASONS else named)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
