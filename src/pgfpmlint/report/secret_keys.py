"""Secrets that stand behind a name that tells them: ``password=x``, ``env[DB_PASSWORD] = x``, ``PASSWORD 'x'``."""

from __future__ import annotations

import re
from collections.abc import Iterator

SECRET_WORDS = (
    "pass", "pasw", "pssw", "psw", "pword", "kennwort", "pwd", "pw", "secret", "token", "apikey", "api_key", "app_key",
    "private_key", "access_key", "authkey", "credential", "_key", "_auth", "_salt", "jwt",
)  # fmt: skip
"""What the names hold, in lower case; slips of the keyboard are names as well."""

IN_ENVIRONMENT = ("_KEY", "_AUTH", "_SALT", "_JWT", "_PRIVATE", "_SIGNATURE")
"""Ends of names of environment variables that hold secrets; other names end like this, too."""

WHOLE_WORDS = ("pw", "_key", "_auth", "_salt")
"""Those of SECRET_WORDS that say nothing in the middle of a name."""

HARMLESS_ENDINGS = (
    "_encryption", "_warnings", "_threshold", "_reload", "file", "_path", "_dir", "_timeout", "_lifetime", "_length",
    "_required", "_method", "_type",
)  # fmt: skip
"""``password_encryption = md5`` and ``PGPASSFILE=/path`` name no secret, and readers need them."""

HARMLESS_NAMES = frozenset({"fastcgi_pass", "grpc_pass", "proxy_pass", "scgi_pass", "uwsgi_pass"})
"""Of nginx: where requests are passed on to. What stands in an address there is masked as in any other."""

SQL_WORDS = ("password", "passwd", "passphrase", "passphrase_command")
"""Words that a quoted secret may follow without a sign between them."""

BARE_WORDS = ("pass", "password", "pasword", "passwd", "passphrase", "passwort", "secret", "secrets")
"""Ends of names that a bare secret may follow where a sign was forgotten."""

ACCESS_WORDS = ("local", "host")
"""Beginnings of the lines of pg_hba.conf, whose options stand in the middle of a line."""

KEY_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")
LONGEST_KEY = 120
QUOTES = "'\""

# Text, not compiled: each is compiled (and kept by re) when a text shows a reason to look for it.
# A value, in this order: in doubled quotes or in escaped ones (both inside a quoted string), in quotes, in quotes never
# closed, bare (a backslash at the line's end continues it, as in pg_hba.conf).
VALUE = r"""''[^'\n]+''|\\'.*?\\'|\\".*?\\"|'(?:[^'\\\n]|\\.|'')*'|"(?:[^"\\\n]|\\.|"")*"|["'][^\n]*|(?:\\\r?\n|\S)+"""
MORE_OF_A_LIST = r"""(?:,("[^"\n]*"?|'[^'\n]*'?))+"""
MORE_WORDS = r"""(?:[ \t]+[^\s='"#;]+(?![^\s='"#;]|[ \t]*=))+"""
SQL_VALUE = r"""(?s)[ \t]+(?:TO[ \t]+)?(?:E?('(?:[^'\\\n]|\\.|'')*'?)|("[^"\n]*"?)|\$(\w*)\$(.{0,2000}?)\$\3\$)"""
ARGUMENT = r"""'*[ \t]*,[ \t]*'*([^',)\n]*)"""
REMARK = r"[ \t][#;]"

Span = tuple[int, int]


def is_secret_name(name: str) -> bool:
    """Whether a setting of that name holds a secret: ``password``, ``env[DB_PASSWORD]``, ``ldapbindpasswd``."""
    own = name.rstrip("]\"' ").rpartition("[")[2]
    if own.isupper() and own.endswith(IN_ENVIRONMENT) and not own.endswith("PUBLIC_KEY"):
        return True
    plain = own.lower()
    for harmless in ("passthrough", "passing", "passive", "bypass"):
        plain = plain.replace(harmless, "")
    if plain in HARMLESS_NAMES or plain.endswith(HARMLESS_ENDINGS):
        return False
    ends_with_pw = plain == "pw" or plain.endswith(("_pw", "-pw", ".pw"))
    return ends_with_pw or any(word in plain for word in SECRET_WORDS if word not in WHOLE_WORDS)


