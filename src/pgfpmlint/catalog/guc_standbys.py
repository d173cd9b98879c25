"""synchronous_standby_names: the grammar of the server's syncrep_scanner.l and syncrep_gram.y.

https://www.postgresql.org/docs/current/runtime-config-replication.html#GUC-SYNCHRONOUS-STANDBY-NAMES
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"[ \t\n\r\f\v]*(?:(\"(?:[^\"]|\"\")*\"|[^\x00-@[-^`{-\x7f][^\x00-#%-/:-@[-^`{-\x7f]*|\*)|([0-9]+)|(.))", re.DOTALL
)


def objection(text: str) -> tuple[str, str]:
    """The server's DETAIL, and the message that stands in place of its usual one; both empty for a good text."""
    if not text:
        return "", ""
    tokens = _tokens(text)
    keyed = tokens[0].lower() in _KEY_WORDS
    counted = keyed or (tokens[0].isdigit() and tokens[1] == "(")
    position = int(keyed)
    if counted:
        if not tokens[position].isdigit():
            return _near(tokens[position]), ""
        if tokens[position + 1] != "(":
            return _near(tokens[position + 1]), ""
        position += 2
    while True:
        if not _is_name(tokens[position]):
            return _near(tokens[position]), ""
        position += 1
        if tokens[position] != ",":
            break
        position += 1
    if counted and tokens[position] == ")":
        position += 1
        counted = False
    if counted or tokens[position]:
        return _near(tokens[position]), ""
    if keyed or tokens[1] == "(":
        count = _int(tokens[keyed])
        return "", "" if count > 0 else f"number of synchronous standbys ({count}) must be greater than zero"
    return "", ""


def _int(digits: str) -> int:
    """The number as C's atoi makes an int of it: the lower 32 bits."""
    number = min(int(digits[:300]), (1 << 63) - 1)
    return (number + (1 << 31)) % (1 << 32) - (1 << 31)


_KEY_WORDS = ("any", "first")
_UNTERMINATED = '"…'


def _tokens(text: str) -> list[str]:
    """The tokens, then empty ones for the end; `_UNTERMINATED` where a quote is never closed."""
    found: list[str] = []
    position = 0
    while text[position:].strip(" \t\n\r\f\v"):
        token = _TOKEN.match(text, position)
        if token is None or token[3] == '"':
            found.append(_UNTERMINATED)
            break
        found.append(token[1] or token[2] or token[3])
        position = token.end()
    return [*found, "", "", ""]


def _is_name(token: str) -> bool:
    if token.lower() in _KEY_WORDS or token is _UNTERMINATED:
        return False
    return token[:1] in ('"', "*", "_") or token.isalnum() or len(token) > 1 or token > "\x7f"


def _near(token: str) -> str:
    if token is _UNTERMINATED:
        return "unterminated quoted identifier at end of input"
    if not token:
        return "syntax error at end of input"
    # Of a quoted name the server has only the closing quote at hand.
    return f'syntax error at or near "{token[-1] if token[0] == chr(34) else token}"'
