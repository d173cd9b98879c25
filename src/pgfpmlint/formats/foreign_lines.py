"""Files of languages that nest, line by line: all that is wanted of their lines is where comments stand."""

from __future__ import annotations

from pgfpmlint.syntax.document import Blank, Comment, Foreign, Node


def nodes(text: str, signs: tuple[str, ...]) -> tuple[Node, ...]:
    """A node for each line. A line that begins with a comment sign is taken for a comment, even within a string."""
    found: list[Node] = []
    at = 0
    while at < len(text):
        end = text.find("\n", at) + 1 or len(text)
        body = text[at:end].lstrip(" \t")
        start = end - len(body)
        if not body.strip(" \t\r\n"):
            found.append(Blank(at, end))
        elif body.startswith(signs):
            found.append(Comment(at, end, start))
        else:
            found.append(Foreign(at, end))
        at = end
    return tuple(found)
