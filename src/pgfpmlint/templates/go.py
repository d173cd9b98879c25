"""Templates of Go's text/template, as Helm, confd and consul-template use it: ``{{ actions }}``.

https://pkg.go.dev/text/template
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
    OPENS,
    STATEMENT,
    TEXT,
    TURNS,
    Fault,
    Piece,
    Scan,
)

LINES = False
ENDING = "{{ end }}"

NATURES = {"if": CHOICE, "range": LOOP, "with": CHOICE, "define": ASIDE, "block": CHOICE}

_ASSIGNS = re.compile(r"\$\w*\s*(?:,\s*\$\w+\s*)?:?=(?!=)")
_QUOTED = re.compile(r'"(?:[^"\\\n]|\\.)*"|`[^`]*`|\'(?:[^\'\\\n]|\\.)*\'')


def scan(text: str) -> Scan:
    """See `pgfpmlint.templates.piece.Language`."""
    pieces: list[Piece] = []
    faults: list[Fault] = []
    at, start = 0, text.find("{{")
    while start >= 0:
        end, says = _end(text, start)
        if says:
            faults.append(Fault(start, start + 2, says, "write }} where the action ends"))
            break
        if start > at:
            pieces.append(Piece(TEXT, at, start))
        pieces.append(_piece(text, start, end))
        at, start = end, text.find("{{", end)
    if at < len(text):
        pieces.append(Piece(TEXT, at, len(text)))
    return Scan(tuple(pieces), tuple(faults))


def _end(text: str, start: int) -> tuple[int, str]:
    at = start + 2
    if text[at : at + 1] == "-" and text[at + 1 : at + 2].isspace():
        at += 1
    inner = at + len(text[at:]) - len(text[at:].lstrip()) if text[at : at + 1].isspace() else at
    if text.startswith("/*", inner):
        end = text.find("*/", inner)
        if end < 0:
            return 0, "opens a comment that nothing closes"
        rest = text[end + 2 :]
        blank = len(rest) - len(rest.lstrip())
        closing = 3 if blank and rest[blank:].startswith("-}}") else 2
        if not rest[blank + closing - 2 :].startswith("}}"):
            return 0, "holds a comment and more"
        return end + 2 + blank + closing, ""
    size = len(text)
    while at < size:
        letter = text[at]
        if letter in "\"`'":
            quoted = _QUOTED.match(text, at)
            if quoted is None:
                return 0, "holds a quote that nothing closes"
            at = quoted.end()
        elif letter == "}" and text.startswith("}}", at):
            return at + 2, ""
        else:
            at += 1
    return 0, "opens an action that nothing closes"


def _piece(text: str, start: int, end: int) -> Piece:
    before = text[start + 2] == "-" and text[start + 3 : start + 4].isspace()
    after = end - start > 6 and text[end - 3] == "-" and text[end - 4].isspace()
    body = text[start + 2 + before : end - 2 - after].strip()
    piece = Piece(STATEMENT, start, end, before=before, after=after)
    if body.startswith("/*"):
        return piece._replace(kind=COMMENT)
    words = body.split(None, 2)
    word = words[0].partition("(")[0] if words else ""
    if word in NATURES:
        return piece._replace(role=OPENS, word=word, nature=NATURES[word])
    if word == "else":
        return piece._replace(role=TURNS, word=word, other=len(words) == 1)
    if word == "end" and len(words) == 1:
        return piece._replace(role=CLOSES)
    if word in ("break", "continue", "fail", "required") or _ASSIGNS.match(body):
        return piece if word != "required" else piece._replace(kind=HOLE)
    return piece._replace(kind=HOLE)
