"""Lists of names in one text, as PostgreSQL takes them apart (varlena.c), and what it has against a text."""

from __future__ import annotations

_SPACE = " \t\n\r\f\v"

LONGEST_NAME = 63
"""Bytes that the server keeps of a name (NAMEDATALEN - 1)."""


class BadText(Exception):
    """``detail`` is the server's DETAIL; ``instead`` a message in place of "invalid value for parameter"."""

    def __init__(self, detail: str = "", *, suggestion: str = "", instead: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.suggestion = suggestion
        self.instead = instead


def split_list(text: str) -> list[str]:
    """The elements of a comma-separated list, as they are written (the server's SplitGUCList)."""
    return [element for element, _ in _split(text)]


def identifiers(text: str) -> list[str]:
    """The names in a list (SplitIdentifierString): in small letters unless quoted, and no longer than names may be."""
    return [clipped(element if quoted else _small(element)) for element, quoted in _split(text)]


def clipped(text: str) -> str:
    """``text`` without what is too long for a name."""
    if len(text) * 4 <= LONGEST_NAME:
        return text
    return text.encode("utf-8", "surrogateescape")[:LONGEST_NAME].decode("utf-8", "surrogateescape")


def _small(text: str) -> str:
    return "".join(sign.lower() if sign.isascii() else sign for sign in text)


def _split(text: str) -> list[tuple[str, bool]]:
    """The elements of a list, and of each whether it was quoted."""
    rest = text.lstrip(_SPACE)
    if not rest:
        return []
    found: list[tuple[str, bool]] = []
    while True:
        quoted = rest[:1] == '"'
        if quoted:
            element, rest = _quoted(rest)
        else:
            end = next((at for at, sign in enumerate(rest) if sign == "," or sign in _SPACE), len(rest))
            element, rest = rest[:end], rest[end:]
            if not element:
                raise BadText("List syntax is invalid.")
        found.append((element, quoted))
        rest = rest.lstrip(_SPACE)
        if not rest:
            return found
        if rest[0] != ",":
            raise BadText("List syntax is invalid.")
        rest = rest[1:].lstrip(_SPACE)


def _quoted(text: str) -> tuple[str, str]:
    """A name in double quotes at the beginning of ``text``, and what follows it."""
    at = 1
    while True:
        end = text.find('"', at)
        if end < 0:
            raise BadText("List syntax is invalid.")
        if text[end + 1 : end + 2] != '"':
            return text[1:end].replace('""', '"'), text[end + 1 :]
        at = end + 2
