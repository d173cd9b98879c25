"""The rarer half of reading postgresql.conf: what exactly is wrong with a line, and strings with escapes.

The tokens are those of the server's guc-file.l: the longest match wins, and a word that is an ID.ID and nothing
longer may not be a value, which is why ``include x.conf`` is a syntax error while ``include a/x.conf`` is not.
"""

from __future__ import annotations

import re

from pgfpmlint.syntax.document import Malformed, Value

_ID, _QUALIFIED, _VALUE, _EQUALS, _END, _ERROR = range(6)

_WORD = r"[^\x00-@[-^`{-\x7f][^\x00-,;-@[-^`{-\x7f]*"
_TOKEN = re.compile(
    r"([ \t\r]+|#.*)"
    rf"|({_WORD})"
    r"|('(?:[^'\\\n]|\\.|'')*'"
    r"|[-+]?[0-9]*\.[0-9]*(?:[eE][-+]?[0-9]+)?|[-+]?(?:0x[0-9a-fA-F]+|[0-9]+)[a-zA-Z]*)"
    r"|(=)"
)
_PART = re.compile(r"[^\x00-@[-^`{-\x7f][^\x00-/:-@[-^`{-\x7f]*\Z")


def objection(text: str, start: int, end: int) -> Malformed:
    """The server's syntax error for the line ``text[start:end]``, which is known to be no statement.

    ``says`` leaves out file and line. ``at`` and ``until`` cover the token that the server names, or all that is
    written where it misses something at the end of the line.
    """
    stop = end - 1 if text[end - 1 : end] == "\n" else end
    first, last = start, start
    stage = 0  # 0: the name is next, 1: a value, perhaps after "=", 2: a value, 3: the end of the line
    position = start
    while True:
        kind, at, until = _token(text, position, stop)
        if kind == _END:
            break
        first = at if stage == 0 else first
        if stage == 0 and kind in (_ID, _QUALIFIED):
            stage = 1
        elif stage == 1 and kind == _EQUALS:
            stage = 2
        elif stage in (1, 2) and kind in (_ID, _VALUE):
            stage = 3
        else:
            token = text[at:until].partition("\0")[0]
            return Malformed(start, end, f'syntax error, near token "{token}"', at, until)
        position = last = until
    return Malformed(start, end, "syntax error, near end of line", first, last)


def _token(text: str, position: int, stop: int) -> tuple[int, int, int]:
    """Kind and extent of the next token of a line that ends at ``stop``."""
    while position < stop:
        found = _TOKEN.match(text, position, stop)
        if found is None:
            return _ERROR, position, position + 1
        position = found.end()
        if found[2] is not None:
            kind = _VALUE if not _is_id(found[2]) else _ID
            return (_QUALIFIED if is_qualified(found[2]) else kind), found.start(), position
        if found[3] is not None:
            return _VALUE, found.start(), position
        if found[4] is not None:
            return _EQUALS, found.start(), position
    return _END, stop, stop


def _is_id(word: str) -> bool:
    return _PART.match(word) is not None


def is_qualified(word: str) -> bool:
    """Whether ``word`` is ID.ID: a name with exactly one dot."""
    left, dot, right = word.partition(".")
    return bool(dot) and _is_id(left) and _is_id(right)


_CONTROL = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def unescaped(written: str, start: int) -> Value:
    """What the server takes from a quoted string, quotes included in ``written``, that starts at ``start``.

    A NUL byte ends the server's copy of the token, whose last character it then takes for the closing quote.
    """
    body = written[1:-1] if "\0" not in written else written.partition("\0")[0][1:-1]
    letters: list[str] = []
    offsets: list[int] = []
    index = 0
    while index < len(body):
        letter, length = _letter(body, index)
        if letter == "\0":
            break
        letters.append(letter)
        offsets.append(start + 1 + index)
        index += length
    shown = "".join(letters)
    if not shown.isascii() and "\\" in body:
        shown, offsets = _joined(shown, offsets)
    return Value(shown, start, start + len(written), tuple(offsets))


def _joined(text: str, offsets: list[int]) -> tuple[str, list[int]]:
    """Bytes that were written one by one and make a character together: ``\\303\\251`` is é."""
    joined = text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    places = [place for sign, place in zip(text, offsets) for _ in sign.encode("utf-8", "surrogateescape")]
    found: list[int] = []
    at = 0
    for sign in joined:
        found.append(places[at])
        at += len(sign.encode("utf-8", "surrogateescape"))
    return joined, found


def _letter(body: str, index: int) -> tuple[str, int]:
    """One character of a string's content, and how many it is written with."""
    sign = body[index]
    if sign == "'":
        return "'", 2
    if sign != "\\":
        return sign, 1
    following = body[index + 1 : index + 2]
    if following not in "01234567" or not following:
        return _CONTROL.get(following, following), 2
    digits = following
    while len(digits) < 3 and body[index + 1 + len(digits) : index + 2 + len(digits)] in tuple("01234567"):
        digits += body[index + 1 + len(digits)]
    byte = int(digits, 8) & 0xFF
    # A byte above 0x7F becomes a lone surrogate, as it would have in the file itself (see source/text.py).
    return (chr(byte) if byte < 0x80 else chr(0xDC00 + byte)), 1 + len(digits)