def after_keys(text: str, *, whole_file: bool) -> Iterator[Span]:
    """The values of everything that is called like a secret."""
    done = 0
    for at in _word_starts(text):
        if at >= done:
            start, end = _key(text, at)
            done = end
            if is_secret_name(text[start:end]):
                for number, span in enumerate(_value(text, start, end, whole_file)):
                    if number == 0:  # among further words there may be another key: YAML puts many into a line
                        done = span[1]
                    yield span


def in_remarks(text: str) -> Iterator[Span]:
    """What follows such a word in a remark behind a value: ``port = 5432 # the password is x``."""
    line_end = remark = -1
    for at in _word_starts(text):
        if at > line_end:
            line_start, line_end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
            line_end = line_end if line_end >= 0 else len(text)
            sign = re.compile(REMARK).search(text, line_start, line_end)
            remark = sign.start() if sign and text[line_start : sign.start()].strip() else line_end
        if at > remark:
            start, end = _key(text, at)
            if is_secret_name(text[start:end]):
                yield end, _line_end(text, end)
                remark = line_end


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


def _value(text: str, start: int, end: int, whole_file: bool) -> Iterator[Span]:
    """The value of the key at ``start``; nothing where none follows."""
    opener = text[start - 1] if start and text[start - 1] in QUOTES else ""
    after = end
    while after < len(text) and text[after] in "\"']" and after < end + 4:
        after += 1
    bracket = _past_blanks(text, after)
    if text[bracket : bracket + 1] == "]":
        after = bracket + 1
    closed, after = after, _past_blanks(text, after)
    if not _is_sign(text, start, after, whole_file):
        yield from _unsigned(text, start, end, closed, whole_file)
        return
    after = _past_blanks(text, after + (2 if text[after + 1 : after + 2] == ">" else 1))
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
    for more in (MORE_OF_A_LIST, MORE_WORDS if whole_file and not opener and text[after] not in QUOTES else None):
        rest = re.compile(more).match(text, until) if more else None
        if rest:
            yield rest.span()


def _is_sign(text: str, start: int, after: int, whole_file: bool) -> bool:
    """Whether what stands at ``after``, behind the key at ``start``, gives it a value.

    A colon is YAML's or JSON's: a blank or a quote follows, in a careless file anything but a colon. pg_hba.conf has
    names before addresses like ::1, and our own messages begin with paths: "/etc/passwd: Permission denied".
    """
    sign, following = text[after : after + 1], text[after + 1 : after + 2]
    if sign != ":":
        return sign == "="
    is_path = text[max(0, start - 1) : start] == "/"
    return not is_path and following != ":" and (whole_file or following.isspace() or following in QUOTES)


def _unsigned(text: str, start: int, end: int, closed: int, whole_file: bool) -> Iterator[Span]:
    """The secret behind a key without ``=`` or ``:``: in SQL, or where the sign was forgotten."""
    name = text[start:end].lower()
    if name.endswith(SQL_WORDS):
        statement = re.compile(SQL_VALUE, re.IGNORECASE).match(text, closed)
        if statement:
            yield _unquoted(text, *statement.span(statement.lastindex or 0))
            return
    if text[end : end + 1] == "'":
        argument = re.compile(ARGUMENT).match(text, end)
        if argument:
            yield argument.span(1)
            return
    word = _past_blanks(text, closed)
    if not whole_file or word == closed or text[word : word + 1] in ("", "#", ";", "=", "\r", "\n"):
        return
    if not name.rstrip("_").endswith(BARE_WORDS):
        return
    line_start = text.rfind("\n", max(0, start - LONGEST_KEY), start) + 1
    before = text[line_start:start].strip(" \t")
    if before[:1] in ("#", ";") and before[:1]:
        return
    if _is_first_on_line(text, start) or before.endswith("="):
        yield word, _line_end(text, word)
    elif before.startswith(ACCESS_WORDS):
        blank = re.compile(r"\s|$").search(text, word)
        until = blank.start() if blank else len(text)
        if "=" not in text[word:until]:
            yield word, until


def _is_first_on_line(text: str, start: int) -> bool:
    """Whether the key stands where a line's own key stands, so that the line's whole rest is its value."""
    nearest = max(0, start - LONGEST_KEY)
    line_start = text.rfind("\n", nearest, start)
    if line_start < 0 < nearest:
        return False
    before = text[line_start + 1 : start].lstrip(" \t#;-").rstrip("\"' ")
    name = before.removesuffix("[").strip()
    return before in ("", "export", "set", "env") or (before.endswith("[") and name.replace("_", "").isalnum())


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
