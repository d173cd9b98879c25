"""Changed files as a unified diff, secrets masked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from pgfpmlint.report.secrets import MASK, secret_spans
from pgfpmlint.report.snippet import Screen, Secrets, harmless, hidden
from pgfpmlint.source.text import Source

NOTE = "# pgfpmlint: secrets are masked below; this diff is to be read, not applied\n"

TAB = "\t"

NO_END = "\\ No newline at end of file\n"


def diff(changes: Iterable[tuple[Source, str]]) -> tuple[str, bool]:
    """The diff from what was read to new texts; and whether some line of it is not as it stands in the file, because
    it holds a secret or what a terminal would obey."""
    screen, pieces, altered = Screen(), [], False
    for source, text in changes:
        before, after = _lines(source), _lines(Source(source.path, text))
        secrets = screen.copied(source)
        shown = list(_shown(source, before, after, secrets))
        is_altered = any(line != raw for line, raw in shown)
        pieces += [NOTE] * is_altered + [line for line, _ in shown]
        altered = altered or is_altered
    return "".join(pieces), altered


def _lines(source: Source) -> list[tuple[str, str]]:
    """Each line with its end: masked, and as it is."""
    signs = list(source.text)
    for start, end in secret_spans(source.text, whole_file=True):
        signs[start:end] = [MASK, *[""] * (end - start - 1)] if end > start else []
    bounds = [*source.line_starts, len(source.text)]
    return [("".join(signs[start:end]), source.text[start:end]) for start, end in pairwise(bounds) if end > start]


def _shown(
    source: Source, before: list[tuple[str, str]], after: list[tuple[str, str]], secrets: Secrets
) -> Iterator[tuple[str, str]]:
    """Lines of the diff as printed, and as they would be had they nothing to hide."""
    from difflib import unified_diff

    path = harmless(source.path)
    masked: dict[str, str] = {}
    for line, raw in (*before, *after):
        if line != raw or raw not in masked:
            masked[raw] = line
    olds, news = [raw for _, raw in before], [raw for _, raw in after]
    for line in unified_diff(olds, news, f"a/{path}", f"b/{path}"):
        if line[1:] not in masked:
            yield line, line  # the headings of files and hunks
            continue
        sign, raw = line[0], line[1:]
        body = raw.rstrip("\r\n")
        end = raw[len(body) :] or f"\n{NO_END}"
        printed = hidden(masked[raw].rstrip("\r\n"), secrets)
        yield f"{sign}{TAB.join(map(harmless, printed.split(TAB)))}{end}", f"{sign}{body}{end}"
