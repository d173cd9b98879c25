"""Comments to pgfpmlint: ``# pgfpmlint: ignore[family/slug, family/] reason``.

At the end of a line (where the format has comments there) such a comment covers its line; alone on a line it covers the
line below, past further comments; ``ignore-file[…]`` covers the file. What counts as a comment is what the format's
parser says: PgBouncer has none after a value (https://www.pgbouncer.org/config.html#generic-settings).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.engine import MARK
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.source.text import Place, Source
from pgfpmlint.syntax.document import Blank, Comment, Document, Node, Statement

if TYPE_CHECKING:
    from pgfpmlint.engine.world import World


class Directive(NamedTuple):
    """One comment: it is from ``start``, where the mark stands, to ``end``, and speaks of the lines of ``covered``."""

    source: Source
    start: int
    end: int
    covered: tuple[int, int]

    @property
    def place(self) -> Place:
        return self.source.place(self.start, self.end)

    @property
    def body(self) -> str:
        return self.source.text[self.start + len(MARK) : self.end]

    @property
    def named(self) -> str:
        """Itself without its reason, for messages: ``ignore[hba/host-without-tls]``."""
        return self.body.partition("]")[0].strip() + "]"

    @property
    def objection(self) -> str:
        """What is wrong with its form, or nothing."""
        verb, bracket, rest = self.body.partition("[")
        listed, closed, _ = rest.partition("]")
        verb = verb.strip()
        word = verb.split()[0] if verb else "nothing"
        if word not in ("ignore", "ignore-file"):
            return f"{word} is neither ignore nor ignore-file"
        if not bracket or verb != word:
            return f"{word} is followed by no rule in brackets"
        if not closed:
            return "the bracket is not closed"
        if not all(part.strip() for part in listed.split(",")):
            return "a rule's name is missing between the brackets"
        return ""


def directives(world: World) -> Iterator[Directive]:
    """All comments to pgfpmlint, each once, however many readings hold its file."""
    distinct = {
        document.source.identity: document
        for reading in world.readings
        for document in reading.documents
        if MARK in document.source.text
    }
    for document in distinct.values():
        yield from _of_document(document)


def _of_document(document: Document) -> Iterator[Directive]:
    text = document.source.text
    nodes = document.nodes
    for index, node in enumerate(nodes):
        if isinstance(node, Statement):
            yield from _within(document, node)
        sign = node.sign if isinstance(node, Comment) else getattr(node, "comment", None)
        if sign is None:
            continue
        at = text.find(MARK, sign, node.end)
        # The mark counts right after a comment sign only: prose may mention it.
        if at >= 0 and text[sign:at].rstrip(" \t").endswith(("#", ";", "--", "/*", "//")):
            end = at + len(text[at : node.end].rstrip())
            yield Directive(document.source, at, end, _covered(text, nodes, index))


def _within(document: Document, node: Statement) -> Iterator[Directive]:
    """Comments among the lines of one statement of SQL: each speaks of its own line, or else of the next."""
    text = document.source.text
    at = text.find(MARK, node.first, node.last)
    while at >= 0:
        start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at, node.last)
        end = end if end >= 0 else node.last
        before = text[start:at].rstrip(" \t")
        if before.endswith("--"):
            alone = not before[:-2].strip()
            covered = text.find("\n", end + 1) + 1 or len(text) if alone else end
            yield Directive(document.source, at, at + len(text[at:end].rstrip()), (start, covered))
        at = text.find(MARK, end)
        at = at if at < node.last else -1


def _covered(text: str, nodes: Sequence[Node], index: int) -> tuple[int, int]:
    """Extent of the lines that a comment speaks of: its own; and where it stands alone, further comments below it and
    the line below them, if no blank line comes between. Whole lines: some hold several nodes, some nodes several lines.
    """
    end = nodes[index].end
    if isinstance(nodes[index], Comment):
        for node in nodes[index + 1 :]:
            if not isinstance(node, Blank):
                end = node.end
            if not isinstance(node, Comment):
                break
    line_end = text.find("\n", end - 1)
    return text.rfind("\n", 0, nodes[index].start) + 1, line_end + 1 if line_end >= 0 else len(text)
