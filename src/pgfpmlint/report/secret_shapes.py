"""Secrets that are told by where they stand or what they look like, whatever they are called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgfpmlint.report.secret_keys import Span

# Text, not compiled: each is compiled (and kept by re) when a text shows a reason to look for it.
SHAPES = (
    ("md5", r"md5[0-9a-fA-F]{32}"),
    ("SCRAM-", r"SCRAM-SHA-256\$[^\s\"']+"),
    ("$", r"\$(?:2[abxy]|[156y]|apr1|argon2\w*)\$[^\s\"']+"),
    ("_live_", r"[spr]k_live_\w+"),
    ("_test_", r"[spr]k_test_\w+"),
    ("gh", r"gh[oprsu]_\w{10,}"),
    ("github_pat_", r"github_pat_\w+"),
    ("glpat-", r"glpat-[\w-]+"),
    ("xox", r"xox[abprs]-[\w-]+"),
    ("AKIA", r"AKIA[A-Z0-9]{12,}"),
)
"""What must stand in a text for it to be worth a look, and the shape. The last ones are those of well-known services:
https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns."""

USERLIST_LINE = r"""(?m)^[ \t]*"[^"]*(?:""[^"]*)*"[^"]*"([^"]*(?:""[^"]*)*)"""
USERLIST_BROKEN = r"""(?m)^[ \t]*(?:(?:[#;][ \t]*)?"[^"\n]*"|[^\s"#;]+)[ \t]*(\S[^\n]*)"""
USERLIST_IN_QUOTES = (r"""\\"[^"\\\n]*\\"[ \t]+\\"([^"\\\n]+)""", r"""'"[^"\n]*"[ \t]+"([^"\n]+)""")
"""The same within a string of YAML or JSON, which escapes quotes, or stands in others."""
KEY_BLOCK = r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(.*?)(?:-----END|\Z)"

COMMANDS = (
    ("sshpass", r"sshpass[ \t]+-p[ \t]*([^\s'\"]+)"),
    ("-u", r"(?:[ \t]-u|--user)[ \t=]*[^\s:'\"]+:([^\s'\"]+)"),
    ("--user", r"--user[ \t=]+[^\s:'\"]+:([^\s'\"]+)"),
)

CONNECTING = ("PDO(", "Pgsql(", "PDO::connect(")
"""Calls of PHP whose third argument is a password: https://www.php.net/manual/en/pdo.construct.php"""

ARGUMENT = r"""\s*(?:'[^']{0,400}'|"[^"]{0,400}"|[^,'"]{0,400}),"""
THIRD_ARGUMENT = rf"""(?s){ARGUMENT}{ARGUMENT}\s*(?:'((?:[^'\\]|\\.){{0,400}})|"((?:[^"\\]|\\.){{0,400}}))"""

QUERIES = ("auth_query", "connect_query", "server_check_query", "server_reset_query")
"""Settings that hold SQL, and what is secret in SQL nobody can tell: its literals are masked."""


def in_addresses(text: str) -> Iterator[Span]:
    """``scheme://user:secret@host``; a secret may hold anything but blanks, so it ends at the last ``@``."""
    at = text.find("://")
    while at >= 0:
        blank = re.compile(r"\s").search(text, at)
        end = blank.start() if blank else len(text)
        colon, sign = text.find(":", at + 3, end), text.rfind("@", at, end)
        if at < colon < sign:
            yield colon + 1, sign
        elif at < sign and text[max(0, at - 5) : at].lower().endswith(("http", "https")):
            yield at + 3, sign  # a token; people have names with passwords
        query = text.find("auth=", at, end)
        if query >= 0:
            yield query + len("auth="), end
        at = text.find("://", end)


def of_known_shape(text: str) -> Iterator[Span]:
    """Hashes, keys and tokens."""
    for hint, pattern in SHAPES:
        if hint in text:
            yield from (found.span() for found in re.finditer(pattern, text))
    if "PRIVATE KEY" in text:
        yield from (found.span(1) for found in re.finditer(KEY_BLOCK, text))


def in_commands(text: str) -> Iterator[Span]:
    """Passwords among the words of a command: ``sshpass -p x``, ``curl -u user:x``."""
    for hint, pattern in COMMANDS:
        if hint in text:
            yield from (found.span(1) for found in re.finditer(pattern, text))


def of_users(text: str, *, whole_file: bool) -> Iterator[Span]:
    """What stands behind a name as in userlist.txt; in a file that begins like one, however broken the line is."""
    if '"' in text:
        yield from (found.span(1) for found in re.finditer(USERLIST_LINE, text))
        for sign, pattern in zip(('\\"', "'\""), USERLIST_IN_QUOTES):
            if sign in text:
                yield from (found.span(1) for found in re.finditer(pattern, text))
    if not whole_file:
        return
    first = next((line.lstrip() for line in text.split("\n") if line.strip() and line.lstrip()[0] not in "#;"), "")
    if first.startswith('"'):
        for found in re.finditer(USERLIST_BROKEN, text):
            start, end = found.span(1)
            closed = text.rfind('"', start, end)
            yield (start + 1, closed) if text[start] == '"' and closed > start else (start, end)


def in_calls(text: str) -> Iterator[Span]:
    """Passwords that PHP code hands over when it connects."""
    for call in CONNECTING:
        at = text.find(call)
        while at >= 0:
            found = re.compile(THIRD_ARGUMENT).match(text, at + len(call))
            if found:
                yield found.span(1) if found[1] is not None else found.span(2)
            at = text.find(call, at + 1)


def in_queries(text: str) -> Iterator[Span]:
    """The literals of SQL that a setting holds."""
    for name in QUERIES:
        at = text.find(name)
        while at >= 0:
            end = text.find("\n", at)
            end = end if end >= 0 else len(text)
            sign = re.compile(r"[ \t]*=[ \t]*('?)").match(text, at + len(name))
            if sign:
                literal = r"''([^'\n]+)''" if sign[1] else r"'([^'\n]*)'"
                yield from (found.span(1) for found in re.compile(literal).finditer(text, sign.end(), end))
            at = text.find(name, end)
