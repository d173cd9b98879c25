"""Agents that watch PostgreSQL: each holds connections of its own for as long as it runs."""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.problem import Label
from pgfpmlint.formats import foreign_lines
from pgfpmlint.resolve.connection import Connection, Connections
from pgfpmlint.resolve.settings import Reading
from pgfpmlint.resolve.workers import ClientReading, Factor, WorkersReading
from pgfpmlint.source.text import Place, Source
from pgfpmlint.syntax.document import Document


def watching(
    kind: str, service: str, place: Place, found: Sequence[Connection], unclear: Sequence[Label], each: Factor
) -> WorkersReading:
    """One agent, which a deployment of any application leaves alone."""
    connections = Connections(tuple(found), None, tuple(unclear))
    return WorkersReading(kind, service, place, (), (each,), connections, deployed=False)


def reading(kind: str, documents: Sequence[Document], workers: Sequence[WorkersReading]) -> ClientReading | None:
    """None where no file tells of an agent of ours."""
    if not workers:
        return None
    return ClientReading(Reading(kind, ServerVersion(kind, (), ""), tuple(documents), ()), tuple(workers))


def document(kind: str, path: str, source: Source) -> Document:
    """A file whose own parser reads all its lines together."""
    return Document(kind, path, source, foreign_lines.nodes(source.text, ("#",)))
