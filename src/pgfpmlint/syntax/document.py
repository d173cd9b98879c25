"""Documents: a Source tiled by nodes.

The law of this room: the nodes of a document, in order, cover its source without gap or overlap, so their texts
joined give the file back. Parsing never fails; what a server could not read becomes a `Malformed` node.
A node's extent includes its line end. Types are named tuples, not dataclasses: a run of this tool costs about what
starting Python costs, and importing `dataclasses` alone would double that.
"""

from __future__ import annotations

from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Place, Source

# Not all that Python takes for blank: to some servers a vertical tab is a word.
BLANKS = " \t\r\n"


class Value(NamedTuple):
    """A written value: its extent in the source (quotes included) and the text that the server takes from it.

    ``offsets`` maps each character of ``text`` to the offset it came from, for values whose text is not simply what
    is written; None means that text starts at ``start`` and runs on character by character.
    ``variables`` are the holes in ``text`` that only the server's environment fills (``${NAME}`` in PHP-FPM).
    """

    text: str
    start: int
    end: int
    offsets: tuple[int, ...] | None = None
    variables: tuple[Variable, ...] = ()

    def part(self, start: int, end: int) -> tuple[int, int]:
        """Source extent of ``text[start:end]``."""
        if self.offsets is None:
            return self.start + start, self.start + end
        if start >= len(self.offsets):
            return self.end, self.end
        return self.offsets[start], self.offsets[max(start, end - 1)] + 1


class Variable(NamedTuple):
    """A hole in a value: what environment variable ``name`` holds goes in before ``text[at]``, or ``fallback``.

    With ``operands`` it is what the operator ``name`` makes of these, such as of ``${A}|1``.
    """

    at: int
    name: str
    fallback: Value | None = None
    operands: tuple[Value, ...] = ()


class Blank(NamedTuple):
    """A line with nothing on it."""

    start: int
    end: int


class Comment(NamedTuple):
    """A line that only holds a comment; ``sign`` is the offset of its sign (``#`` or ``;``)."""

    start: int
    end: int
    sign: int


class Section(NamedTuple):
    """``[name]``; ``name`` covers what is between the brackets."""

    start: int
    end: int
    name: Value
    comment: int | None = None


class Assignment(NamedTuple):
    """``key = value``. ``subscript`` is what stands in the brackets of ``key[subscript]`` (PHP-FPM).

    ``value`` is None where nothing follows the key at all; an empty value is a Value with empty text.
    ``comment`` is the offset of the sign of a comment at the end of the line, where the format allows one.
    """

    start: int
    end: int
    key: Value
    value: Value | None
    subscript: Value | None = None
    comment: int | None = None


class Field(NamedTuple):
    """One field of a record: its values (several where commas separate them) and whether each was quoted."""

    start: int
    end: int
    values: tuple[Value, ...]
    quoted: tuple[bool, ...]


class Record(NamedTuple):
    """A line of fields (pg_hba.conf, pg_ident.conf, userlist.txt)."""

    start: int
    end: int
    fields: tuple[Field, ...]
    comment: int | None = None


class Include(NamedTuple):
    """A directive that reads other files here; ``directive`` is its name as written."""

    start: int
    end: int
    directive: Value
    target: Value
    comment: int | None = None


class Malformed(NamedTuple):
    """What the server can't read. ``says`` is its message; ``at`` and ``until`` are what it objects to."""

    start: int
    end: int
    says: str
    at: int
    until: int


class Statement(NamedTuple):
    """A statement of SQL, a command of psql, or the data of a COPY; ``first`` to ``last`` is what is sent, without its
    semicolon.

    ``kind`` is ``sql``, ``psql`` or ``data``. ``variables`` are the extents of what psql may fill in (``:name``).
    ``open``: a command of psql decides what becomes of it.
    """

    start: int
    end: int
    kind: str
    first: int
    last: int
    open: bool = False
    variables: tuple[tuple[int, int], ...] = ()
    comment: int | None = None


class Foreign(NamedTuple):
    """A line of a language that nests, such as PHP or YAML; its own parser reads them all together. ``comment`` is
    where one begins at its end, if that is known."""

    start: int
    end: int
    comment: int | None = None


class Directive(NamedTuple):
    """Words up to ``;``, or up to the ``{`` that opens a block (nginx). ``until`` is where the last of them ends."""

    start: int
    end: int
    words: tuple[Value, ...]
    until: int
    opens: bool = False
    comment: int | None = None


class Closing(NamedTuple):
    """The ``}`` that closes a block (nginx)."""

    start: int
    end: int
    comment: int | None = None


Node = Blank | Comment | Section | Assignment | Record | Include | Malformed | Statement | Foreign | Directive | Closing


class Document(NamedTuple):
    """One file of one kind, read losslessly. ``path`` is the machine's own path; ``source.path`` the shown one.

    ``parts`` are its nodes save the plainest: empty lines, and lines that begin with a comment sign. Stock files are
    nine tenths that, and hardly anybody asks for it.
    """

    kind: str
    path: str
    source: Source
    parts: tuple[Node, ...]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All nodes. What lies between two parts is lines that are empty or begin with a comment sign."""
        text = self.source.text
        found: list[Node] = []
        at = 0
        for part in (*self.parts, None):
            start = len(text) if part is None else part.start
            while at < start:
                end = text.find("\n", at, start) + 1 or start
                found.append(Blank(at, end) if text[at] == "\n" else Comment(at, end, at))
                at = end
            if part is not None:
                found.append(part)
                at = part.end
        return tuple(found)

    @property
    def statements(self) -> list[Node]:
        """All nodes but blank and comment lines."""
        return [part for part in self.parts if not isinstance(part, (Blank, Comment))]

    def place(self, extent: Value | Field) -> Place:
        return Place(self.source, extent.start, extent.end)

    def node_place(self, node: Node) -> Place:
        """A node's place without indentation, end-of-line comment, trailing blanks and line end."""
        text = self.source.text
        end = getattr(node, "comment", None) or node.end
        body = text[node.start : end]
        lead = len(body) - len(body.lstrip(BLANKS))
        return Place(self.source, node.start + lead, node.start + max(lead, len(body.rstrip(BLANKS))))
