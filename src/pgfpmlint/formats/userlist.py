"""userlist.txt (PgBouncer's auth_file): ``"user" "secret"`` records, cut up as PgBouncer cuts them.

A record is not a line: whatever stands between the two quoted fields is skipped, line ends too, and so is the rest of
the line behind the second. ``;`` starts a comment, ``#`` does not. See ``load_auth_file`` in
https://github.com/pgbouncer/pgbouncer/blob/master/src/loader.c
"""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Blank, Comment, Document, Field, Malformed, Node, Record, Value

_SPACE = " \t\n\v\f\r"
_BROKEN = "broken auth file"


def parse(source: Source, path: str, version: ServerVersion) -> Document:
    text = source.text
    nul = text.find("\0")
    stop = len(text) if nul < 0 else nul
    nodes: list[Node] = []
    at = 0
    while at < stop:
        end = text.find("\n", at, stop) + 1 or stop
        body = text[at:end].lstrip(_SPACE)
        start = end - len(body)
        if not body:
            nodes.append(Blank(at, end))
        elif body[0] == ";":
            nodes.append(Comment(at, end, start))
        else:
            node = _record(text, at, start, stop)
            nodes.append(node or _malformed(text, at, start, end))
            end = nodes[-1].end
        at = end
    if stop < len(text):
        nodes.append(Blank(stop, len(text)))
    return Document("userlist.txt", path, source, tuple(nodes))


def _record(text: str, at: int, start: int, stop: int) -> Record | None:
    name = _quoted(text, start, stop)
    if name is None:
        return None
    opening = text.find('"', name.end, stop)
    secret = _quoted(text, opening, stop) if opening >= 0 else None
    if secret is None:
        return None
    end = text.find("\n", secret.end, stop) + 1 or stop
    fields = tuple(Field(value.start, value.end, (value,), (True,)) for value in (name, secret))
    return Record(at, end, fields)


def _quoted(text: str, at: int, stop: int) -> Value | None:
    """The field whose opening quote is at ``at``; two quotes inside are one."""
    if text[at : at + 1] != '"':
        return None
    offsets: list[int] = []
    here = at + 1
    while True:
        quote = text.find('"', here, stop)
        if quote < 0:
            return None
        offsets.extend(range(here, quote))
        if quote + 1 >= stop or text[quote + 1] != '"':
            return Value("".join(map(text.__getitem__, offsets)), at, quote + 1, tuple(offsets))
        offsets.append(quote + 1)
        here = quote + 2


def _malformed(text: str, at: int, start: int, end: int) -> Malformed:
    return Malformed(at, end, _BROKEN, start, start + len(text[start:end].rstrip(_SPACE)))
