"""Literals of SQL: any may be a secret, and a column's name is far from its value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgfpmlint.report.secret_keys import Span, is_secret_name

HINTS = ("CREATE ", "create ", "ALTER ", "alter ", "INSERT ", "insert ")

# Text, not compiled: each is compiled (and kept by re) when a text shows a reason to look for it.
STATEMENT = r"(?im)^[ \t]*(?:create|alter|insert)\s[^;]*;"
TOKEN = r"--[^\n]*|(?s:/\*.*?\*/)|'(?:[^']|'')*'?|\$(\w*)\$[^\n;]{0,200}?\$\1\$"
BARE = r"(?i)\b\w*(?:passw|pasw|passphrase|identified\s+by)\w*\s+(?!null\b|using\b|to\b|=)([^\s;'\"$:,()=]+)"
VARIABLE = r"\\set[ \t]+(\w+)[ \t]+([^\n]+)"
DATA = r"(?ims)^[ \t]*copy\b[^;]*\bfrom\s+stdin\b[^;\n]*;?[^\n]*\n(.*?)(?:^\\\.|\Z)"

# What stands in front of literals that are no secrets and that findings are about: a date, a setting's value.
HARMLESS = r"(?is)(?:\buntil|\bset\s+([\w.]+)\s*(?:=|\bto\b)(?:[^;']*,)?)\s*$"


def in_sql(text: str) -> Iterator[Span]:
    """What may be secret in a file of SQL; nothing in other files."""
    if not any(hint in text for hint in HINTS) or not re.search(STATEMENT, text):
        return
    for found in re.finditer(TOKEN, text):
        if found[0][0] in "'$" and not _is_harmless(text[max(0, found.start() - 80) : found.start()]):
            yield found.span()
    yield from (found.span(1) for found in re.finditer(BARE, text))
    yield from (found.span(2) for found in re.finditer(VARIABLE, text) if is_secret_name(found[1]))
    yield from (found.span(1) for found in re.finditer(DATA, text))


def _is_harmless(before: str) -> bool:
    found = re.search(HARMLESS, before)
    return found is not None and not is_secret_name(found[1] or "")
