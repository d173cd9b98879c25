"""pg_hba.conf of a ``PostgresCluster``: the operator's own records, then those of both sections, else a default."""

from __future__ import annotations

from typing import Any

from pgfpmlint.manifests.documents import MAPPING, SCALAR, inside, items, pairs, text
from pgfpmlint.manifests.draft import Draft
from pgfpmlint.manifests.resources import Resource
from pgfpmlint.source.excerpt import Excerpt

HEAD = """\
local all "postgres" peer
hostssl replication "_crunchyrepl" all cert
hostssl "postgres" "_crunchyrepl" all cert
host all "_crunchyrepl" all reject
"""

OF_POOLER = """\
hostssl all "_crunchypgbouncer" all scram-sha-256
host all "_crunchypgbouncer" all reject
"""

DEFAULT = "hostssl all all all scram-sha-256\n"


def records(found: Resource) -> Excerpt:
    draft = Draft(found.source, f"{found.name}/pg_hba.conf", found.section).glue("# by the operator\n").given(HEAD)
    if found.at("proxy", "pgBouncer") is not None:
        draft.given(OF_POOLER)
    rules = [one for one in items(found.at("authentication", "rules")) if one.id == MAPPING]
    for rule in rules:
        line = inside(rule, "hba")
        if line is not None and line.id == SCALAR:
            draft.line(line)
        else:
            draft.rendered(rule, f"{_record(rule)}\n")
    listed = items(found.at("patroni", "dynamicConfiguration", "postgresql", "pg_hba"))
    plain = [item for item in listed if item.id == SCALAR]
    for item in plain:
        draft.line(item)
    if not rules and not plain:
        draft.given(DEFAULT)
    return draft.excerpt()


def _record(rule: Any) -> str:
    """The line that the operator makes of a rule's parts; method password becomes scram-sha-256."""
    connection, method = text(inside(rule, "connection")), text(inside(rule, "method"))
    words = [connection, _names(inside(rule, "databases")), _names(inside(rule, "users"))]
    words += [] if connection == "local" else ["all"]
    words.append("scram-sha-256" if method == "password" else method)
    words += [f'{name}="{text(value)}"' for name, value in pairs(inside(rule, "options"))]
    return " ".join(words)


def _names(node: Any) -> str:
    return ",".join('"' + text(item).replace('"', '""') + '"' for item in items(node)) or "all"
