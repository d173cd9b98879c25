"""The deployment as it is drawn: hosts as lanes, their nodes, and the links between them with what becomes of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pgfpmlint.finding.finding import Finding
from pgfpmlint.model.accounts import Accounts
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.leg import Leg
from pgfpmlint.model.link import Link
from pgfpmlint.model.size import processes, workers_of
from pgfpmlint.record import NamedTuple
from pgfpmlint.report.html.alike import grouped, without_host
from pgfpmlint.report.snippet import Screen, harmless
from pgfpmlint.source.text import Place

GOOD, OPEN, BAD = "good", "open", "bad"
NOWHERE = "?"
"""The far end of a link that nobody knows."""

DEEPEST = 4
"""Columns of poolers; what stands behind more of them shares the last."""


class Node(NamedTuple):
    """``stage`` counts from the client pools (0) over poolers to instances (-1: the last, whichever it is)."""

    name: str
    host: str
    stage: int
    label: str
    words: str
    state: str


class Edge(NamedTuple):
    """A link of ``client`` to ``server``: ``state`` is ``good``, ``open`` (unknown or assumed) or ``bad``; ``why`` says
    it in words."""

    client: str
    server: str
    state: str
    why: str


class Lane(NamedTuple):
    """A host, or several that are alike: ``hosts`` are their names, the nodes the first one's."""

    hosts: tuple[str, ...]
    machines: int
    nodes: tuple[Node, ...]


class Graph(NamedTuple):
    lanes: tuple[Lane, ...]
    edges: tuple[Edge, ...]


def graph(accounts: Accounts, legs: Sequence[Leg], errors: Sequence[Finding], screen: Screen) -> Graph:
    """Every node that connects or is connected to."""
    deployment = accounts.deployment
    nodes = _nodes(accounts)
    edges = list(dict.fromkeys(_edges(deployment, legs, errors, screen)))
    return _merged(deployment, nodes, edges)


def _nodes(accounts: Accounts) -> list[Node]:
    deployment, sums = accounts.deployment, {account.name: account.found for account in accounts.open}
    depths = _depths(deployment)
    found: list[Node] = []
    for pool in deployment.pools:
        number = processes(pool).number
        words = f"{number} workers" if number is not None else "workers unknown"
        found.append(_node(pool.name, pool.host.name, 0, words, GOOD))
    for group in deployment.workers:
        if deployment.links.of(group):
            number = workers_of(group)
            words = f"{number} of {group.kind}" if number is not None else f"{group.kind}, size unknown"
            found.append(_node(group.name, group.host.name, 0, words, GOOD))
    for pooler in deployment.poolers:
        limit = pooler.bouncer.setting("max_client_conn").number
        words = f"admits {limit} clients" if limit is not None else "PgBouncer"
        found.append(_node(pooler.name, pooler.host.name, depths[pooler.name], words, GOOD))
    for proxy in deployment.proxies:
        admits = proxy.proxy.clients
        words = f"{proxy.proxy.product}{f', admits {admits.amount} clients' if admits is not None else ''}"
        found.append(_node(proxy.name, proxy.host.name, depths[proxy.name], words, GOOD))
    for instance in deployment.instances:
        budget = sums.get(instance.name)
        if budget is None:
            found.append(_node(instance.name, instance.host.name, -1, "no budget", OPEN))
            continue
        at_least = "≥ " if budget.at_least else ""
        words = f"{at_least}{budget.demand} asked of {budget.budget}"
        if budget.fails and budget.demand <= budget.budget:
            words = f"{budget.peak.total} at the peak, of {budget.budget}"
        found.append(_node(instance.name, instance.host.name, -1, words, BAD if budget.fails else GOOD))
    return found


def _node(name: str, host: str, stage: int, words: str, state: str) -> Node:
    label = name.removeprefix(f"{host}/") or name
    return Node(harmless(name), harmless(host), stage, harmless(label), words, state)


