"""Passwords, hashes and keys, found in any text and kept out of every output.

Works on text alone, whatever its kind, because output quotes lines of files that were misread, misnamed or broken.
In doubt it masks too much: a line that shows too little costs a look into the file, a leaked password costs more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MASK = "********"

SECRET_WORDS = ("pass", "pwd", "secret", "token", "apikey", "api_key", "private_key", "access_key", "app_key", "_pw")
HARMLESS_ENDINGS = (
    "_encryption", "_warnings", "_threshold", "_reload", "file", "_path", "_dir", "_timeout", "_lifetime", "_length",
    "_required", "_method", "_type",
)  # fmt: skip
"""``password_encryption = md5`` and ``PGPASSFILE=/path`` name no secret, and readers need them."""

SQL_WORDS = ("password", "passwd", "passphrase", "passphrase_command")
"""Words that a quoted secret may follow without a sign between them."""

KEY_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")
LONGEST_KEY = 120
QUOTES = "'\""

# Text, not compiled: each is compiled (and kept by re) when a text shows a reason to look for it.
# A value, in this order: in doubled quotes or in escaped ones (both inside a quoted string), in quotes, in quotes never
# closed, bare (a backslash at the line's end continues it, as in pg_hba.conf).
VALUE = r"""''[^'\n]+''|\\'.*?\\'|\\".*?\\"|'(?:[^'\\\n]|\\.|'')*'|"(?:[^"\\\n]|\\.|"")*"|["'][^\n]*|(?:\\\r?\n|\S)+"""
SQL_VALUE = r"""(?s)[ \t]+(?:E?('(?:[^'\\\n]|\\.|'')*'?)|("[^"\n]*"?)|\$(\w*)\$(.{0,2000}?)\$\3\$)"""
USERLIST_LINE = r"""(?m)^[ \t]*"[^"]*(?:""[^"]*)*"[^"]*"([^"]*(?:""[^"]*)*)"""
MD5_HASH = r"md5[0-9a-fA-F]{32}"
SCRAM_SECRET = r"SCRAM-SHA-256\$[^\s\"']+"
CRYPT_HASH = r"\$(?:2[abxy]|[156y]|apr1|argon2\w*)\$[^\s\"']+"
KEY_BLOCK = r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(.*?)(?:-----END|\Z)"

Span = tuple[int, int]


def is_secret_name(name: str) -> bool:
    """Whether a setting of that name holds a secret: ``password``, ``env[DB_PASSWORD]``, ``ldapbindpasswd``."""
    plain = name.lower().rstrip("]\"' ")
    for harmless in ("passthrough", "passing", "passive", "bypass"):
        plain = plain.replace(harmless, "")
    return any(word in plain for word in SECRET_WORDS) and not plain.endswith(HARMLESS_ENDINGS)


def secret_spans(text: str) -> list[Span]:
    """Where secrets stand in ``text``: start and end offsets, in order, apart from each other."""
    found = sorted([*_named(text), *_in_addresses(text), *_by_shape(text)])
    merged: list[Span] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        elif start < end:
            merged.append((start, end))
    return merged


def masked(text: str) -> str:
    """``text`` with every secret replaced; how long a secret is can't be told from it."""
    parts: list[str] = []
    done = 0
    for start, end in secret_spans(text):
        parts += text[done:start], MASK
        done = end
    return "".join([*parts, text[done:]]) if parts else text


def secret_words(text: str) -> set[str]:
    """The secrets themselves, as a message may quote them.

    Without those that ``text`` also shows where no secret is expected: masking "postgres" everywhere because it is
    somebody's password would hide nothing, and make messages unreadable.
    """
    found = {form for start, end in secret_spans(text) for form in _forms(text[start:end])}
    if found:
        visible = masked(text)
        found = {form for form in found if form not in visible}
    return found


def _forms(secret: str) -> Iterator[str]:
    """What a message may quote of a span that may be wider than the secret in it: without quotes, quotes undoubled,
    without what follows the closing quote or the first blank, one of a list, one line of a key."""
    stripped = secret.strip(QUOTES)
    head = secret[1:].partition(secret[0])[0] if secret[0] in QUOTES else secret
    for form in (secret, stripped, head, stripped.replace("''", "'").replace('""', '"'), *secret.splitlines()):
        if form.strip():
            yield form.strip()
    yield from (part for part in (*stripped.split()[:1], *stripped.split(",")) if part)


def _named(text: str) -> Iterator[Span]:
    """Values of keys that are called like a secret: ``password=x``, ``env[DB_PASSWORD] = x``, ``PASSWORD 'x'``."""
    done = 0
    for at in _word_starts(text):
        if at >= done:
            start, end = _key(text, at)
            done = end
            if is_secret_name(text[start:end]):
                for span in _value(text, start, end):
                    done = span[1]
                    yield span


def _word_starts(text: str) -> list[int]:
    lower = text.lower()
    if len(lower) != len(text):  # İ is two characters in lower case
        lower = "".join(sign.lower() if sign.isascii() else sign for sign in text)
    starts: list[int] = []
    for word in SECRET_WORDS:
        at = lower.find(word)
        while at >= 0:
            starts.append(at)
            at = lower.find(word, at + 1)
    return sorted(starts)


def _key(text: str, at: int) -> Span:
    """The whole key around the secret word at ``at``; bounded, for files that are one long word."""
    start, end = at, at + 1
    leftmost, rightmost = start - LONGEST_KEY, end + LONGEST_KEY
    while start > max(0, leftmost) and text[start - 1] in KEY_CHARACTERS:
        start -= 1
    while end < min(len(text), rightmost) and text[end] in KEY_CHARACTERS:
        end += 1
    return start, end


def _value(text: str, start: int, end: int) -> Iterator[Span]:
    """The value of the key at ``start``; nothing where none follows."""
    opener = text[start - 1] if start and text[start - 1] in QUOTES else ""
    after = end
    while after < len(text) and text[after] in "\"']" and after < end + 4:
        after += 1
    bracket = _past_blanks(text, after)
    if text[bracket : bracket + 1] == "]":
        after = bracket + 1
    closed, after = after, _past_blanks(text, after)
    sign, following = text[after : after + 1], text[after + 1 : after + 2]
    # A colon is YAML's or JSON's: a blank or a quote follows. pg_hba.conf has names before addresses like ::1, and our
    # own messages begin with paths: "/etc/passwd: Permission denied".
    is_path = text[max(0, start - 1) : start] == "/"
    if sign != "=" and not (sign == ":" and not is_path and (following.isspace() or following in QUOTES)):
        statement = re.compile(SQL_VALUE).match(text, closed) if text[start:end].lower().endswith(SQL_WORDS) else None
        if statement:
            yield _unquoted(text, *statement.span(statement.lastindex or 0))
        return
    after = _past_blanks(text, after + (2 if following == ">" else 1))
    if _is_first_on_line(text, start):
        yield _unquoted(text, after, _line_value_end(text, after))
        return
    value = re.compile(VALUE).match(text, after)
    if value is None:
        return
    until = value.end()
    if opener and text[after] not in "\"'\\":
        until = text.find(opener, after, _line_end(text, after))
        until = until if until >= 0 else _line_end(text, after)
    yield _unquoted(text, after, until)


def _is_first_on_line(text: str, start: int) -> bool:
    """Whether the key stands where a line's own key stands, so that the line's whole rest is its value."""
    nearest = max(0, start - LONGEST_KEY)
    line_start = text.rfind("\n", nearest, start)
    if line_start < 0 < nearest:
        return False
    before = text[line_start + 1 : start].lstrip(" \t#;-").rstrip("\"' ")
    name = before.removesuffix("[").strip()
    return before in ("", "export", "set") or (before.endswith("[") and name.replace("_", "").isalnum())


def _line_value_end(text: str, start: int) -> int:
    """End of a value that is the rest of a line, or runs on to its closing quote (PHP's strings span lines)."""
    line_end = _line_end(text, start)
    quote = text[start : start + 1]
    if quote and quote in QUOTES and text.find(quote, start + 1, line_end) < 0:
        closed = text.find(quote, line_end)
        return closed + 1 if closed >= 0 else len(text)
    return line_end


def _line_end(text: str, start: int) -> int:
    """End of the line's text, continuation lines (a backslash at the end) included."""
    end = text.find("\n", start)
    while end >= 0 and text[max(start, end - 2) : end].rstrip("\r").endswith("\\"):
        end = text.find("\n", end + 1)
    return start + len(text[start : end if end >= 0 else len(text)].rstrip())


def _past_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t":
        at += 1
    return at


def _unquoted(text: str, start: int, end: int) -> Span:
    """The span without one pair of quotes around it, so that output shows ``password='********'``."""
    if end - start >= 2 and text[start] == text[end - 1] and text[start] in QUOTES:
        return start + 1, end - 1
    return start, end


def _in_addresses(text: str) -> Iterator[Span]:
    """``scheme://user:secret@host``; a secret may hold anything but blanks, so it ends at the last ``@``."""
    at = text.find("://")
    while at >= 0:
        blank = re.compile(r"\s").search(text, at)
        end = blank.start() if blank else len(text)
        colon, sign = text.find(":", at + 3, end), text.rfind("@", at, end)
        if at < colon < sign:
            yield colon + 1, sign
        query = text.find("auth=", at, end)
        if query >= 0:
            yield query + len("auth="), end
        at = text.find("://", end)


def _by_shape(text: str) -> Iterator[Span]:
    for hint, pattern in (("md5", MD5_HASH), ("SCRAM-", SCRAM_SECRET), ("$", CRYPT_HASH)):
        if hint in text:
            yield from (found.span() for found in re.finditer(pattern, text))
    for hint, pattern in (('"', USERLIST_LINE), ("PRIVATE KEY", KEY_BLOCK)):
        if hint in text:
            yield from (found.span(1) for found in re.finditer(pattern, text))
