"""Whole paths through poolers other than PgBouncer.

How such a pooler lets its clients in is not read: that step stays unknown, and of the one behind it the server's side
is known, as for an application that says nothing of itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.model.lane_bound import incoming_lane
from pgfpmlint.model.leg import REJECTED, UNKNOWN, Leg
from pgfpmlint.model.link import Link, Links
from pgfpmlint.model.nodes import Instance, Pooler, Proxy
from pgfpmlint.model.route import route_of

Way = tuple[Link, ...]


def leg_into_proxy(link: Link) -> Leg:
    """The step that a client takes into such a pooler."""
    assert isinstance(link.server, Proxy)
    why = f"how {link.server.name} lets its clients in is not read"
    return Leg(link, route_of(link), link.user, link.database, UNKNOWN, why)


def ways_of(links: Links) -> Iterator[Way]:
    """The links of every pool that connects to such a pooler, with each onward link; those of lanes that no pool uses
    by themselves."""
    onwards: dict[int, list[Link]] = {}
    for link in links.known:
        if isinstance(link.client, Proxy) and link.lane is not None:
            onwards.setdefault(id(link.lane), []).append(link)
    used: dict[str, list[Link]] = {}
    for further in onwards.values():
        first = further[0]
        assert isinstance(first.client, Proxy)
        assert first.lane is not None
        arriving = [one for one in incoming_lane(first.client, first.lane, links) if not _is_pooler(one)]
        for one in arriving:
            used.setdefault(one.client.name, []).append(one)
            yield from ((one, _of_client(link, one)) for link in further)
        if not arriving:
            yield from ((link,) for link in further)
    for link in links.known:
        if isinstance(link.server, Proxy) and not _is_pooler(link) and link not in used.get(link.client.name, ()):
            yield (link,)


def _is_pooler(link: Link) -> bool:
    return isinstance(link.client, (Pooler, Proxy))


def _of_client(link: Link, before: Link) -> Link:
    """The onward link as this client makes the pooler use it."""
    return link._replace(database=link.database or before.database, user=link.user or before.user)


def verdict_of(legs: tuple[Leg, ...]) -> tuple[str, str]:
    """Rejected where a step is; else unknown, for the first step is."""
    rejected = next((leg for leg in legs if leg.verdict == REJECTED), None)
    if rejected is not None:
        return REJECTED, rejected.why
    if not isinstance(legs[-1].server, Instance):
        return UNKNOWN, f"nothing tells where {legs[-1].server.name} connects to for it"
    if len(legs) == 1:
        return legs[0].verdict, legs[0].why
    return UNKNOWN, f"{legs[0].why}; {legs[-1].why}"
