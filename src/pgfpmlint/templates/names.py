"""Names that a script fills in: ``${NAME}`` and ``$NAME`` as envsubst and the entrypoints of images know them, and what
hand-made scripts replace: ``@NAME@``, ``%name%``, ``__NAME__``, ``A_NAME``.

https://www.gnu.org/software/gettext/manual/html_node/envsubst-Invocation.html
"""

from __future__ import annotations

import re

from pgfpmlint.templates.piece import HOLE, TEXT, Piece, Scan

LINES = True
ENDING = ""

# A bare $NAME is in capitals, as names of the environment are: hashes and regular expressions hold a $ as well. Between
# % are two letters at least: log formats have one. A word in capitals has an underscore, or every word might be one.
_NAME = re.compile(
    r"\$\{[A-Za-z_]\w*(?:[:\-+=?][^}\n]*)?\}"
    r"|\$[A-Z][A-Z0-9_]{2,}(?![A-Za-z0-9+/=$])"
    r"|@[A-Za-z_]\w*@"
    r"|%[A-Za-z_]{2,}%"
    r"|(?<![A-Za-z0-9+/=$-])(?:__)?[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?:__)?(?![A-Za-z0-9+/=$-])"
)


def scan(text: str) -> Scan:
    """See `pgfpmlint.templates.piece.Language`."""
    pieces: list[Piece] = []
    at = 0
    for hole in _NAME.finditer(text):
        if hole.start() > at:
            pieces.append(Piece(TEXT, at, hole.start()))
        pieces.append(Piece(HOLE, hole.start(), hole.end()))
        at = hole.end()
    if at < len(text):
        pieces.append(Piece(TEXT, at, len(text)))
    return Scan(tuple(pieces))
