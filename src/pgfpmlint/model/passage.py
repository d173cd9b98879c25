"""Whole paths with what becomes of a connection on them: admitted, rejected or unknown, and why."""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.model.connection_path import ConnectionPath, connection_paths
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.leg import ADMITTED, REJECTED, UNKNOWN, Leg
from pgfpmlint.model.link import Link, Links
from pgfpmlint.model.nodes import Client, Instance, Pooler, Proxy
from pgfpmlint.record import NamedTuple


class Passage(NamedTuple):
    """``client`` is where it starts: a pool, or a pooler that no pool of the tree uses. ``legs`` lead on from it;
    empty where nobody knows to where. ``pooler`` is the first one on the way, ``entry`` the name of its database."""

    client: Client
    legs: tuple[Leg, ...]
    verdict: str
    why: str
    pooler: Pooler | Proxy | None = None
    entry: str | None = None

    @property
    def instance(self) -> Instance | None:
        """The PostgreSQL server at the end, where it is known."""
        last = self.legs[-1].server if self.legs else None
        return last if isinstance(last, Instance) else None

    @property
    def last(self) -> Leg | None:
        """The step into the instance."""
        return self.legs[-1] if self.instance is not None else None


class Passages:
    """All passages of a deployment; a step that several share is judged once."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._judged: dict[tuple[str | None, ...], tuple[Leg, ...]] = {}
        self.all = tuple(self._found())

    @property
    def legs(self) -> tuple[Leg, ...]:
        """Every step once."""
        found: dict[object, Leg] = {}
        for (*step, _), legs in self._judged.items():
            for leg in legs:
                found.setdefault((*step, leg.verdict, leg.reason, leg.why), leg)
        return tuple(found.values())

    def _found(self) -> Iterator[Passage]:
        links = self._deployment.links
        used: set[tuple[str, str]] = set()
        for path in connection_paths(self._deployment):
            used.update((hop.pooler.name, hop.entry.name) for hop in path.hops if hop.entry is not None)
            yield from self._judge(path)
        yield from self._through_proxies(links)
        for unlinked in links.unknown:
            if not isinstance(unlinked.client, (Pooler, Proxy)):
                yield Passage(unlinked.client, (), UNKNOWN, unlinked.why)
        for link in links.known:
            if link.entry is not None and (link.client.name, link.entry.name) not in used:
                for leg in self._steps(_without_client(link)):
                    pooler = link.client if isinstance(link.client, Pooler) else None
                    yield Passage(link.client, (leg,), leg.verdict, leg.why, pooler, link.entry.name)
        for unlinked in links.unknown:
            if isinstance(unlinked.client, Proxy):
                lane = unlinked.lane.key if unlinked.lane is not None else None
                yield Passage(unlinked.client, (), UNKNOWN, unlinked.why, unlinked.client, lane)
            elif isinstance(unlinked.client, Pooler):
                entry = unlinked.entry.name if unlinked.entry is not None else None
                if (unlinked.client.name, entry) not in used:
                    yield Passage(unlinked.client, (), UNKNOWN, unlinked.why, unlinked.client, entry)

    def _through_proxies(self, links: Links) -> Iterator[Passage]:
        if not any(isinstance(link.client, Proxy) or isinstance(link.server, Proxy) for link in links.known):
            return
        from pgfpmlint.model.proxy_passage import verdict_of, ways_of

        for way in ways_of(links):
            lane = way[-1].lane
            pooler = next(node for link in way for node in (link.client, link.server) if isinstance(node, Proxy))
            for legs in self._ways(way):
                verdict, why = verdict_of(legs)
                yield Passage(way[0].client, legs, verdict, why, pooler, lane.key if lane is not None else None)

    def _judge(self, path: ConnectionPath) -> Iterator[Passage]:
        hop = path.hops[0] if path.hops else None
        for legs in self._ways(path.links):
            verdict, why = _together(legs)
            if path.assumption:  # nothing is certain of a path that may not be there
                verdict, why = UNKNOWN if verdict == REJECTED else verdict, f"{why}{path.assumption}"
            if path.instance is None and verdict != REJECTED:
                verdict, why = UNKNOWN, f"nothing tells where {path.hops[-1].pooler.name} connects to for it"
            pooler, entry = (hop.pooler, hop.entry) if hop is not None else (None, None)
            yield Passage(path.pool, legs, verdict, why, pooler, entry.name if entry is not None else None)

    def _ways(self, links: tuple[Link, ...], came: str | None = None) -> Iterator[tuple[Leg, ...]]:
        """Every way along the links; ``came`` is the key that the client of the first got (see `Leg`)."""
        for leg in self._steps(links[0], came):
            for rest in self._ways(links[1:], leg.key) if len(links) > 1 else ((),):
                yield (leg, *rest)

    def _steps(self, link: Link, came: str | None = None) -> tuple[Leg, ...]:
        entry = link.entry.name if link.entry is not None else None
        host = link.dsn.host if link.dsn is not None else None
        if not isinstance(link.client, Pooler) or not _depends_on_client(link.client, link):
            came = None  # one step for all
        entry = link.lane.key if link.lane is not None else entry
        key = (link.client.name, link.server.name, entry, host or link.address, link.database, link.user, came)
        if key not in self._judged:
            self._judged[key] = legs_of(link, self._deployment.links, came)
        return self._judged[key]


def legs_of(link: Link, links: Links, came: str | None = None) -> tuple[Leg, ...]:
    """The step that the link makes; several where machines of the client come from addresses that fare differently.
    ``link`` names the database and the user of the server's side. ``came`` is the key that the client got of its own
    client."""
    if isinstance(link.server, Proxy):
        from pgfpmlint.model.proxy_passage import leg_into_proxy

        found: tuple[Leg, ...] = (leg_into_proxy(link),)
    elif isinstance(link.server, Pooler):
        from pgfpmlint.model.pooler_door import legs_into_pooler

        found = legs_into_pooler(link, links, came=came)
    else:
        from pgfpmlint.model.instance_door import legs_into_instance

        found = legs_into_instance(link, came)
    return tuple(map(_one_of_several, found)) if _has_alternatives(link) else found


def _depends_on_client(pooler: Pooler, link: Link) -> bool:
    """Whether what the pooler can log in with depends on how its own client did, more than auth_type says."""
    parameters = link.entry.parameters if link.entry is not None else {}
    return pooler.bouncer.setting("auth_type").value == "hba" or ("user" in parameters and "password" in parameters)


def _has_alternatives(link: Link) -> bool:
    """Whether the client tries other addresses as well when this one fails."""
    host = link.entry.parameter("host") if link.entry is not None else None
    return (link.dsn is not None and link.dsn.alternatives) or (host is not None and "," in (host.value or ""))


def _one_of_several(leg: Leg) -> Leg:
    if leg.verdict != REJECTED:
        return leg
    return leg._replace(verdict=UNKNOWN, reason="", why=f"{leg.why}; another of its addresses may do")


def _without_client(link: Link) -> Link:
    """``*`` leads to whatever database a client names."""
    return link._replace(database=None) if link.entry is not None and link.entry.name == "*" else link


def _together(legs: tuple[Leg, ...]) -> tuple[str, str]:
    """The first step that rejects, else the first that is unknown, else that all admit."""
    for verdict in (REJECTED, UNKNOWN):
        found = next((leg for leg in legs if leg.verdict == verdict), None)
        if found is not None:
            return verdict, found.why
    return ADMITTED, legs[-1].why
