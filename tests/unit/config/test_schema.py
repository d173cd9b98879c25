"""The published JSON Schema and the reader of the configuration say the same of any file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from pgfpmlint.config import ConfigError
from pgfpmlint.config.reading import read
from pgfpmlint.config.schema import schema
from pgfpmlint.formats import FORMATS
from pgfpmlint.source.text import Source

RULES = {"hba/host-without-tls": "host without TLS", "capacity/headroom-below-target": "Headroom"}
SCHEMA = schema(RULES, {"hba": "pg_hba.conf"}, FORMATS)
VALIDATOR = Draft7Validator(SCHEMA)

# Every key that there is, once. The promise of the interface is the source of it.
WHOLE: dict[str, Any] = {
    "versions": {"postgres": 16, "php": "8.3", "pgbouncer": "1.24"},
    "hosts": {
        "web": {
            "root": "hosts/web",
            "count": 3,
            "memory": "8GB",
            "cpus": 4,
            "addresses": ["10.0.1.10"],
            "worker_memory": "60MB",
        }
    },
    "links": [
        {
            "from": "web/www",
            "to": "edge/pgbouncer",
            "database": "myapp",
            "user": "app",
            "connections_per_worker": 1,
            "persistent": True,
        }
    ],
    "consumers": [{"name": "monitoring", "to": "db", "connections": 2}],
    "policy": {"headroom": "20%", "overlap": {"kind": "rolling", "batch": 1}},
    "rules": {
        "select": ["hba/"],
        "ignore": ["hba/host-without-tls"],
        "severity": {"hba/host-without-tls": "error"},
        "params": {"capacity/headroom-below-target": {"target": "15%"}},
        "extra": ["policy/"],
        "strict": True,
        "suppressions": "forbidden",
        "preview": True,
        "overrides": [{"paths": ["legacy/"], "hosts": ["web"], "ignore": ["all"]}],
    },
    "files": {"exclude": ["**/vendor/**"], "kinds": {"deploy/db/*.conf": "postgresql.conf"}},
}
UNKNOWN_TO_THE_READER = {
    ("rules", "select"), ("rules", "ignore"), ("rules", "overrides"), ("files", "kinds"),
}  # fmt: skip
"""Where words stand whose meaning the rule book or the formats know: the reader carries them as they are."""

ODD: tuple[Any, ...] = (
    None,
    "",
    "x",
    "all",
    "8GB",
    "120%",
    "rolling",
    0,
    1,
    -1,
    2.5,
    False,
    [],
    {},
    ["x"],
    [[]],
    {"x": "y"},
)


def _variants(value: Any) -> Iterator[tuple[str, Any]]:
    """``value`` with one thing in it changed, and where."""
    for odd in ODD:
        yield f"= {odd!r}", odd
    if isinstance(value, dict):
        yield "+ unheard_of", {**value, "unheard_of": "x"}
        for key, inner in value.items():
            yield f"- {key}", {name: one for name, one in value.items() if name != key}
            yield from ((f"{key}.{where}", {**value, key: made}) for where, made in _variants(inner))
    elif isinstance(value, list):
        yield from ((f"[0].{where}", [made, *value[1:]]) for where, made in _variants(value[0]))


def _text(document: Any) -> str:
    stream = io.StringIO()
    YAML(typ="safe", pure=True).dump(document, stream)
    return stream.getvalue()


def _refused(document: Any) -> str:
    """What the reader says against it; empty where it takes it."""
    try:
        read(Source(".pgfpmlint.yaml", _text(document)))
    except ConfigError as error:
        return str(error)
    return ""


def test_the_whole_is_taken_by_both() -> None:
    assert _refused(WHOLE) == ""
    assert list(VALIDATOR.iter_errors(WHOLE)) == []


@pytest.mark.parametrize("section", WHOLE)
def test_one_thing_changed(section: str) -> None:
    """Nothing that the reader refuses passes the schema. The schema is narrower in what nobody means: null among words,
    truths and fractions for words, ids and kinds that nobody knows, an override that fits nothing."""
    missed, narrower = [], []
    for where, made in _variants(WHOLE[section]):
        document = {section: made}
        refused, valid = _refused(document), VALIDATOR.is_valid(document)
        if refused and valid:
            missed.append(f"{section}.{where}: {refused}")
        elif not refused and not valid:
            narrower.append(where)
    assert missed == []
    assert [where for where in narrower if not _on_purpose(section, where)] == []


def _on_purpose(section: str, where: str) -> bool:
    unknown_word = (section, where.split(".")[0].rstrip("=+ ")) in UNKNOWN_TO_THE_READER
    nobodys = section == "rules" and where.startswith(("overrides.[0].paths", "overrides.[0].hosts"))
    return unknown_word or nobodys or where.endswith(("= None", "= False", "= 2.5"))


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"hosts": {"web": {"x": 1}}}, "hosts.*"),
        ({"links": [{"x": 1}]}, "links.[]"),
        ({"consumers": [{"x": 1}]}, "consumers.[]"),
        ({"policy": {"x": 1}}, "policy"),
        ({"policy": {"overlap": {"x": 1}}}, "policy.overlap"),
        ({"rules": {"x": 1}}, "rules"),
        ({"rules": {"overrides": [{"x": 1}]}}, "rules.overrides.[]"),
        ({"files": {"x": 1}}, "files"),
        ({"x": 1}, ""),
    ],
)
def test_every_key_that_the_reader_knows(document: Any, path: str) -> None:
    """The reader names what it knows where it meets what it doesn't; the schema proposes that and nothing else."""
    known = _refused(document).partition("known here: ")[2].split(", ")
    found: Any = SCHEMA
    for step in path.split(".") if path else []:
        found = found[{"*": "additionalProperties", "[]": "items"}.get(step, "properties")]
        found = found.get(step, found)
    assert set(known) == set(found["properties"])
