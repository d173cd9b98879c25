"""The words that one line of a PHP INI file is made of. Their kinds bear the names that PHP's messages use."""

from __future__ import annotations

from pgfpmlint.record import NamedTuple

END = "end of file"
END_OF_LINE = "END_OF_LINE"
TEXT_KINDS = ("TC_CONSTANT", "TC_RAW", "TC_NUMBER", "TC_STRING", "TC_WHITESPACE")

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_DIGITS = frozenset("0123456789")
_WORDS = {
    "true": ("BOOL_TRUE", "1"),
    "on": ("BOOL_TRUE", "1"),
    "yes": ("BOOL_TRUE", "1"),
    "false": ("BOOL_FALSE", ""),
    "off": ("BOOL_FALSE", ""),
    "no": ("BOOL_FALSE", ""),
    "none": ("BOOL_FALSE", ""),
    "null": ("NULL_NULL", ""),
}
_FIRST_OF_WORDS = frozenset("tyfonTYFON")


class Token(NamedTuple):
    """``start`` and ``end`` are offsets in the line; the blanks that a token swallows behind it are not in ``end``.

    ``offsets`` maps the characters of ``text`` to the line where that is not simply from ``start`` on.
    ``comment`` is the offset of the sign of the comment that an END_OF_LINE holds.
    """

    kind: str
    text: str
    start: int
    end: int
    offsets: tuple[int, ...] | None = None
    comment: int | None = None


def kind_of(text: str) -> str:
    """The kind of a word that stands without quotes."""
    if text[0] in _LETTERS and all(letter in _LETTERS or letter in _DIGITS for letter in text):
        return "TC_CONSTANT"
    number = text[1:] if text[0] == "-" and "." not in text else text
    whole, _, part = number.partition(".")
    if whole + part and all(letter in _DIGITS for letter in whole + part):
        return "TC_NUMBER"
    return "TC_WHITESPACE" if text.isspace() else "TC_STRING"


def reserved(line: str, at: int) -> tuple[str, str, int] | None:
    """Kind, text and end of the longest of the words for booleans and null that stands at ``at``."""
    if line[at] not in _FIRST_OF_WORDS:
        return None
    ahead = line[at : at + 5].lower()
    found = None
    for word, (kind, text) in _WORDS.items():
        if ahead.startswith(word) and (found is None or at + len(word) > found[2]):
            found = kind, text, at + len(word)
    return found
