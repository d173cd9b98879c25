"""One line of PgBouncer's access files, word by word, as its parser goes through it."""

from __future__ import annotations

from pgfpmlint.source.text import Place
from pgfpmlint.syntax.document import Document, Record, Value


class Ignored(Exception):
    """PgBouncer passes over the line: its own words where it has some, the reason in plain ones, and the place."""

    def __init__(self, says: str, reason: str, place: Place) -> None:
        super().__init__(reason)
        self.says = says
        self.reason = reason
        self.place = place


class Line:
    """The words of a record, and which comes next. ``number`` is the line's."""

    def __init__(self, document: Document, node: Record) -> None:
        self._document = document
        self._node = node
        self._words = [(field.values[0], field.quoted[0]) for field in node.fields]
        self._at = 0
        self.number = document.node_place(node).line

    @property
    def document(self) -> Document:
        return self._document

    def ends(self) -> bool:
        return self._at >= len(self._words)

    def skip(self) -> None:
        """Go past the next word; nothing goes past a quote that is not closed."""
        if not self.ends() and not self._is_open(self._at):
            self._at += 1

    def _is_open(self, at: int) -> bool:
        word, quoted = self._words[at]
        return not quoted and word.text.startswith('"')

    def bare(self) -> Value | None:
        """The next word if it stands without quotes."""
        if self.ends() or self._is_open(self._at):
            return None
        word, quoted = self._words[self._at]
        return None if quoted or word.text == "," else word

    def name(self) -> Value | None:
        """The next word, with or without quotes."""
        if not self.ends() and self._words[self._at][1]:
            return self._words[self._at][0]
        return self.bare()

    def takes(self, word: str) -> bool:
        """Whether the next word is this very one, without quotes; it is passed then."""
        found = self.bare()
        if found is None or found.text != word:
            return False
        self.skip()
        return True

    def takes_comma(self) -> bool:
        if self.ends() or self._words[self._at][1] or self._words[self._at][0].text != ",":
            return False
        self.skip()
        return True

    def ignored(self, says: str, reason: str, at: Value | None = None) -> Ignored:
        """The line is passed over, because of ``at``, or of the word that comes next, or of what is missing."""
        if at is None and not self.ends():
            at = self._words[self._at][0]
        place = self._document.place(at) if at is not None else self.place
        if not self.ends() and self._is_open(self._at):
            reason = "a quote is not closed"
        return Ignored(says, reason, place)

    @property
    def place(self) -> Place:
        """Its words, without the blanks around them."""
        first, last = self._words[0][0], self._words[-1][0]
        return Place(self._document.source, first.start, last.end)
