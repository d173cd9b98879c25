"""Keys and values of TOML 1.0, each with where it stands: https://toml.io/en/v1.0.0

Python's tomllib reads the same text without places. Written for what configuration files hold: every value that the
specification knows is read, dates and times are kept as text.
"""

from __future__ import annotations

import re

from pgfpmlint.record import NamedTuple
from pgfpmlint.syntax.document import Value

STRING, INTEGER, FLOAT, BOOLEAN, DATE, ARRAY, TABLE = "string", "integer", "float", "boolean", "date", "array", "table"

DEEPEST = 100
"""Arrays and tables within each other that are read; Rust's reader has a limit as well."""

_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN = re.compile(r"[0-9A-Za-z+\-._:]+(?: [0-9:.]+(?:[Zz]|[+-][0-9:]+)?)?")
_NUMBER = re.compile(r"[+-]?(?:0|[1-9](?:_?[0-9])*)\Z")
_BASED = re.compile(r"0(?:x[0-9A-Fa-f](?:_?[0-9A-Fa-f])*|o[0-7](?:_?[0-7])*|b[01](?:_?[01])*)\Z")
_FLOAT = re.compile(
    r"[+-]?(?:0|[1-9](?:_?[0-9])*)(?:\.[0-9](?:_?[0-9])*)?(?:[eE][+-]?[0-9](?:_?[0-9])*)?\Z|[+-]?(?:inf|nan)\Z"
)
_DATE = re.compile(
    r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})?)?"
    r"|[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?)\Z"
)


class TomlError(Exception):
    """What is wrong, and the offset of it."""

    def __init__(self, says: str, at: int) -> None:
        super().__init__(says)
        self.says = says
        self.at = at


class Item(NamedTuple):
    """A value: its kind, what it is worth (a text, number or truth), and its extent. ``items`` are an array's,
    ``pairs`` an inline table's, keys in parts."""

    kind: str
    worth: str | int | float | bool | None
    start: int
    end: int
    items: tuple[Item, ...] = ()
    pairs: tuple[tuple[tuple[Value, ...], Item], ...] = ()


def key(text: str, at: int) -> tuple[tuple[Value, ...], int]:
    """The parts of the key at ``at``, and what follows it."""
    parts: list[Value] = []
    while True:
        sign = text[at : at + 1]
        if sign and sign in "\"'":
            if text.startswith(sign * 3, at):
                raise TomlError("a key can't be a multi-line string", at)
            item = _string(text, at)
            parts.append(Value(str(item.worth), at, item.end, (at,) * len(str(item.worth))))
        else:
            bare = _BARE.match(text, at)
            if bare is None:
                raise TomlError("expected a key", at)
            parts.append(Value(bare[0], at, bare.end()))
        after = blank(text, parts[-1].end)
        if text[after : after + 1] != ".":
            return tuple(parts), after
        at = blank(text, after + 1)


def value(text: str, at: int, depth: int = 0) -> Item:
    """The value at ``at``, which lies within ``depth`` others."""
    sign = text[at : at + 1]
    if sign and sign in "\"'":
        return _string(text, at)
    if depth == DEEPEST:
        raise TomlError("too many values within each other", at)
    if sign == "[":
        return _array(text, at, depth + 1)
    if sign == "{":
        return _inline(text, at, depth + 1)
    plain = _PLAIN.match(text, at)
    if plain is None:
        raise TomlError("expected a value", at)
    word = plain[0]
    if " " in word and _DATE.match(word) is None:
        word = word.partition(" ")[0]
    return _scalar(word, at)


def blank(text: str, at: int) -> int:
    """Past blanks of one line."""
    while text[at : at + 1] in (" ", "\t"):
        at += 1
    return at


def spaces(text: str, at: int) -> int:
    """Past blanks, line ends and comments, as between the items of an array."""
    while at < len(text):
        if text[at] == "#":
            end = text.find("\n", at)
            at = end if end >= 0 else len(text)
        elif text[at] in " \t\n" or text.startswith("\r\n", at):
            at += 1
        else:
            break
    return at


