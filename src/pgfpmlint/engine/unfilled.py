"""Lines of a template that are still to be filled in: what a server minds there is gone once they are.

``{{ x }}`` and the like are known when files are read; these are the marks of sed, envsubst and hand-made scripts,
which only stand out where a server refuses them. Imported where one does.
"""

from __future__ import annotations

import re

from pgfpmlint.source.text import Place

# __NAME__, @name@, %NAME%, <name>, $NAME.
_MARKS = re.compile(r"__[A-Z][A-Z0-9_]*__|@[A-Za-z_]\w*@|%[A-Z][A-Z0-9_]{2,}%|<[A-Za-z][\w-]*>|\$[A-Z][A-Z0-9_]+")

# A name in capitals that ends as the setting before it is called: pool_mode = POOL_MODE, port=PG_PORT.
_OWN_NAME = re.compile(r"\b([A-Z0-9_]+)[ \t='\"]+(?:[A-Z0-9]+_)*\1$")

_WORD = re.compile(r"\S+")


def is_unfilled(place: Place) -> bool:
    """Whether a placeholder stands there, or in the word that begins before it and goes on."""
    text = place.source.text
    begin, end = text.rfind("\n", 0, place.start) + 1, text.find("\n", place.start)
    line = text[begin : end if end >= 0 else len(text)]
    at = place.start - begin
    for word in _WORD.finditer(line):
        if word.start() <= at < word.end() and _MARKS.search(word.group()):
            return True
    value = place.text.strip("'\"")
    return "_" in value and value.isupper() and _OWN_NAME.search(f"{line[:at].upper()}{value}") is not None
