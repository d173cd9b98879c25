"""Jinja: ``{{ holes }}``, ``{% statements %}``, ``{# comments #}``; Ansible's and Salt's templates, and Twig's.

https://jinja.palletsprojects.com/en/stable/templates/. Where an expression ends is told as Jinja's own lexer tells it:
not within a string, nor before each bracket within it is closed.
"""

from __future__ import annotations

import re

from pgfpmlint.templates.piece import (
    ASIDE,
    CHOICE,
    CLOSES,
    COMMENT,
    HOLE,
    LOOP,
    MADE,
    OPENS,
    SCOPE,
    STATEMENT,
    TEXT,
    TURNS,
    Fault,
    Piece,
    Scan,
)

LINES = False
ENDING = "{% end{} %}"

NATURES = {
    "if": CHOICE, "for": LOOP, "block": SCOPE, "with": SCOPE, "autoescape": SCOPE, "macro": ASIDE, "call": MADE,
    "filter": MADE, "trans": MADE, "set": ASIDE, "load_yaml": ASIDE, "load_json": ASIDE, "load_text": ASIDE,
}  # fmt: skip
# The last three are Salt's: https://docs.saltproject.io/en/latest/topics/jinja/index.html

_OPENING = re.compile(r"\{[{%#]")
_ASSIGNS = re.compile(r"set\s+[\w.,()\s]+=(?!=)")
_ENDRAW = re.compile(r"\{%[-+]?\s*endraw\s*[-+]?%\}")
_RAW = re.compile(r"\s*raw\s*\Z")
_STRING = re.compile(r"'[^'\\]*(?:\\.[^'\\]*)*'|\"[^\"\\]*(?:\\.[^\"\\]*)*\"", re.DOTALL)
_PAIRS = {")": "(", "]": "[", "}": "{"}


def scan(text: str) -> Scan:
    """See `pgfpmlint.templates.piece.Language`."""
    pieces: list[Piece] = []
    faults: list[Fault] = []
    at = _header(text)
    if at:
        pieces.append(Piece(COMMENT, 0, at))
    found = _OPENING.search(text, at)
    while found is not None:
        start, sign = found.start(), found.group()
        end, says = _end(text, start, sign)
        if says and sign == "{#" and start + 2 == len(text):
            break  # nothing follows that a comment might swallow, and Jinja says nothing
        if says:
            faults.append(Fault(start, start + 2, says, "write its end where it ends"))
            break
        if start > at:
            pieces.append(Piece(TEXT, at, start))
        piece = _piece(text, start, end, sign)
        pieces.append(piece)
        at = end
        if piece.word == "raw":
            closing = _ENDRAW.search(text, end)
            if closing is None and end == len(text):
                break
            if closing is None:
                says = "opens a raw block that nothing closes"
                faults.append(Fault(start, end, says, "write {% endraw %} where the block ends"))
                break
            if closing.start() > end:
                pieces.append(Piece(TEXT, end, closing.start()))
            at = closing.end()
            pieces.append(_flagged(Piece(STATEMENT, closing.start(), at), text))
        found = _OPENING.search(text, at)
    if at < len(text):
        pieces.append(Piece(TEXT, at, len(text)))
    return Scan(tuple(pieces), tuple(faults))


def _header(text: str) -> int:
    """The length of a first line that Ansible takes for itself: ``#jinja2: trim_blocks: True``."""
    return (text.find("\n") + 1 or len(text)) if text.startswith("#jinja2:") else 0


def _end(text: str, start: int, sign: str) -> tuple[int, str]:
    """Where the tag ends, or why it does not."""
    if sign == "{#":
        end = text.find("#}", start + 2)
        return (end + 2, "") if end >= 0 else (0, "opens a comment that nothing closes")
    closing = "}}" if sign == "{{" else "%}"
    open_: list[str] = []
    at, size = start + 2, len(text)
    while at < size:
        letter = text[at]
        if letter in "'\"":
            string = _STRING.match(text, at)
            if string is None:
                return 0, "holds a quote that nothing closes"
            at = string.end()
            continue
        if not open_ and text.startswith(closing, at):
            return at + 2, ""
        if letter in "([{":
            open_.append(letter)
        elif letter in ")]}" and (not open_ or open_.pop() != _PAIRS[letter]):
            return 0, f"holds a {letter} that closes nothing"
        at += 1
    return 0, "opens what nothing closes"


def _piece(text: str, start: int, end: int, sign: str) -> Piece:
    if sign == "{#":
        return _flagged(Piece(COMMENT, start, end), text)
    body = text[start + 2 : end - 2].removeprefix("-").removeprefix("+")
    body = body[:-1] if body.endswith(("-", "+")) else body
    if sign == "{{":
        # Ansible's filter that makes comment signs of what is before it.
        is_comment = body.rpartition("|")[2].strip().partition("(")[0] == "comment" and "|" in body
        return _flagged(Piece(COMMENT if is_comment else HOLE, start, end), text)
    return _flagged(_statement(Piece(STATEMENT, start, end), body), text)


def _statement(piece: Piece, body: str) -> Piece:
    words = body.split(None, 1)
    word = words[0] if words else ""
    if word.startswith("load_") and word in NATURES:
        return piece._replace(role=OPENS, word="load", nature=ASIDE)
    if word in NATURES:
        if word == "set" and _ASSIGNS.match(body.lstrip()):
            return piece
        return piece._replace(role=OPENS, word=word, nature=NATURES[word])
    if word in ("else", "elif"):
        return piece._replace(role=TURNS, word=word, other=word == "else")
    if word == "pluralize":
        return piece._replace(role=TURNS, word=word)
    if word == "endload":
        return piece._replace(role=CLOSES, word="load")
    if word.startswith("end") and word[3:] in NATURES:
        return piece._replace(role=CLOSES, word=word[3:])
    if _RAW.match(body):
        return piece._replace(word="raw")
    if word in ("include", "extends"):
        return piece._replace(kind=HOLE)
    return piece


def _flagged(piece: Piece, text: str) -> Piece:
    return piece._replace(before=text[piece.start + 2] == "-", after=text[piece.end - 3] == "-")
