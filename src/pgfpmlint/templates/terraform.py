"""Terraform's templatefile(): ``${holes}`` and ``%{ if }`` directives.

https://developer.hashicorp.com/terraform/language/expressions/strings#string-templates
"""

from __future__ import annotations

import re

from pgfpmlint.templates.piece import CHOICE, CLOSES, HOLE, LOOP, OPENS, STATEMENT, TEXT, TURNS, Fault, Piece, Scan

LINES = False
ENDING = "%{ end{} }"

NATURES = {"if": CHOICE, "for": LOOP}

_OPENING = re.compile(r"\$\$\{|%%\{|[$%]\{")
_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"")


def scan(text: str) -> Scan:
    """See `pgfpmlint.templates.piece.Language`."""
    pieces: list[Piece] = []
    faults: list[Fault] = []
    at, found = 0, _OPENING.search(text)
    while found is not None:
        start, sign = found.start(), found.group()
        if len(sign) == 3:  # a literal ${ or %{
            found = _OPENING.search(text, found.end())
            continue
        end = _end(text, found.end())
        if end < 0:
            faults.append(Fault(start, start + 2, "opens what nothing closes", "write } where it ends"))
            break
        if start > at:
            pieces.append(Piece(TEXT, at, start))
        pieces.append(_piece(text, start, end, sign))
        at, found = end, _OPENING.search(text, end)
    if at < len(text):
        pieces.append(Piece(TEXT, at, len(text)))
    return Scan(tuple(pieces), tuple(faults))


def _end(text: str, at: int) -> int:
    depth = 1
    while at < len(text):
        letter = text[at]
        string = _STRING.match(text, at) if letter == '"' else None
        if string is not None:
            at = string.end()
            continue
        depth += (letter == "{") - (letter == "}")
        at += 1
        if not depth:
            return at
    return -1


def _piece(text: str, start: int, end: int, sign: str) -> Piece:
    body = text[start + 2 : end - 1]
    before, after = body.startswith("~"), body.endswith("~")
    words = body.strip("~").split(None, 1)
    word = words[0] if words else ""
    piece = Piece(STATEMENT, start, end, before=before, after=after)
    if sign == "${":
        return piece._replace(kind=HOLE)
    if word in NATURES:
        return piece._replace(role=OPENS, word=word, nature=NATURES[word])
    if word == "else":
        return piece._replace(role=TURNS, word=word, other=True)
    if word.startswith("end") and word[3:] in NATURES:
        return piece._replace(role=CLOSES, word=word[3:])
    return piece