def _scalar(word: str, at: int) -> Item:
    end = at + len(word)
    if word in ("true", "false"):
        return Item(BOOLEAN, word == "true", at, end)
    if _NUMBER.match(word):
        return Item(INTEGER, int(word.replace("_", "")), at, end)
    if _BASED.match(word):
        return Item(INTEGER, int(word.replace("_", ""), 0), at, end)
    if _FLOAT.match(word):
        return Item(FLOAT, float(word.replace("_", "")), at, end)
    if _DATE.match(word):
        return Item(DATE, word, at, end)
    raise TomlError("no value of TOML: a text needs quotes", at)


def _string(text: str, at: int) -> Item:
    quote = text[at]
    if text.startswith(quote * 3, at):
        return _long_string(text, at, quote)
    if quote == "'":
        end = text.find("'", at + 1)
        if end < 0 or "\n" in text[at:end]:
            raise TomlError("a string that does not end on its line", at)
        return Item(STRING, text[at + 1 : end], at, end + 1)
    found: list[str] = []
    here = at + 1
    while True:
        sign = text[here : here + 1]
        if sign in ("", "\n"):
            raise TomlError("a string that does not end on its line", at)
        if sign == '"':
            return Item(STRING, "".join(found), at, here + 1)
        if sign == "\\":
            letter, here = _escape(text, here)
            found.append(letter)
        else:
            found.append(sign)
            here += 1


def _long_string(text: str, at: int, quote: str) -> Item:
    end = text.find(quote * 3, at + 3)
    while quote == '"' and end > 0 and _is_escaped(text, at + 3, end):
        end = text.find(quote * 3, end + 1)
    if end < 0:
        raise TomlError("a string that never ends", at)
    while text[end + 3 : end + 4] == quote and text[end + 3 : end + 6] != quote * 3:
        end += 1  # quotes just before the end belong to the text
    first = at + 3
    first += 2 if text.startswith("\r\n", first) else text.startswith("\n", first)
    if quote == "'":
        return Item(STRING, text[first:end].replace("\r\n", "\n"), at, end + 3)
    found: list[str] = []
    while first < end:
        if text[first] != "\\":
            found.append(text[first])
            first += 1
        elif text[first + 1 : end].lstrip(" \t\r").startswith("\n"):
            first += 1
            while first < end and text[first] in " \t\r\n":
                first += 1
        else:
            letter, first = _escape(text, first)
            found.append(letter)
    return Item(STRING, "".join(found).replace("\r\n", "\n"), at, end + 3)


def _is_escaped(text: str, first: int, at: int) -> bool:
    """Whether an odd number of backslashes stands before ``at``."""
    before = text[first:at]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _escape(text: str, at: int) -> tuple[str, int]:
    """The letter that the escape at ``at`` stands for, and what follows it."""
    sign = text[at + 1 : at + 2]
    if sign in _ESCAPES:
        return _ESCAPES[sign], at + 2
    digits = {"u": 4, "U": 8}.get(sign, 0)
    code = text[at + 2 : at + 2 + digits]
    if digits and len(code) == digits and all(one in "0123456789abcdefABCDEF" for one in code):
        number = int(code, 16)
        if number < 0xD800 or 0xE000 <= number <= 0x10FFFF:
            return chr(number), at + 2 + digits
    raise TomlError("an escape that TOML does not know", at)


def _array(text: str, at: int, depth: int) -> Item:
    items: list[Item] = []
    here = spaces(text, at + 1)
    while text[here : here + 1] != "]":
        items.append(value(text, here, depth))
        here = spaces(text, items[-1].end)
        if text[here : here + 1] == ",":
            here = spaces(text, here + 1)
        elif text[here : here + 1] != "]":
            raise TomlError("an array that never ends" if here >= len(text) else "expected , or ]", here)
    return Item(ARRAY, None, at, here + 1, tuple(items))


def _inline(text: str, at: int, depth: int) -> Item:
    pairs: list[tuple[tuple[Value, ...], Item]] = []
    here = blank(text, at + 1)
    while text[here : here + 1] != "}":
        name, here = key(text, here)
        if text[here : here + 1] != "=":
            raise TomlError("expected =", here)
        item = value(text, blank(text, here + 1), depth)
        pairs.append((name, item))
        here = blank(text, item.end)
        if text[here : here + 1] == ",":
            here = blank(text, here + 1)
            if text[here : here + 1] == "}":
                raise TomlError("expected a key", here)
        elif text[here : here + 1] != "}":
            raise TomlError("expected , or }", here)
    return Item(TABLE, None, at, here + 1, pairs=tuple(pairs))
