"""Lines of words: the grammar that pg_hba.conf, pg_ident.conf and the files behind ``@name`` share.

What a word is, see https://www.postgresql.org/docs/current/auth-pg-hba-conf.html; what the servers do beyond it was
measured on PostgreSQL 13 to 18. Most of a stock file is comments, so a line that starts with ``#`` costs next to
nothing, and a line without quotes and commas is split by ``str.split``.
"""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Blank, Comment, Document, Field, Include, Malformed, Node, Record, Value

BLANKS = " \t\r"
"""What separates words up to PostgreSQL 18; since 19 a carriage return does not, and a vertical tab never did."""

INCLUDES = frozenset(("include", "include_if_exists", "include_dir"))

LONGEST_TOKEN = 10239  # bytes, up to PostgreSQL 15; 16 has no limit
LONGEST_LINE = 20478  # bytes with its line feed, up to PostgreSQL 13


class Token(NamedTuple):
    """A word while it is still counted in characters of its logical line; ``spots`` as in ``Value.offsets``."""

    text: str
    start: int
    end: int
    quoted: bool
    spots: list[int] | None


class Words(NamedTuple):
    """One logical line taken apart; ``comment`` is where its ``#`` stands, ``too_long`` the token that breaks it."""

    fields: list[list[Token]]
    comment: int | None
    too_long: tuple[int, int] | None = None


def parse(kind: str, source: Source, path: str, version: ServerVersion) -> Document:
    """Tile ``source`` with the nodes that a server of that version sees in it."""
    text = source.text
    size, find = len(text), text.find
    nodes: list[Node] = []
    plain = "\n" if "\\" in text or "\0" in text else "\n#"  # these may join a comment with its next line
    start = 0
    while start < size:
        end = find("\n", start) + 1 or size
        if text[start] not in plain or end - start > LONGEST_LINE // 4:
            nodes.append(_logical_line(text, start, end, version))
            end = nodes[-1].end
        start = end
    return Document(kind, path, source, tuple(nodes))


def _logical_line(text: str, start: int, end: int, version: ServerVersion) -> Node:
    """The node of the line that begins at ``start``, whose first line feed stands before ``end``."""
    line = text[start:end]
    spots: Sequence[int] | None = None
    if "\\" in line or "\0" in line:
        line, spots, end = _joined(text, start, joins=version.major >= 14)
    blanks = BLANKS if version.major <= 18 else " \t"
    body = line.rstrip("\r\n").lstrip(blanks + ",")
    if version.major <= 13 and end - start > LONGEST_LINE // 4 and _bytes(text[start:end]) > LONGEST_LINE:
        # A buffer full; what follows is the next line to the server.
        end = start + len(_first_bytes(text[start:end], LONGEST_LINE + 1))
        return Malformed(start, end, "authentication file line too long", start, end)
    if not body:
        return Blank(start, end)
    if body[0] == "#":
        sign = len(line.rstrip("\r\n")) - len(body)
        return Comment(start, end, start + sign if spots is None else spots[sign])
    return _record(line.rstrip("\r\n"), start, end, spots, version, blanks)


def _joined(text: str, start: int, *, joins: bool) -> tuple[str, list[int], int]:
    """The logical line that begins at ``start``, with the offset of each of its characters, and where it ends.

    A backslash at the very end of a line joins the next one (14 and newer). So does a NUL there, by accident: reading
    a line stops at the NUL, and as no line feed was seen, reading goes on with the next line.
    """
    spots: list[int] = []
    size = len(text)
    kept = 0  # what earlier lines left behind: a backslash in it joins nothing any more
    while True:
        end = text.find("\n", start) + 1 or size
        nul = text.find("\0", start, end)
        spots.extend(range(start, nul if nul >= 0 else end))
        start = end
        if joins and nul >= 0 and start < size:
            continue
        while spots and text[spots[-1]] in "\r\n":
            spots.pop()
        goes_on = joins and len(spots) > kept and text[spots[-1]] == "\\"
        if goes_on:
            spots.pop()
            kept = len(spots)
        if not goes_on or start >= size:
            return "".join([text[spot] for spot in spots]), spots, end


