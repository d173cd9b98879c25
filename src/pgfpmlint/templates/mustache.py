"""Mustache, and what Handlebars has beyond it. https://mustache.github.io/mustache.5.html"""

from __future__ import annotations

from pgfpmlint.templates.piece import (
    CHOICE,
    CLOSES,
    COMMENT,
    HOLE,
    LOOP,
    OPENS,
    STATEMENT,
    TEXT,
    TURNS,
    Fault,
    Piece,
    Scan,
)

LINES = False
ENDING = "{{/{}}}"


def scan(text: str) -> Scan:
    """See `pgfpmlint.templates.piece.Language`. Delimiters that a template sets for itself are not followed."""
    pieces: list[Piece] = []
    faults: list[Fault] = []
    at, start = 0, text.find("{{")
    sure = True
    while start >= 0:
        closing = "}}}" if text.startswith("{{{", start) else "--}}" if text.startswith("{{!--", start) else "}}"
        end = text.find(closing, start + 2)
        if end < 0:
            faults.append(Fault(start, start + 2, "opens a tag that nothing closes", "write }} where the tag ends"))
            break
        end += len(closing)
        if start > at:
            pieces.append(Piece(TEXT, at, start))
        piece = _piece(text, start, end)
        sure = sure and text[start + 2] != "="
        pieces.append(piece)
        at, start = end, text.find("{{", end)
    if at < len(text):
        pieces.append(Piece(TEXT, at, len(text)))
    return Scan(tuple(pieces), tuple(faults), sure)


def _piece(text: str, start: int, end: int) -> Piece:
    body = text[start:end].strip("{}")
    before, after = body.startswith("~"), body.endswith("~")
    body = body.strip("~").strip()
    sign, words = body[:1], body[1:].split()
    name = words[0] if words else ""
    piece = Piece(STATEMENT, start, end, before=before, after=after)
    if sign == "#":
        return piece._replace(role=OPENS, word=name, nature=CHOICE if name in ("if", "unless") else LOOP)
    if sign == "^" and name:
        return piece._replace(role=OPENS, word=name, nature=CHOICE)
    if sign == "/":
        return piece._replace(role=CLOSES, word=name)
    if sign in ("!", "="):
        return piece._replace(kind=COMMENT)
    if body == "else" or body == "^" or body.startswith("else "):
        return piece._replace(role=TURNS, word="else", other=body in ("else", "^"))
    return piece._replace(kind=HOLE)
