"""The text of ``.pgfpmlint.yaml`` as a Config. Loaded only where there is such a file: a YAML parser costs 35 ms."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from pgfpmlint.catalog import version
from pgfpmlint.config import (
    Config,
    ConsumerConfig,
    FilesConfig,
    HostConfig,
    LinkConfig,
    Overlap,
    Override,
    Policy,
    PoolerConfig,
    RulesConfig,
    Word,
)
from pgfpmlint.config.quantities import percent, size
from pgfpmlint.config.yaml_nodes import Node, document
from pgfpmlint.source.text import Place, Source

T = TypeVar("T")

PRODUCTS = {"postgres": version.POSTGRESQL, "php": version.PHP, "pgbouncer": version.PGBOUNCER}
PRODUCTS |= {product: product for product in version.OTHERS}

SECTIONS = ("versions", "hosts", "links", "consumers", "poolers", "policy", "rules", "files")


def read(source: Source) -> Config:
    """ConfigError for everything that can't be meant as it stands."""
    folder = source.path.rpartition("/")[0]
    top = document(source)
    if top is None:
        return Config(source.path, folder)
    found = top.fields(SECTIONS, "hosts: {web: {root: hosts/web}}")
    return Config(
        path=source.path,
        folder=folder,
        versions=_versions(found["versions"]) if "versions" in found else {},
        hosts=_hosts(found["hosts"], folder) if "hosts" in found else (),
        links=tuple(map(_link, found["links"].items(LINK))) if "links" in found else (),
        consumers=tuple(map(_consumer, found["consumers"].items(CONSUMER))) if "consumers" in found else (),
        poolers=tuple(map(_pooler, found["poolers"].items(POOLER))) if "poolers" in found else (),
        policy=_policy(found["policy"]) if "policy" in found else Policy(),
        rules=_rules(found["rules"], folder) if "rules" in found else RulesConfig(),
        files=_files(found["files"]) if "files" in found else FilesConfig(),
    )


def _versions(node: Node) -> dict[str, version.ServerVersion]:
    found = {}
    for key, value in node.fields(PRODUCTS, "{postgres: 16, php: '8.3'}").items():
        why = f"versions: in {value.place.path}:{value.place.line}"
        parse = partial(version.parse, PRODUCTS[key], why=why)
        found[PRODUCTS[key]] = _understood(value, parse, value.text("16"))
    return found


HOST = "web: {root: hosts/web, count: 3, memory: 8GB}"


def _hosts(node: Node, folder: str) -> tuple[HostConfig, ...]:
    hosts: list[HostConfig] = []
    for name, value in node.pairs(HOST):
        found = value.fields(("root", "count", "memory", "cpus", "addresses", "worker_memory"), HOST)
        root = _below(folder, found["root"].text("hosts/web")) if "root" in found else None
        twin = next((host for host in hosts if root is not None and host.root == root), None)
        if twin:
            found["root"].refuse(f"hosts {twin.name} and {name.text} have the same root; give each its own folder")
        addresses = found["addresses"].items("[10.0.1.10, db.internal]") if "addresses" in found else []
        hosts.append(
            HostConfig(
                name=name.text,
                place=name.place,
                root=root,
                machines=found["count"].number(1, "3") if "count" in found else 1,
                memory=_size(found.get("memory"), "8GB"),
                cpus=found["cpus"].number(1, "4") if "cpus" in found else None,
                addresses=tuple(address.text("10.0.1.10") for address in addresses),
                worker_memory=_size(found.get("worker_memory"), "60MB"),
                places=_places(found),
            )
        )
    return tuple(hosts)


LINK = "[{from: web/www, to: edge/pgbouncer}]"


def _link(node: Node) -> LinkConfig:
    known = ("from", "to", "database", "user", "connections_per_worker", "persistent")
    found = node.fields(known, LINK[1:-1])
    per_worker = found.get("connections_per_worker")
    return LinkConfig(
        from_=_needed(node, found, "from").text("web/www"),
        to=_needed(node, found, "to").text("edge/pgbouncer"),
        place=node.place,
        database=found["database"].text("myapp") if "database" in found else None,
        user=found["user"].text("app") if "user" in found else None,
        connections_per_worker=per_worker.number(0, "1") if per_worker else None,
        persistent=found["persistent"].truth() if "persistent" in found else None,
        places=_places(found),
    )


CONSUMER = "[{name: monitoring, to: db, connections: 2}]"


def _consumer(node: Node) -> ConsumerConfig:
    found = node.fields(("name", "to", "connections"), CONSUMER[1:-1])
    return ConsumerConfig(
        name=_needed(node, found, "name").text("monitoring"),
        to=_needed(node, found, "to").text("db"),
        connections=_needed(node, found, "connections").number(0, "2"),
        place=node.place,
        places=_places(found),
    )


POOLER = "[{name: goldlapel, on: edge, port: 7932, to: db, mode: transaction, server_connections: 40}]"
MODES, PER = ("session", "transaction", "statement"), ("all", "database", "user", "pool")


