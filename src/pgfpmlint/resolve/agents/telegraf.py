"""Telegraf's inputs that ask PostgreSQL: each ``[[inputs.postgresql]]`` keeps one connection
(https://github.com/influxdata/telegraf/tree/master/plugins/inputs/postgresql, MaxOpen of postgresql.go)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.formats.toml_lines import document, parts
from pgfpmlint.formats.toml_value import STRING, value
from pgfpmlint.resolve.agents import reading, watching
from pgfpmlint.resolve.connection import Word, of_string
from pgfpmlint.resolve.settings import is_open
from pgfpmlint.resolve.workers import ClientReading, Factor, WorkersReading
from pgfpmlint.source.tree import Root
from pgfpmlint.syntax.document import Assignment, Document, Section

KIND = "telegraf"
INPUTS = ("postgresql", "postgresql_extensible")
OF_AN_INPUT = 1


def read(root: Root, files: Sequence[str]) -> ClientReading | None:
    """All inputs of all files."""
    documents, workers = list[Document](), list[WorkersReading]()
    for path in files:
        parsed = document(KIND, root.read(path), path)
        found = list(_inputs(parsed))
        documents += [parsed] if found else []
        workers += found
    return reading(KIND, documents, workers)


def _inputs(parsed: Document) -> Iterator[WorkersReading]:
    text = parsed.source.text
    ours = False
    for node in parsed.parts:
        if isinstance(node, Section):
            names = [part.text for part in parts(text, node.name)]
            ours = len(names) == 2 and names[0] == "inputs" and names[1] in INPUTS
        elif ours and isinstance(node, Assignment) and node.value is not None and node.key.text == "address":
            item, place = value(text, node.value.start), parsed.place(node.value)
            each = Factor(OF_AN_INPUT, "connection of the input", place)
            word = Word(str(item.worth), place, "address")
            found = of_string(word) if item.kind == STRING and not is_open(word.text) else None
            unclear = [] if found is not None else [word.label("its address can't be told")]
            yield watching(KIND, KIND, place, [found] if found is not None else [], unclear, each)
