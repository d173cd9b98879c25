"""ERB: ``<%= holes %>``, ``<% statements in Ruby %>``, ``<%# comments %>``; the templates of Chef and Puppet.

https://docs.ruby-lang.org/en/master/ERB.html. ERB knows nothing of Ruby: a tag ends with the next ``%>``. What a
statement does to blocks is told where it is of the usual forms; of others only Ruby's own parser knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pgfpmlint.templates.piece import (
    CHOICE,
    CLOSES,
    COMMENT,
    HOLE,
    LOOP,
    OPENS,
    SCOPE,
    STATEMENT,
    TEXT,
    TURNS,
    Fault,
    Piece,
    Scan,
)

LINES = True
ENDING = "<% end %>"

NATURES = {
    "if": CHOICE, "unless": CHOICE, "case": CHOICE, "while": LOOP, "until": LOOP, "for": LOOP, "begin": SCOPE,
    "do": LOOP, "{": LOOP,
}  # fmt: skip

_TURNS = ("else", "elsif", "when", "in", "rescue", "ensure")
_STRING = re.compile(r"'[^'\\]*(?:\\.[^'\\]*)*'|\"[^\"\\]*(?:\\.[^\"\\]*)*\"", re.DOTALL)
_DO = re.compile(r"\bdo(?:\s*\|[^|]*\|)?\s*\Z")
_BRACE = re.compile(r"\{(?:\s*\|[^|]*\|)?\s*\Z")
_WORD = re.compile(r"[A-Za-z_]\w*[?!]?|[{}]")
_DEEP = frozenset(NATURES) | {"end", "}", "def", "class", "module", *_TURNS, "then"}


def scan(text: str) -> Scan:
    """See `pgfpmlint.templates.piece.Language`. A tag that nothing closes is none: what is behind it is text."""
    found = tagged(text, _statement)
    if not found.faults:
        return found
    *pieces, rest = found.pieces
    hole = Piece(HOLE, rest.start, found.faults[0].end)
    if found.faults[0].start > rest.start:
        pieces.append(Piece(TEXT, rest.start, found.faults[0].start))
        hole = hole._replace(start=found.faults[0].start)
    pieces.append(hole)
    if rest.end > hole.end:
        pieces.append(Piece(TEXT, hole.end, rest.end))
    return Scan(tuple(pieces), (), found.sure)


def tagged(text: str, statement: Callable[[Piece, str], Piece | None]) -> Scan:
    """The pieces between ``<%`` and ``%>``; ``statement`` tells what the code in one does to blocks."""
    pieces: list[Piece] = []
    faults: list[Fault] = []
    at, start = 0, text.find("<%")
    sure = True
    while start >= 0:
        if text.startswith("<%%", start):
            start = text.find("<%", start + 3)
            continue
        end = _end(text, start + 2)
        if end < 0:
            faults.append(Fault(start, start + 2, "opens a tag that nothing closes", "write %> where the tag ends"))
            break
        if start > at:
            pieces.append(Piece(TEXT, at, start))
        piece, understood = _piece(text, start, end, statement)
        pieces.append(piece)
        sure = sure and understood
        at, start = end, text.find("<%", end)
    if at < len(text):
        pieces.append(Piece(TEXT, at, len(text)))
    return Scan(tuple(pieces), tuple(faults), sure)


def _end(text: str, at: int) -> int:
    end = text.find("%>", at)
    while end > 0 and text[end - 1] == "%" and end - 1 >= at:
        end = text.find("%>", end + 2)  # %%> is a literal %>
    return end + 2 if end >= 0 else -1


def _piece(text: str, start: int, end: int, statement: Callable[[Piece, str], Piece | None]) -> tuple[Piece, bool]:
    body = text[start + 2 : end - 2]
    after = body.endswith("-")
    body = body[:-1] if after else body
    sign = body[:1]
    if sign == "#":
        return Piece(COMMENT, start, end, after=after), True
    if sign == "=":
        return Piece(HOLE, start, end, after=after), True
    before = sign == "-"
    piece = Piece(STATEMENT, start, end, before=before, after=after)
    found = statement(piece, body[1:] if before else body)
    return (piece, False) if found is None else (found, True)


def _statement(piece: Piece, body: str) -> Piece | None:
    """The statement with its role; None where it does more than the usual forms do."""
    code = "\n".join(line.partition("#")[0] for line in _STRING.sub("''", body).split("\n")).strip()
    first = _WORD.match(code)
    word = first.group() if first else ""
    do, brace = _DO.search(code), _BRACE.search(code)
    inner = code[: (do or brace).start()] if do or brace else code  # type: ignore[union-attr]
    if word in _TURNS and not (do or brace):
        if word == "in":
            return None
        return piece._replace(role=TURNS, word=word, other=word == "else")
    if word in ("end", "}") and code in ("end", "}", "end;"):
        return piece._replace(role=CLOSES, word="}" if word == "}" else "end")
    if word in ("end", "}"):
        return None
    rest = [found for found in _WORD.findall(inner[len(word) :] if word in NATURES else inner) if found in _DEEP]
    turns = {*_TURNS} - ({"when"} if word == "case" else set())
    if word in NATURES and not any(one in ("end", "}", *turns, "case", "begin", "def") for one in rest):
        if brace or (do and word not in ("while", "until", "for")):
            return None
        both = word == "case" and "when" in rest  # the first alternative begins with the block itself
        return piece._replace(role=OPENS, word="case when" if both else word, nature=NATURES[word])
    if do or brace:
        # a hash literal that is left open, or a block: `x.each do |y|`
        if any(one in ("end", "def", "case", "begin") for one in rest) or inner.count("{") != inner.count("}"):
            return None
        nature = LOOP
        return piece._replace(role=OPENS, word="do" if do else "{", nature=nature)
    if any(one in _DEEP - {"if", "unless", "{", "}", "then", "in"} for one in rest):
        return None
    if rest.count("{") != rest.count("}"):
        return None
    if "\n" in code and any(line.lstrip().startswith(("if ", "unless ")) for line in code.split("\n")):
        return None
    return piece
