"""Datadog's check of PostgreSQL: ``conf.d/postgres.d/conf.yaml`` of its agent.

It keeps a pool of at most two connections for each database that it watches
(https://github.com/DataDog/integrations-core/tree/master/postgres, connection_pool.py), and watches one database unless
it is to discover others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pgfpmlint.finding.problem import Label
from pgfpmlint.resolve.agents import document, reading, watching
from pgfpmlint.resolve.connection import Connection, Word, of_parameters
from pgfpmlint.resolve.workers import ClientReading, Factor, WorkersReading
from pgfpmlint.source.text import Place, Source
from pgfpmlint.source.tree import Root

KIND = "datadog"
OF_A_DATABASE = 2

NAMES = {"host": "host", "port": "port", "username": "user", "dbname": "dbname", "ssl": "sslmode"}
"""Of the file, and libpq's for the same."""

DEFAULTS = {"host": "localhost", "port": "5432", "user": "datadog", "dbname": "postgres"}

MODES = {"true": "require", "false": "disable"}


def read(root: Root, files: Sequence[str]) -> ClientReading | None:
    """All instances of all files."""
    documents, workers = [], list[WorkersReading]()
    for path in files:
        source = root.read(path)
        found = list(_instances(source))
        documents += [document(KIND, path, source)] if found else []
        workers += found
    return reading(KIND, documents, workers)


def _instances(source: Source) -> Iterator[WorkersReading]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        whole = YAML(typ="safe", pure=True).compose(source.text)
    except (YAMLError, RecursionError, ValueError):
        return
    listed = _pairs(whole).get("instances")
    for node in listed.value if listed is not None and listed.id == "sequence" else ():
        pairs = _pairs(node)
        if pairs:
            yield _instance(source, _place(source, node), pairs)


def _instance(source: Source, place: Place, pairs: dict[str, Any]) -> WorkersReading:
    words: dict[str, Word] = {
        libpq: Word(str(node.value), _place(source, node), name)
        for name, libpq in NAMES.items()
        if (node := pairs.get(name)) is not None and node.id == "scalar" and str(node.value)
    }
    if "sslmode" in words:
        mode = words["sslmode"].text.lower()
        words["sslmode"] = words["sslmode"]._replace(text=MODES.get(mode, mode))
    for name, text in DEFAULTS.items():
        words.setdefault(name, Word(text, place, f"the agent's default {name}"))
    each = Factor(OF_A_DATABASE, "connections of the agent's pool", place)
    discovery = _pairs(pairs.get("database_autodiscovery")).get("enabled")
    if discovery is not None and str(discovery.value).lower() == "true":
        each = Factor(None, "databases that the agent discovers", _place(source, discovery))
    found, unclear = _connection(words, place)
    return watching(KIND, KIND, place, [found] if found is not None else [], unclear, each)


def _connection(words: dict[str, Word], place: Place) -> tuple[Connection | None, list[Label]]:
    host = words["host"]
    if "%%" in host.text or "ENC[" in host.text:
        return None, [host.label("the agent works out the host itself")]
    found = of_parameters(words, place)
    return found, [] if found is not None else [words["port"].label("its port is no number")]


def _pairs(node: Any) -> dict[str, Any]:
    """Keys and value nodes of a mapping; none of what is none."""
    if node is None or node.id != "mapping":
        return {}
    return {str(key.value): value for key, value in node.value if key.id == "scalar"}


def _place(source: Source, node: Any) -> Place:
    start, end = node.start_mark.index, node.end_mark.index
    if node.id == "mapping":  # its end is where the next thing begins
        end = source.text.find("\n", start)
        end = len(source.text) if end < 0 else end
    return source.place(start, end)
