"""The parts of ``postgres://user:secret@host:5432/database`` as strands of it."""

from __future__ import annotations

from pgfpmlint.manifests.strand import Strand
from pgfpmlint.record import NamedTuple


class Url(NamedTuple):
    """What of it is there; the password is nobody's business."""

    host: Strand
    port: Strand | None = None
    user: Strand | None = None
    path: Strand | None = None


def parsed_url(strand: Strand) -> Url | None:
    """None for what is no URL, or one without a host."""
    text = strand.text
    start = text.find("://")
    if start < 0:
        return None
    start += 3
    slash = text.find("/", max(start, text.rfind("@")))
    until = slash if slash >= 0 else len(text)
    at = text.rfind("@", start, until)
    colon = text.find(":", at + 1 if at >= 0 else start, until)
    begin = at + 1 if at >= 0 else start
    end = colon if colon >= 0 else until
    if end <= begin:
        return None
    user = None
    if at >= 0:
        stop = text.find(":", start, at)
        user = strand.cut(start, stop if stop >= 0 else at)
    return Url(
        strand.cut(begin, end),
        strand.cut(colon + 1, until) if 0 <= colon < until - 1 else None,
        user if user is not None and user.text else None,
        strand.cut(slash + 1) if 0 <= slash < len(text) - 1 else None,
    )
