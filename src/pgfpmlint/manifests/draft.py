"""A server's file put together out of another's pieces: what people wrote, and what the product adds to it.

::

    draft = Draft(source, "shop/postgresql.conf", section)      # section: a node; what nobody wrote is shown there
    draft.setting(key, value)                                   # max_connections = '100'
    draft.glue("port = '").scalar(value).glue("'\\n")            # by hand
    draft.line(item)                                            # a record of a list
    source = draft.excerpt()

Nodes are those of ruamel.yaml's composer (manifests/documents.py): their marks are all that is asked of them, besides
their values.
"""

from __future__ import annotations

from typing import Any

from pgfpmlint.manifests.scalar import excerpt, extent, stretches
from pgfpmlint.source.excerpt import Excerpt, Stretch
from pgfpmlint.source.text import Source


class Draft:
    """``section`` is where glue is shown that stands at no value: a node, usually a key; else the file's start."""

    def __init__(self, source: Source, label: str, section: Any = None) -> None:
        self._source = source
        self._label = label
        self._section = section
        self._text: list[str] = []
        self._stretches: list[Stretch] = []
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
        return self._add(node.value, stretches(self._source.text, node))

    def part(self, node: Any, start: int, end: int) -> Draft:
        """The characters of what the node holds from ``start`` to ``end``."""
        whole = excerpt(self._source, node, self._label).surface(start, end)
        return self._add(node.value[start:end], [Stretch(0, whole.start, whole.end)])

    def name(self, node: Any) -> Draft:
        """What the node holds, shown as the whole node: with its quotes, if it has any."""
        return self.rendered(node, node.value) if node.style else self.scalar(node)

    def quoted(self, node: Any, doubled: str = "'\\") -> Draft:
        """What the node holds, in single quotes as postgresql.conf has them, ``doubled`` signs twice. The quotes are
        shown where the node's own are."""
        start, end = self._extent(node)
        text = node.value
        value = self._stretched(node, doubled) if any(sign in text for sign in doubled) else None
        self._add("'", [Stretch(0, start, start)])
        if value is None:
            self.scalar(node)
        else:
            self._add(*value)
        return self._add("'", [Stretch(0, end, end)])

    def rendered(self, node: Any, text: str) -> Draft:
        """What the product makes of the node: ``on`` of a ``true``. All of it is shown as the whole node."""
        return self._add(text, [Stretch(0, *self._extent(node))])

    def setting(self, key: Any, value: Any, text: str | None = None) -> Draft:
        """A line ``name = 'value'``, as PostgreSQL reads it. ``text`` is what the product writes for the value, where
        that is something else than what it says."""
        self.name(key)
        self._add(" = ", [Stretch(0, self._extent(key)[1], self._extent(value)[0])])
        if text is None or text == value.value:
            self.quoted(value)
        else:
            self.rendered(value, quote(text))
        return self._end(value)

    def line(self, node: Any) -> Draft:
        """What the node holds, as a line of its own, or several."""
        self.scalar(node)
        return self if node.value.endswith("\n") else self._end(node)

    def excerpt(self) -> Excerpt:
        return Excerpt(self._source, self._label, "".join(self._text), self._stretches)

    def _end(self, node: Any) -> Draft:
        end = self._extent(node)[1]
        return self._add("\n", [Stretch(0, end, end)])

    def _extent(self, node: Any) -> tuple[int, int]:
        return extent(self._source.text, node)

    def _add(self, text: str, found: list[Stretch]) -> Draft:
        if text:
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


def quote(text: str) -> str:
    """``text`` as postgresql.conf takes it."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
