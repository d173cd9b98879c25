"""Prometheus' postgres_exporter, started with an environment: ``/etc/default/prometheus-postgres-exporter``.

For each data source it keeps one connection and opens another while it is asked
(https://github.com/prometheus-community/postgres_exporter, exporter/server.go and collector/instance.go).
"""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.problem import Label
from pgfpmlint.formats import dotenv
from pgfpmlint.resolve.agents import reading, watching
from pgfpmlint.resolve.connection import Connection, Word, of_string
from pgfpmlint.resolve.environment import Environment, EnvironmentVariable
from pgfpmlint.resolve.workers import ClientReading, Factor, WorkersReading
from pgfpmlint.source.tree import Root
from pgfpmlint.syntax.document import Document

KIND = "postgres_exporter"
OF_A_SOURCE = 2

NAME, URI, USER = "DATA_SOURCE_NAME", "DATA_SOURCE_URI", "DATA_SOURCE_USER"
DISCOVERS = "PG_EXPORTER_AUTO_DISCOVER_DATABASES"


def read(root: Root, files: Sequence[str]) -> ClientReading | None:
    """One exporter for each file that names a data source."""
    documents, workers = list[Document](), list[WorkersReading]()
    for path in files:
        parsed = dotenv.parse(root.read(path), path, ServerVersion(KIND, (), ""))._replace(kind=KIND)
        one = _exporter(Environment(files=(parsed,), like_shell=True))
        if one is not None:
            documents.append(parsed)
            workers.append(one)
    return reading(KIND, documents, workers)


def _exporter(environment: Environment) -> WorkersReading | None:
    named, uri, user = environment.get(NAME), environment.get(URI), environment.get(USER)
    said = named if named is not None and named.text != "" else uri
    if said is None or said.place is None or said.text == "":
        return None
    each = Factor(OF_A_SOURCE, "connections of the exporter", said.place)
    discovers = environment.get(DISCOVERS)
    if discovers is not None and (discovers.text or "").lower() in ("1", "t", "true"):
        each = Factor(None, "databases that the exporter discovers", discovers.place)
    found: list[Connection] = []
    unclear: list[Label] = []
    sources = said.text.split(",") if said.text is not None and said is named else [said.text]
    for text in sources:
        connection = _connection(text, said, user)
        if connection is None:
            unclear += said.label(f"{said.name} can't be read as an address of PostgreSQL")
        else:
            found.append(connection)
    return watching(KIND, KIND, said.place, found, unclear, each)


def _connection(text: str | None, said: EnvironmentVariable, user: EnvironmentVariable | None) -> Connection | None:
    if not text or said.place is None:
        return None
    written = text if said.name == NAME else f"postgresql://{text}"
    found = of_string(Word(written.strip(), said.place, said.name))
    if found is not None and said.name == URI and user is not None and user.text and user.place is not None:
        found = found._replace(user=Word(user.text, user.place, USER))
    return found