def _record(line: str, start: int, end: int, spots: Sequence[int] | None, version: ServerVersion, blanks: str) -> Node:
    limit = LONGEST_TOKEN if version.major <= 15 and _bytes(line) >= LONGEST_TOKEN else 0
    is_plain = '"' not in line and "," not in line and not limit
    words = _plain_words(line, blanks) if is_plain else _words(line, limit, blanks)
    places: Sequence[int] = range(start, start + len(line)) if spots is None else spots
    comment = None if words.comment is None else places[words.comment]
    if words.too_long is not None:
        first, last = words.too_long
        return Malformed(start, end, "authentication file token too long", places[first], places[last] + 1)
    fields = tuple([_field(tokens, places) for tokens in words.fields])
    if version.major >= 16 and len(fields) == 2:
        directive, target = fields[0].values[0], fields[1].values[0]
        if directive.text in INCLUDES and len(fields[0].values) == len(fields[1].values) == 1:
            return Include(start, end, directive, target, comment)
    return Record(start, end, fields, comment)


def _field(tokens: list[Token], places: Sequence[int]) -> Field:
    values = tuple([_value(token, places) for token in tokens])
    return Field(values[0].start, values[-1].end, values, tuple([token.quoted for token in tokens]))


def _value(token: Token, places: Sequence[int]) -> Value:
    start, end = places[token.start], places[token.end - 1] + 1
    if token.spots is None and end - start == len(token.text):
        return Value(token.text, start, end)
    spots = range(token.start, token.end) if token.spots is None else token.spots
    return Value(token.text, start, end, tuple([places[spot] for spot in spots]))


def _plain_words(line: str, blanks: str) -> Words:
    """The fields of a line that has neither quotes nor commas: each is one word."""
    sign = line.find("#")
    body = line if sign < 0 else line[:sign]
    fields: list[list[Token]] = []
    at = 0
    for blank in blanks[1:]:
        body = body.replace(blank, " ")
    for word in body.split(" "):
        if word:
            fields.append([Token(word, at, at + len(word), False, None)])
        at += len(word) + 1
    return Words(fields, None if sign < 0 else sign)


def _words(line: str, limit: int, blanks: str) -> Words:
    """The fields of any line. A word ends at a blank, a comma or ``#``; a comma says that its field goes on."""
    fields: list[list[Token]] = []
    size = len(line)
    at = 0
    field: list[Token] = []
    while True:
        while at < size and (line[at] == "," or line[at] in blanks):
            at += 1
        if at >= size or line[at] == "#":
            break
        token, too_long = _word(line, at, limit, blanks)
        if too_long:
            return Words(fields, None, (at, token.end - 1))
        field.append(token)
        at = token.end
        if not line.startswith(",", at):
            fields.append(field)
            field = []
    if field:
        fields.append(field)
    return Words(fields, at if at < size else None)


def _word(line: str, start: int, limit: int, blanks: str) -> tuple[Token, bool]:
    """The word that starts at ``start``. Quotes may stand anywhere in it, and two of them in quotes mean one;
    whether it counts as quoted is told by its first character alone."""
    taken: list[int] = []
    length = 0
    inside = doubled = False
    at = start
    while at < len(line):
        sign = line[at]
        if not inside and (sign in blanks or sign == "#"):
            break
        if limit and length + _bytes(sign) > limit:
            return Token("", start, at + 1, False, None), True
        if sign == "," and not inside:
            break
        if sign != '"' or doubled:
            taken.append(at)
            length += _bytes(sign) if limit else 0
        doubled = inside and sign == '"' and not doubled
        if sign == '"':
            inside = not inside
        at += 1
    text = "".join([line[spot] for spot in taken])
    spots = None if len(taken) == at - start else taken
    return Token(text, start, at, line[start] == '"', spots), False


def _first_bytes(text: str, count: int) -> str:
    if text.isascii():
        return text[:count]
    return text.encode("utf-8", "surrogateescape")[:count].decode("utf-8", "surrogateescape")


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogateescape"))
