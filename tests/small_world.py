"""A world small enough to write down in a test: the engine and the reports are tried on it, without any format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pgfpmlint.engine.world import UnreadLike
from pgfpmlint.finding.problem import Problem
from pgfpmlint.registry.definition import Definition
from pgfpmlint.registry.load import RuleBook
from pgfpmlint.registry.select import Rule
from pgfpmlint.source.text import Place, Source
from pgfpmlint.syntax.document import Assignment, Blank, Comment, Document, Node, Value


class SmallReading(NamedTuple):
    documents: Sequence[Document]


class SmallWorld(NamedTuple):
    readings: Sequence[SmallReading] = ()
    problems: Sequence[Problem] = ()
    unread: Sequence[UnreadLike] = ()
    not_evaluated: Sequence[tuple[str, str]] = ()
    nodes: Mapping[str, Sequence[object]] = {}
    mentioned: Sequence[str] = ()

    def subjects(self, kind: str) -> Sequence[object]:
        return self.nodes.get(kind, ())

    def has(self, kind: str) -> bool:
        return bool(self.subjects(kind))

    def may_mention(self, words: Sequence[str]) -> bool:
        return any(word in self.mentioned for word in words)


def document(text: str, path: str = "etc/some.conf") -> Document:
    """Lines of ``key = value``, with ``#`` comments alone on a line or after a value."""
    source = Source(path, text)
    nodes: list[Node] = []
    start = 0
    for line in text.splitlines(keepends=True):
        end, body = start + len(line), line.strip()
        if not body:
            nodes.append(Blank(start, end))
        elif body.startswith("#"):
            nodes.append(Comment(start, end, start + line.index("#")))
        else:
            key = Value(line.split()[0], start, start + len(line.split()[0]))
            sign = start + line.index("#") if "#" in line else None
            nodes.append(Assignment(start, end, key, None, comment=sign))
        start = end
    return Document("some.conf", "/" + path, source, tuple(nodes))


def world(*documents: Document, **more: Any) -> SmallWorld:
    nodes: dict[str, Sequence[object]] = {"file": [document.source for document in documents]}
    return SmallWorld([SmallReading(documents)], **{"nodes": nodes, **more})


def place(document: Document, text: str) -> Place:
    """Where ``text`` stands, which must be in one place only."""
    assert document.source.text.count(text) == 1
    start = document.source.text.index(text)
    return document.source.place(start, start + len(text))


def rule(id_: str, **more: Any) -> Definition:
    given = {"title": "A title", "message": "{says}", "severity": "warning", "subject": "file", "check": "reading"}
    return Definition(id_, **{**given, "since": "0.1.0", **more})


def rules(book: RuleBook, *but: str) -> list[Rule]:
    """All rules of a book as a run applies them, except ``but``."""
    return [Rule(found, found.severity, {}) for found in book.rules.values() if found.id not in but]
