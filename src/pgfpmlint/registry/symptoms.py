"""What people meet before they look for a cause, and which rules explain it: rules/symptoms.yaml, compiled.

For readers alone: ``pgfpmlint rules --symptom``, ``pgfpmlint rule`` and the documentation. No run loads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.record import NamedTuple
from pgfpmlint.registry.load import DATA, read

SPEAKERS = {
    "postgres": "PostgreSQL",
    "libpq": "PostgreSQL's client library",
    "pgbouncer": "PgBouncer",
    "php": "PHP",
    "fpm": "PHP-FPM",
    "nginx": "nginx",
    "openssl": "OpenSSL",
    "silence": "nobody",
}
"""Whose words a symptom may be."""

HOLE = "…"
"""Stands in a symptom's words for what differs from case to case."""


class Symptom(NamedTuple):
    """``says`` are the words of ``by``, none where nobody says any; ``code`` are SQLSTATEs or HTTP statuses, ``also``
    further words that people search for; ``rules`` are the ids of those that explain it, errors first."""

    slug: str
    title: str
    by: str
    means: str
    seen: str
    rules: Sequence[str]
    says: Sequence[str] = ()
    code: Sequence[str] = ()
    also: Sequence[str] = ()


def symptoms(data: str = DATA) -> list[Symptom]:
    """Every symptom, in the order of the file. RuleBookMissing where the build made none."""
    return [Symptom(**row) for row in read(f"{data}/symptoms.json")]


def meant(words: str, known: Sequence[Symptom]) -> list[Symptom]:
    """The symptoms that these words may mean: those whose message stands in a line of a log, given as a whole; else
    those that have every word in what they are called and look like, in any order; else in what is said of them."""
    line = _even(words)
    told = [symptom for symptom in known if any(_within(line, says) for says in symptom.says)]
    asked = line.split()
    if told or not asked:
        return told
    for text in (_names, _prose):
        found = [symptom for symptom in known if all(word in text(symptom) for word in asked)]
        if found:
            return found
    return []


def _within(line: str, says: str) -> bool:
    """Whether all that does not differ in the message stands in the line, one piece behind the other."""
    level, colon, rest = says.partition(": ")
    at = 0
    for piece in pieces(rest if colon and level.isupper() else says):
        at = line.find(_even(piece), at)
        if at < 0:
            return False
        at += len(piece)
    return True


def pieces(says: str) -> Iterator[str]:
    """What stands between the holes of a message."""
    return filter(None, (piece.strip() for piece in says.split(HOLE)))


def _names(symptom: Symptom) -> str:
    return _even(" ".join([symptom.title, symptom.slug, *symptom.says, *symptom.code, *symptom.also]))


def _prose(symptom: Symptom) -> str:
    return f"{_names(symptom)} {_even(f'{symptom.seen} {symptom.means}')}"


def _even(words: str) -> str:
    """Without what differs from log to log: case, and how many blanks there are."""
    return " ".join(words.lower().split())
