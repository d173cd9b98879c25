"""The connection strings of [databases], [users] and [peers], with the place of each key and value.

The grammar is PgBouncer's own (``cstr_get_pair`` in
https://github.com/pgbouncer/pgbouncer/blob/master/src/loader.c), not libpq's: only a space separates, so a tab belongs
to a value; blanks around ``=`` are skipped, so ``host= port=1`` sets host to ``port=1``; a backslash means nothing.
"""

from __future__ import annotations

from pgfpmlint.record import NamedTuple
from pgfpmlint.syntax.document import Value


class Pair(NamedTuple):
    key: Value
    value: Value
    quoted: bool


class ConnectionString(NamedTuple):
    """``broken`` is the extent from the pair that PgBouncer can't read to the end; None where it reads everything."""

    pairs: tuple[Pair, ...]
    broken: tuple[int, int] | None


def parse(text: str, start: int) -> ConnectionString:
    """The pairs of ``text``, which stands at offset ``start`` of its source."""
    pairs: list[Pair] = []
    end = len(text)
    at = _skip(text, 0)
    while at < end:
        pair, after = _pair(text, at, start)
        if pair is None:
            return ConnectionString(tuple(pairs), (start + at, start + end))
        pairs.append(pair)
        at = _skip(text, after)
    return ConnectionString(tuple(pairs), None)


def _pair(text: str, at: int, start: int) -> tuple[Pair | None, int]:
    """The pair at ``at`` and where PgBouncer goes on behind it; None where it is no pair."""
    key_end = at
    while key_end < len(text) and text[key_end] not in "= ":
        key_end += 1
    separator = _skip(text, key_end)
    if text[separator : separator + 1] != "=" or key_end == at:
        return None, at
    key = Value(text[at:key_end], start + at, start + key_end)
    value_at = _skip(text, separator + 1)
    if text[value_at : value_at + 1] == "'":
        value, after = _quoted(text, value_at, start)
    else:
        space = text.find(" ", value_at)
        after = len(text) if space < 0 else space
        value = Value(text[value_at:after], start + value_at, start + after)
    if value is None or not value.text:
        return None, at
    # One character behind the value is dropped unseen, the closing quote's neighbour too: 'x'port=1 reads "ort=1".
    return Pair(key, value, text[value_at] == "'"), after + 1


def _quoted(text: str, at: int, start: int) -> tuple[Value | None, int]:
    """The value whose opening quote is at ``at``; two quotes inside are one."""
    offsets: list[int] = []
    here = at + 1
    while True:
        quote = text.find("'", here)
        if quote < 0:
            return None, at
        offsets.extend(range(start + here, start + quote))
        if text[quote + 1 : quote + 2] != "'":
            break
        offsets.append(start + quote + 1)
        here = quote + 2
    decoded = "".join(text[offset - start] for offset in offsets)
    return Value(decoded, start + at, start + quote + 1, tuple(offsets)), quote + 1


def _skip(text: str, at: int) -> int:
    while text[at : at + 1] == " ":
        at += 1
    return at
