"""supervisord.conf and the files that it includes: INI as Python's RawConfigParser reads it for supervisor.

``;`` and ``#`` begin a comment at the start of a line and behind a blank, ``=`` and ``:`` part keys from values, keys
are of any case, and a line that is indented further than its key continues the value. See ``UnhosedConfigParser`` in
https://github.com/Supervisor/supervisor/blob/main/supervisor/options.py and
https://docs.python.org/3/library/configparser.html#supported-ini-file-structure
"""

from __future__ import annotations

from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Assignment, Blank, Comment, Document, Malformed, Node, Section, Value

KIND = "supervisor"

SIGNS = "#;"


def parse(source: Source, path: str) -> Document:
    """Tile ``source``. Lines that RawConfigParser can't read become `Malformed`: supervisor does not start then."""
    text = source.text
    nodes: list[Node] = []
    at, indent, section = 0, 0, False
    while at < len(text):
        end = _line_end(text, at)
        node, stop, indent = _node(text, at, end, indent, section=section)
        section |= isinstance(node, Section)
        nodes.append(node)
        at = stop
    return Document(KIND, path, source, tuple(nodes))


def _node(text: str, at: int, end: int, indent: int, *, section: bool) -> tuple[Node, int, int]:
    """The node that begins with the line, where it ends, and how far its first line is indented."""
    start, last = _written(text, at, end)
    if start >= last:
        sign = _past_blanks(text, at, end)
        return (Comment(at, end, sign) if text[sign : sign + 1] in tuple(SIGNS) else Blank(at, end)), end, indent
    indent = start - at
    if text[start] == "[" and (close := text.rfind("]", start, last)) > start + 1:
        comment = _comment(text, last, end)
        return Section(at, end, Value(text[start + 1 : close], start + 1, close), comment), end, indent
    if not section:
        return Malformed(at, end, "File contains no section headers.", start, last), end, indent
    sign = min(
        (where for where in (text.find("=", start, last), text.find(":", start, last)) if where >= 0), default=-1
    )
    key = text[start:sign].rstrip() if sign >= 0 else ""
    if not key:
        return Malformed(at, end, "Source contains parsing errors", start, last), end, indent
    value, stop = _value(text, _past_blanks(text, sign + 1, last), last, end, indent)
    comment = _comment(text, last, end) if stop == end else None
    return Assignment(at, stop, Value(key, start, start + len(key)), value, None, comment), stop, indent


def _value(text: str, first: int, last: int, end: int, indent: int) -> tuple[Value, int]:
    """The value with the lines that it goes on in, joined by line ends, and where the last of them ends."""
    letters, offsets = text[first:last], list(range(first, last))
    stop, at = end, end
    pending = 0
    while at < len(text):
        after = _line_end(text, at)
        start, until = _written(text, at, after)
        if start >= until:  # empty lines belong to the value if more of it follows
            pending += not text[at:after].strip()
            at = after
            continue
        if start - at <= indent:
            break
        letters += "\n" * (pending + 1) + text[start:until]
        offsets += [start] * (pending + 1) + list(range(start, until))
        pending, at, stop = 0, after, after
    whole = stop == end
    return Value(letters, first, (offsets[-1] + 1) if offsets else first, None if whole else tuple(offsets)), stop


def _written(text: str, at: int, end: int) -> tuple[int, int]:
    """What a line holds besides blanks and comments."""
    start = _past_blanks(text, at, end)
    if text[start : start + 1] in tuple(SIGNS):
        return end, end
    last = end
    for where in range(start + 1, end):
        if text[where] in SIGNS and text[where - 1].isspace():
            last = where
            break
    while last > start and text[last - 1].isspace():
        last -= 1
    return start, last


def _comment(text: str, last: int, end: int) -> int | None:
    """The sign of a comment behind what a line holds."""
    at = _past_blanks(text, last, end)
    return at if text[at : at + 1] in tuple(SIGNS) and at < end else None


def _past_blanks(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


def _line_end(text: str, at: int) -> int:
    return text.find("\n", at) + 1 or len(text)
