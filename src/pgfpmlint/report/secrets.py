"""Passwords, hashes and keys, found in any text and kept out of every output.

Works on text alone, whatever its kind, because output quotes lines of files that were misread, misnamed or broken.
In doubt it masks too much: a line that shows too little costs a look into the file, a leaked password costs more.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.report.secret_keys import QUOTES, Span, after_keys, in_remarks
from pgfpmlint.report.secret_keys import is_secret_name as is_secret_name
from pgfpmlint.report.secret_shapes import in_addresses, in_calls, in_commands, in_queries, of_known_shape, of_users
from pgfpmlint.report.secret_sql import in_sql

MASK = "********"


def secret_spans(text: str, *, whole_file: bool = False, users: bool = True) -> list[Span]:
    """Where secrets stand in ``text``: start and end offsets, in order, apart from each other.

    Of a ``whole_file`` it is known where lines begin, so that more can be told than of words out of a message. Without
    ``users`` it is known to be no list of users, so that two words in quotes are just that."""
    in_statements = in_sql(text) if whole_file else ()
    return _merged([*_certain(text, whole_file, users), *in_remarks(text), *in_statements])


def masked(text: str) -> str:
    """``text`` with every secret replaced; how long a secret is can't be told from it."""
    return _without(text, secret_spans(text))


def secret_words(text: str, *, users: bool = True) -> set[str]:
    """The secrets themselves, as a message may quote them; ``text`` is a whole file.

    Without those that ``text`` also shows where no secret is expected: masking "postgres" everywhere because it is
    somebody's password would hide nothing, and make messages unreadable.
    """
    literals = [span for span in in_sql(text) if span[1] - span[0] >= LONG_ENOUGH]
    spans = _merged([*_certain(text, True, users), *literals])
    found = {form for start, end in spans for form in _forms(text[start:end])}
    if found:
        visible = _without(text, spans)
        found = {form for form in found if form not in visible and form not in OUR_OWN}
    return found


def _certain(text: str, whole_file: bool, users: bool) -> Iterator[Span]:
    yield from after_keys(text, whole_file=whole_file)
    yield from in_addresses(text)
    yield from of_known_shape(text)
    yield from in_commands(text)
    yield from in_calls(text)
    if users:
        yield from of_users(text, whole_file=whole_file)
    if whole_file:
        yield from in_queries(text)


def _merged(found: list[Span] | Iterator[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        elif start < end:
            merged.append((start, end))
    return merged


def _without(text: str, spans: list[Span]) -> str:
    parts: list[str] = []
    done = 0
    for start, end in spans:
        parts += text[done:start], MASK
        done = end
    return "".join([*parts, text[done:]]) if parts else text


OUR_OWN = frozenset(("password", "passwd", "secret", "user", "host", "md5", "trust"))
"""Passwords that messages hold anyway, whatever the file says: masking them would tell where they are used."""

LONG_ENOUGH = 6
"""Characters of a word that is taken for a secret of its own, where a secret holds blanks."""


def _forms(secret: str) -> Iterator[str]:
    """What a message may quote of a span that may be wider than the secret in it: without quotes, quotes undoubled,
    without what follows the closing quote or the first blank, one of a list, one line of a key."""
    stripped = secret.strip(QUOTES)
    head = secret[1:].partition(secret[0])[0] if secret[0] in QUOTES else secret
    for form in (secret, stripped, head, stripped.replace("''", "'").replace('""', '"'), *secret.splitlines()):
        if form.strip():
            yield form.strip()
    words = stripped.split()
    yield from (part.strip(QUOTES) for part in (*words[:1], *stripped.split(",")) if part.strip(QUOTES))
    yield from (word for word in (part.strip(QUOTES) for part in words[1:]) if len(word) >= LONG_ENOUGH)
