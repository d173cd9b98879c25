"""EPP, Puppet's own: tags as in ERB, blocks in braces. https://www.puppet.com/docs/puppet/8/lang_template_epp.html"""

from __future__ import annotations

import re

from pgfpmlint.templates.erb import tagged
from pgfpmlint.templates.piece import CHOICE, CLOSES, LOOP, OPENS, TURNS, Piece, Scan

LINES = True
ENDING = "<% } %>"

_STRING = re.compile(r"'[^'\\]*(?:\\.[^'\\]*)*'|\"[^\"\\]*(?:\\.[^\"\\]*)*\"", re.DOTALL)


def scan(text: str) -> Scan:
    """See `pgfpmlint.templates.piece.Language`."""
    return tagged(text, _statement)


def _statement(piece: Piece, body: str) -> Piece | None:
    """By its braces: ``}`` first ends something, ``{`` last begins something, both go on with an alternative."""
    code = "\n".join(line.partition("#")[0] for line in _STRING.sub("''", body).split("\n")).strip()
    closes, opens = code.startswith("}"), code.endswith("{")
    inner = code[closes : len(code) - opens] if code else ""
    if inner.count("{") != inner.count("}"):
        return None
    word = inner.split()[0].partition("(")[0] if inner.split() else ""
    if closes and opens:
        return piece._replace(role=TURNS, word=word, other=word == "else") if word in ("else", "elsif") else None
    if closes:
        return piece._replace(role=CLOSES, word="}") if not inner.strip() else None
    if opens:
        return piece._replace(role=OPENS, word="{", nature=CHOICE if word in ("if", "unless", "case") else LOOP)
    return piece