def _depths(deployment: Deployment) -> Mapping[str, int]:
    """How many poolers deep each pooler stands; those in a ring stay where the ring was entered."""
    depths = {pooler.name: 1 for pooler in deployment.poolers} | {proxy.name: 1 for proxy in deployment.proxies}
    chained = [link for link in deployment.links.known if link.client.name in depths and link.server.name in depths]
    for _ in range(DEEPEST):
        for link in chained:
            depths[link.server.name] = min(DEEPEST, max(depths[link.server.name], depths[link.client.name] + 1))
    return depths


def _edges(deployment: Deployment, legs: Sequence[Leg], errors: Sequence[Finding], screen: Screen) -> Iterator[Edge]:
    rejected = _rejections(legs)
    faulty = _lines(place for one in errors for place in (one.at, *(label.place for label in one.related)))
    for link in deployment.links.known:
        client, server = harmless(link.client.name), harmless(link.server.name)
        secrets = screen.secrets(label.place.source for label in link.evidence)
        why = rejected.get(_step(link))
        if why is not None:
            yield Edge(client, server, BAD, f"rejected: {screen.words(why, secrets)}")
        elif _lines(_evidence(link)) & faulty:
            yield Edge(client, server, BAD, "part of an error, see the findings")
        elif not link.is_certain:
            yield Edge(client, server, OPEN, screen.words(f"assumed{link.assumption}", secrets))
        else:
            said = "; ".join(label.words for label in link.evidence)
            yield Edge(client, server, GOOD, screen.words(said, secrets) or "declared")
    for unlinked in deployment.links.unknown:
        yield Edge(harmless(unlinked.client.name), NOWHERE, OPEN, screen.words(unlinked.why))


def _rejections(legs: Sequence[Leg]) -> dict[tuple[str, ...], str]:
    """Why a link leads nowhere: certainly, and for all that use it."""
    verdicts: dict[tuple[str, ...], list[Leg]] = {}
    for leg in legs:
        verdicts.setdefault(_step(leg.link), []).append(leg)
    return {
        step: found[0].why
        for step, found in verdicts.items()
        if all(leg.verdict == "rejected" and leg.is_certain for leg in found)
    }


def _step(link: Link) -> tuple[str, ...]:
    inner = link.lane.key if link.lane is not None else link.entry.name if link.entry is not None else ""
    return (link.client.name, link.server.name, inner)


def _evidence(link: Link) -> Iterator[Place]:
    yield from (label.place for label in link.evidence)
    if link.entry is not None:
        yield link.entry.place
    if link.lane is not None:
        yield link.lane.place


def _lines(places: Iterable[Place]) -> set[tuple[str, int]]:
    return {(place.path, place.line) for place in places}


def _merged(deployment: Deployment, nodes: Sequence[Node], edges: Sequence[Edge]) -> Graph:
    """Lanes of hosts that are alike, and the links that are left when of each lane only the first host is drawn."""
    machines = {harmless(host.name): host.machines for host in deployment.hosts}
    by_host: dict[str, list[Node]] = {}
    for node in nodes:
        by_host.setdefault(node.host, []).append(node)
    owners = {node.name: node.host for node in nodes}
    ends: dict[str, list[Edge]] = {}
    for edge in edges:
        for host in {owners.get(edge.client, ""), owners.get(edge.server, "")}:
            ends.setdefault(host, []).append(edge)

    def likeness(host: str) -> tuple[object, ...]:
        own = [(node.stage, without_host(node.name, host), node.words, node.state) for node in by_host[host]]
        linked = [tuple(without_host(part, host) for part in edge) for edge in ends.get(host, ())]
        return (machines.get(host, 1), *own, *linked)

    lanes = [
        Lane(tuple(hosts), machines.get(hosts[0], 1), tuple(by_host[hosts[0]])) for hosts in grouped(by_host, likeness)
    ]
    drawn = {node.name for lane in lanes for node in lane.nodes} | {NOWHERE}
    return Graph(tuple(lanes), tuple(edge for edge in edges if {edge.client, edge.server} <= drawn))
