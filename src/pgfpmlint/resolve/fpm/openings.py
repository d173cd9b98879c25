"""Where a file of PHP-FPM is still open: lines that a template fills in, and lines that say less than was meant."""

from __future__ import annotations

from pgfpmlint.resolve.settings import Marks, Unread
from pgfpmlint.source.text import Place
from pgfpmlint.syntax.document import Document

TEMPLATE = "is a template: it holds placeholders"


def placeholder(document: Document, marks: Marks) -> Place | None:
    """The first line with a placeholder in it, of a file that is not known to be a template."""
    if document.source.is_made or not any(mark in document.source.text for mark in marks):
        return None
    places = map(document.node_place, document.statements)
    return next((place for place in places if any(mark in place.text for mark in marks)), None)


def leave_open(unread: list[Unread], place: Place) -> None:
    """A template may bring lines there that nobody knows; the first such place of a file tells."""
    if not any(missing.path == place.path for missing in unread):
        unread.append(Unread(place.path, TEMPLATE, place))


def first_word(text: str) -> str:
    """The directive that a line with no ``=`` most likely meant: ``pm.max_children: 5``."""
    return text.strip().lower().replace(":", " ").partition(" ")[0]
