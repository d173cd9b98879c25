"""The JSON Schema of ``.pgfpmlint.yaml``, for editors.

What it takes, `reading` takes; a little that `reading` takes as well is left out, so that an editor proposes one way of
writing it. Draft 7, because that is what editors' YAML servers know best
(https://github.com/redhat-developer/yaml-language-server#features).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pgfpmlint.finding.finding import SEVERITIES

Schema = dict[str, object]

SIZE = r"^[0-9]+ ?([kKmMgGtT]([iI]?[bB])?)?$"
VERSION = r"^v?[0-9]+(\.[0-9]+)*((rc|beta|devel)[0-9]*)?( \(.*\))?$"
PERCENT = r"^(100|[0-9]{1,2})%?$"


def schema(rules: Mapping[str, str], families: Mapping[str, str], kinds: Iterable[str]) -> Schema:
    """``rules`` are titles by id, ``families`` what each looks at, by its name without the slash."""
    groups = [{"const": f"{family}/", "description": words} for family, words in families.items()]
    everything = {"const": "all", "description": "every rule"}
    own = {"pattern": "^[a-z0-9-]+/[a-z0-9-]+$", "description": "a rule of your own"}
    ids = [{"const": rule, "description": title} for rule, title in rules.items()]
    definitions: Schema = {
        "rule": {"type": "string", "anyOf": [*ids, own]},
        "rules": {"type": "string", "anyOf": [everything, *groups, *ids, own]},
        "severity": {"enum": list(SEVERITIES)},
        "kind": {"enum": list(kinds)},
        "word": {"type": ["string", "number"], "minLength": 1},
        "version": {"type": ["string", "number"], "minimum": 0, "pattern": VERSION},
        "size": {"type": ["string", "integer"], "minimum": 0, "pattern": SIZE},
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": ".pgfpmlint.yaml",
        "description": "What pgfpmlint can't read in the files themselves.",
        "definitions": definitions,
        **_keys(
            "what the configuration says",
            versions=_versions(),
            hosts=_named("the machines by name", _host()),
            links=_list("connections that the files don't tell", _link()),
            consumers=_list("what else holds connections", _consumer()),
            poolers=_list("poolers other than PgBouncer of which the tree holds no file", _pooler()),
            policy=_policy(),
            rules=_rules(),
            files=_files(),
        ),
    }


def _keys(description: str, needed: Iterable[str] = (), **properties: Schema) -> Schema:
    """Keys and values, none of them unknown. ``from_`` is the key ``from``."""
    made: Schema = {
        "type": ["object", "null"],
        "description": description,
        "properties": {key.rstrip("_"): value for key, value in properties.items()},
        "additionalProperties": False,
    }
    return {**made, "type": "object", "required": [*needed]} if needed else made


def _named(description: str, values: Schema) -> Schema:
    return {"type": ["object", "null"], "description": description, "additionalProperties": values}


def _list(description: str, items: Schema) -> Schema:
    return {"type": ["array", "null"], "description": description, "items": items}


def _filled(description: str, items: Schema) -> Schema:
    return {**_list(description, items), "type": "array", "minItems": 1}


def _of(name: str, description: str) -> Schema:
    # Beside a $ref, draft 7 lets nothing count; allOf keeps the description.
    return {"allOf": [{"$ref": f"#/definitions/{name}"}], "description": description}


def _number(description: str, least: int) -> Schema:
    return {"type": "integer", "minimum": least, "description": description}


def _truth(description: str) -> Schema:
    return {"type": "boolean", "description": description}


def _versions() -> Schema:
    return _keys(
        "server versions, where paths and files don't tell them",
        postgres=_of("version", "PostgreSQL, like 16"),
        php=_of("version", 'PHP, like "8.3"'),
        pgbouncer=_of("version", 'PgBouncer, like "1.24"'),
        pgcat=_of("version", 'pgcat, like "1.2"'),
        pgpool=_of("version", 'pgpool-II, like "4.5"'),
        odyssey=_of("version", 'Odyssey, like "1.4"'),
    )


def _host() -> Schema:
    return _keys(
        "one machine, or several that are alike",
        root=_of("word", "the folder that stands for its /"),
        count=_number("how many machines are like this one", 1),
        memory=_of("size", "its memory, like 8GB"),
        cpus=_number("its processors", 1),
        addresses=_list("names and addresses by which others reach it", _of("word", "a name or an address")),
        worker_memory=_of("size", "memory that one PHP worker takes, like 60MB"),
    )


def _link() -> Schema:
    return _keys(
        "a client and the server that it connects to",
        ("from", "to"),
        from_=_of("word", "the client: host, host/pool or host/pgbouncer"),
        to=_of("word", "the server: host, host/cluster or host/pgbouncer"),
        database=_of("word", "the database"),
        user=_of("word", "the user"),
        connections_per_worker=_number("connections that one worker holds at once", 0),
        persistent=_truth("whether workers keep their connections between requests"),
    )


def _consumer() -> Schema:
    return _keys(
        "something that no file of the tree tells of",
        ("name", "to", "connections"),
        name=_of("word", "what messages call it"),
        to=_of("word", "the server: host, host/cluster or host/pgbouncer"),
        connections=_number("connections that it holds at most", 0),
    )


def _pooler() -> Schema:
    end = _of("word", "a server that it connects to: host, host/cluster or host/pgbouncer")
    modes: Schema = {"enum": ["session", "transaction", "statement"], "description": "how long a client keeps a server"}
    per: Schema = {
        "enum": ["all", "database", "user", "pool"],
        "description": "what has as many server connections: all together, or each database, user, or pair of the two",
    }
    return _keys(
        "a pooler such as Gold Lapel, RDS Proxy or Supavisor",
        ("name", "to"),
        name=_of("word", "what messages call it"),
        on=_of("word", "the host that it runs on; without one it is a machine by itself"),
        addresses=_list("names and addresses of that machine", _of("word", "a name or an address")),
        port=_number("the port that clients connect to, 5432 if not said", 1),
        to={"anyOf": [end, _filled("all servers that it connects to", end)]},
        mode=modes,
        clients=_number("how many clients it lets in at once", 1),
        server_connections=_number("how many connections to each server it may open", 1),
        per=per,
        databases=_list("the databases that clients name", _of("word", "a database")),
        prepared_statements=_truth("whether statements that clients prepare survive a change of the connection"),
    )


def _policy() -> Schema:
    kinds: Schema = {"enum": ["rolling", "blue-green", "none"], "description": "how machines are replaced"}
    batch = _number("machines that are replaced at a time", 1)
    return _keys(
        "what is aimed at",
        headroom={
            "type": ["string", "integer"],
            "pattern": PERCENT,
            "minimum": 0,
            "maximum": 100,
            "description": "how much of max_connections is to stay free, like 20%",
        },
        overlap=_keys(
            "whether old and new workers run side by side in a deployment", ("kind",), kind=kinds, batch=batch
        ),
    )


def _choices() -> dict[str, Schema]:
    severity: Schema = {"propertyNames": {"$ref": "#/definitions/rules"}}
    params: Schema = {"propertyNames": {"$ref": "#/definitions/rule"}}
    values = _named("values by the parameter's name", _of("word", "its value"))
    return {
        "select": _list("only these rules", {"$ref": "#/definitions/rules"}),
        "ignore": _list("not these rules", {"$ref": "#/definitions/rules"}),
        "severity": {**_named("how severe rules are", {"$ref": "#/definitions/severity"}), **severity},
        "params": {**_named("parameters of rules", values), **params},
    }


def _rules() -> Schema:
    override = _keys(
        "what is otherwise in a part of the tree",
        paths=_filled("for files that one of these patterns fits", _of("word", "a pattern as in .gitignore")),
        hosts=_filled("for files of these hosts", _of("word", "a host's name")),
        **_choices(),
    )
    either = {"anyOf": [{"required": ["paths"]}, {"required": ["hosts"]}], "type": "object"}
    return _keys(
        "which rules run, and how",
        **_choices(),
        extra=_list("folders with rules of your own", _of("word", "a folder, like policy/")),
        strict=_truth("whether every suppression must give its reason"),
        suppressions={"enum": ["allowed", "forbidden"], "description": "whether comments may suppress findings"},
        preview=_truth("whether rules that are new run as well"),
        overrides=_list("parts of the tree with rules of their own", {**override, **either}),
    )


def _files() -> Schema:
    return _keys(
        "which files are read, and as what; patterns as in .gitignore",
        exclude=_list("files that are passed over", _of("word", "a pattern")),
        kinds=_named("kinds by pattern", {"$ref": "#/definitions/kind"}),
    )
