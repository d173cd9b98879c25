"""A server's file put together out of another's pieces: what people wrote, and what the product adds to it.

::

    draft = Draft(source, "shop/postgresql.conf", section)      # section: a node; what nobody wrote is shown there
    draft.setting(key, value)                                   # max_connections = '100'
    draft.glue("port = '").scalar(value).glue("'\\n")            # by hand
    draft.line(item)                                            # a record of a list
    source = draft.excerpt()

What scalars hold can be changed by fixes, and a whole `setting` or `line` can go; glue stays as it is.

Nodes are those of ruamel.yaml's composer (manifests/documents.py): their marks are all that is asked of them, besides
their values.
"""

from __future__ import annotations

from typing import Any

from pgfpmlint.manifests.entry import Entry, Portion, Quoted
from pgfpmlint.manifests.scalar import excerpt, extent, stretches, writing
from pgfpmlint.source.excerpt import Excerpt, Piece, Stretch, Writing
from pgfpmlint.source.text import Source


class Draft:
    """``section`` is where glue is shown that stands at no value: a node, usually a key; else the file's start."""

    def __init__(self, source: Source, label: str, section: Any = None) -> None:
        self._source = source
        self._label = label
        self._section = section
        self._text: list[str] = []
        self._stretches: list[Stretch] = []
        self._pieces: list[Piece] = []
        self._length = 0

    def glue(self, text: str, at: Any = None) -> Draft:
        """``text`` that nobody wrote; findings in it are shown at the node ``at``, or at the section."""
        node = self._section if at is None else at
        start, until = self._extent(node) if node is not None else (0, 0)
        return self._add(text, [Stretch(0, start, until)])

    def given(self, text: str, at: Any = None) -> Draft:
        """As `glue`, of whole lines that the product adds of its own: rules about one file are silent of them."""
        node = self._section if at is None else at
        start, until = self._extent(node) if node is not None else (0, 0)
        return self._add(text, [Stretch(0, start, until, given=True)])

    def scalar(self, node: Any) -> Draft:
        """What the node holds, each character where it is written."""
        found = stretches(self._source.text, node)
        return self._add(node.value, found, writing(self._source.text, node, found))

    def part(self, node: Any, start: int, end: int) -> Draft:
        """The characters of what the node holds from ``start`` to ``end``."""
        whole = excerpt(self._source, node, self._label).surface(start, end)
        part = Portion(writing(self._source.text, node), start)
        return self._add(node.value[start:end], [Stretch(0, whole.start, whole.end)], part)

    def name(self, node: Any) -> Draft:
        """What the node holds, a name or a number, shown as the whole node: with its quotes, if it has any."""
        if not node.style:
            return self.scalar(node)
        return self._add(node.value, [Stretch(0, *self._extent(node))], writing(self._source.text, node))

    def quoted(self, node: Any, doubled: str = "'\\") -> Draft:
        """What the node holds, in single quotes as postgresql.conf has them, ``doubled`` signs twice. The quotes are
        shown where the node's own are."""
        start, end = self._extent(node)
        begin = self._length
        text = node.value
        value = self._stretched(node, doubled) if any(sign in text for sign in doubled) else None
        self._add("'", [Stretch(0, start, start)])
        if value is None:
            self._add(node.value, stretches(self._source.text, node))
        else:
            self._add(*value)
        self._add("'", [Stretch(0, end, end)])
        return self._written(begin, Quoted(writing(self._source.text, node), quote(text, doubled)))

    def rendered(self, node: Any, text: str) -> Draft:
        """What the product makes of the node: ``on`` of a ``true``. All of it is shown as the whole node."""
        return self._add(text, [Stretch(0, *self._extent(node))])

    def setting(self, key: Any, value: Any, text: str | None = None) -> Draft:
        """A line ``name = 'value'``, as PostgreSQL reads it. ``text`` is what the product writes for the value, where
        that is something else than what it says."""
        begin = self._length
        self.name(key)
        self._add(" = ", [Stretch(0, self._extent(key)[1], self._extent(value)[0])])
        if text is None or text == value.value:
            self.quoted(value)
        else:
            quoted = quote(text)
            self._add(quoted, [Stretch(0, *self._extent(value))], Quoted(writing(self._source.text, value), quoted))
        self._end(value)
        return self._entry(begin, self._extent(key)[0], self._extent(value)[1])

    def line(self, node: Any) -> Draft:
        """What the node holds, as a line of its own, or several."""
        begin = self._length
        self.scalar(node)
        if node.value.endswith("\n"):
            return self
        self._end(node)
        start, end = self._extent(node)
        dash = self._source.text[:start].rstrip(" ")
        return self._entry(begin, len(dash) - 1, end) if dash.endswith("-") else self

    def excerpt(self) -> Excerpt:
        return Excerpt(self._source, self._label, "".join(self._text), self._stretches, self._pieces)

    def _end(self, node: Any) -> Draft:
        end = self._extent(node)[1]
        return self._add("\n", [Stretch(0, end, end)])

    def _extent(self, node: Any) -> tuple[int, int]:
        return extent(self._source.text, node)

    def _entry(self, begin: int, start: int, end: int) -> Draft:
        """The line from ``begin`` on is all that ``start:end`` of the file makes."""
        return self._written(begin, Entry(self._source.text, start, end, self._length - begin))

    def _written(self, begin: int, by: Writing) -> Draft:
        """What was added from ``begin`` on can be changed as ``by`` does it."""
        self._pieces.append(Piece(begin, self._length, by))
        return self

    def _add(self, text: str, found: list[Stretch], by: Writing | None = None) -> Draft:
        if text:
            if by is not None:
                self._pieces.append(Piece(self._length, self._length + len(text), by))
            self._text.append(text)
            self._stretches += [one._replace(start=one.start + self._length) for one in found]
            self._length += len(text)
        return self

    def _stretched(self, node: Any, doubled: str) -> tuple[str, list[Stretch]]:
        """The node's text with those signs twice, sign by sign."""
        written = excerpt(self._source, node, self._label)
        text: list[str] = []
        found: list[Stretch] = []
        at = 0
        for number, sign in enumerate(node.value):
            place = written.surface(number, number + 1)
            shown = sign * 2 if sign in doubled else sign
            found.append(Stretch(at, place.start, place.end))
            text.append(shown)
            at += len(shown)
        return "".join(text), found


def quote(text: str, doubled: str = "'\\") -> str:
    """``text`` as postgresql.conf takes it."""
    return "'" + "".join(sign * 2 if sign in doubled else sign for sign in text) + "'"