def _pooler(node: Node) -> PoolerConfig:
    known = ("name", "on", "addresses", "port", "to", "mode", "clients", "server_connections", "per", "databases")
    found = node.fields((*known, "prepared_statements"), POOLER[1:-1])
    if "per" in found and "server_connections" not in found:
        found["per"].refuse(f"{node.what} says 'per' without 'server_connections'; add them")
    return PoolerConfig(
        name=_needed(node, found, "name").text("goldlapel"),
        place=node.place,
        to=_needed(node, found, "to").several("db"),
        on=found["on"].word("edge") if "on" in found else None,
        addresses=tuple(word.text for word in _words(found.get("addresses"), "10.0.1.30")),
        port=found["port"].number(1, "7932") if "port" in found else 5432,
        mode=found["mode"].one_of(MODES) if "mode" in found else None,
        clients=found["clients"].number(1, "500") if "clients" in found else None,
        server_connections=found["server_connections"].number(1, "40") if "server_connections" in found else None,
        per=found["per"].one_of(PER) if "per" in found else "all",
        databases=tuple(word.text for word in _words(found.get("databases"), "shop")),
        prepared_statements=found["prepared_statements"].truth() if "prepared_statements" in found else None,
        places=_places(found),
    )


def _policy(node: Node) -> Policy:
    found = node.fields(("headroom", "overlap"), "{headroom: 20%}")
    policy = Policy(places=_places(found))
    if "headroom" in found:
        policy = policy._replace(headroom=_understood(found["headroom"], percent, found["headroom"].text("20%")))
    if "overlap" in found:
        overlap = found["overlap"].fields(("kind", "batch"), "{kind: rolling, batch: 1}")
        kind = _needed(found["overlap"], overlap, "kind").one_of(("rolling", "blue-green", "none"))
        batch = overlap["batch"].number(1, "1") if "batch" in overlap else 1
        policy = policy._replace(overlap=Overlap(kind, batch, found["overlap"].place))
    return policy


CHOICES = ("select", "ignore", "severity", "params")


def _rules(node: Node, folder: str) -> RulesConfig:
    found = node.fields(
        (*CHOICES, "extra", "strict", "suppressions", "preview", "overrides"),
        "{ignore: [postgres/commits-not-awaited]}",
    )
    return _choices(found)._replace(
        extra=tuple(Word(_below(folder, word.text), word.place) for word in _words(found.get("extra"), "policy/")),
        strict=found["strict"].truth() if "strict" in found else False,
        forbidden=_forbidden(found["suppressions"]) if "suppressions" in found else None,
        preview=found["preview"].truth() if "preview" in found else False,
        overrides=tuple(map(_override, found["overrides"].items(OVERRIDE))) if "overrides" in found else (),
    )


def _forbidden(node: Node) -> Place | None:
    return node.place if node.one_of(("allowed", "forbidden")) == "forbidden" else None


def _choices(found: dict[str, Node]) -> RulesConfig:
    """Which rules, how severe, with which parameters."""
    severity = found["severity"].pairs("{hba/host-without-tls: error}") if "severity" in found else []
    params = found["params"].pairs("{capacity/headroom-below-target: {target: 15%}}") if "params" in found else []
    return RulesConfig(
        select=_words(found.get("select"), "postgres/commits-not-awaited"),
        ignore=_words(found.get("ignore"), "postgres/commits-not-awaited"),
        severity={rule.text: Word(to.one_of(("error", "warning", "info")), to.place) for rule, to in severity},
        params={
            rule.text: {name.text: value.word("15%") for name, value in values.pairs("{target: 15%}")}
            for rule, values in params
        },
        places={rule.text: rule.place for rule, _ in (*severity, *params)},
    )


OVERRIDE = "[{paths: [legacy/], ignore: [hba/host-without-tls]}]"


def _override(node: Node) -> Override:
    found = node.fields(("paths", "hosts", *CHOICES), OVERRIDE[1:-1])
    paths, hosts = _words(found.get("paths"), "legacy/"), _words(found.get("hosts"), "web")
    if not paths and not hosts:
        node.refuse(f"{node.what} lacks 'paths' or 'hosts'; write it like {OVERRIDE[1:-1]}")
    return Override(node.place, paths, hosts, _choices(found))


def _files(node: Node) -> FilesConfig:
    found = node.fields(("exclude", "kinds"), '{exclude: ["**/old/**"]}')
    kinds = found["kinds"].pairs('{"deploy/db/*.conf": postgresql.conf}') if "kinds" in found else []
    return FilesConfig(
        exclude=_words(found.get("exclude"), '"**/old/**"'),
        kinds=tuple((pattern, kind.word("postgresql.conf")) for pattern, kind in kinds),
    )


def _words(node: Node | None, example: str) -> tuple[Word, ...]:
    return tuple(item.word(example) for item in node.items(f"[{example}]")) if node else ()


def _size(node: Node | None, example: str) -> int | None:
    return _understood(node, size, node.text(example)) if node else None


def _understood(node: Node, parse: Callable[[str], T], text: str) -> T:
    try:
        return parse(text)
    except ValueError as error:
        node.refuse(f"{node.what}: {error}")


def _needed(node: Node, found: dict[str, Node], key: str) -> Node:
    return found.get(key) or node.refuse(f"{node.what} lacks {key!r}; add it")


def _places(found: dict[str, Node]) -> dict[str, Place]:
    return {key: value.place for key, value in found.items()}


def _below(folder: str, path: str) -> str:
    """``path``, which is relative to ``folder``, as a shown path; ``""`` for the working directory."""
    import os.path

    whole = os.path.normpath(os.path.join(folder, path))
    return "" if whole == "." else whole
