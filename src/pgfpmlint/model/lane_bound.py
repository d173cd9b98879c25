"""The most server connections that poolers other than PgBouncer may open, lane by lane."""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.model.capacity import Sum, Term, pool_demand
from pgfpmlint.model.link import Link, Links
from pgfpmlint.model.nodes import Pooler, Proxy
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.resolve.proxy import ANY, DATABASE, LANE, USER, serving
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from pgfpmlint.resolve.proxy import Figure, Lane


class Pools(NamedTuple):
    """How many pools a lane has: one, or one for each pair of database and user that its clients are known to use.
    ``complete``: there can be no others."""

    number: int
    complete: bool
    words: str = ""


def lanes_bound(links: Sequence[Link], all_links: Links) -> Sum:
    """The most connections that poolers may open through ``links``, which all start at lanes and end at one server."""
    found: dict[tuple[str, str], list[Link]] = {}
    for link in links:
        if isinstance(link.client, Proxy) and link.lane is not None:
            found.setdefault((link.client.name, link.lane.shared or f"\0{id(link.lane)}"), []).append(link)
    total = Sum(())
    for own in found.values():
        total = total.joined(lane_bound(own, all_links))
    return total


def lane_bound(own: Sequence[Link], all_links: Links) -> Sum:
    """What one lane may open through its links to one server, or several lanes that share their connections."""
    proxy, lane = own[0].client, own[0].lane
    assert isinstance(proxy, Proxy)
    assert lane is not None
    name = _name(proxy, own)
    if lane.size is None:
        return _unbounded(proxy, own, all_links, name)
    pools = Pools(1, True) if lane.shared else pools_of(proxy, lane, all_links)
    leads = sum(link.lane is lane for link in own)
    servers = f" × {leads} of its servers, which are one" if leads > 1 else ""
    words = f"{lane.size.words}{pools.words}{servers}"
    return Sum(
        (_term(proxy, name, words, lane.size.amount * pools.number * leads, lane.size.places),),
        at_least=not pools.complete or lane.at_least,
    )


def pools_of(proxy: Proxy, lane: Lane, links: Links) -> Pools:
    """The pools that the lane has of its size."""
    asks_database = lane.name == ANY and lane.per != USER
    asks_user = lane.user is None and lane.per != DATABASE
    if lane.per == LANE or not (asks_database or asks_user):
        return Pools(1, True)
    arriving = incoming_lane(proxy, lane, links)
    pairs = {(link.database if asks_database else "", link.user if asks_user else "") for link in arriving}
    named = [pair for pair in pairs if None not in pair]
    unnamed, count = len(named) < len(pairs), max(1, len(named))
    what = "pairs of database and user" if asks_database and asks_user else "users" if asks_user else "databases"
    complete = bool(arriving) and not unnamed and proxy.name not in links.shared
    return Pools(count, complete, f" × {count} {what}" if count > 1 else "")


def lanes_for(link: Link) -> tuple[Lane, ...]:
    """The lanes that may serve the link's client, where its server has any."""
    return serving(link.server.proxy, link.database, link.user) if isinstance(link.server, Proxy) else ()


def incoming_lane(proxy: Proxy, lane: Lane, links: Links) -> list[Link]:
    """Links of the clients that the lane may serve."""
    return [
        link for link in links.to(proxy) if any(one is lane for one in serving(proxy.proxy, link.database, link.user))
    ]


def _unbounded(proxy: Proxy, own: Sequence[Link], links: Links, name: str) -> Sum:
    """Nobody knows a limit. There are no more connections than clients come, where all of these are known."""
    lane = own[0].lane
    assert lane is not None
    arriving = incoming_lane(proxy, lane, links)
    is_pooled = any(isinstance(link.client, (Pooler, Proxy)) for link in arriving)
    wanted = pool_demand(arriving)
    is_known = not (lane.unknown or lane.shared or is_pooled or wanted.unknown or links.gap)
    if not arriving or not is_known or proxy.name in links.shared:
        return Sum((), at_least=True, unknown=(name,))
    came = " + ".join(f"{term.words} of {term.name}" for term in wanted.terms)
    places = tuple(dict.fromkeys(place for term in wanted.terms for place in term.places))
    words = f"no more than come: {came}"
    return Sum((Term(name, words, wanted.total, places, host=proxy.host),), at_least=wanted.at_least)


def _name(proxy: Proxy, own: Sequence[Link]) -> str:
    lane = own[0].lane
    assert lane is not None
    if lane.shared:
        return f"{proxy.name} {lane.shared}"
    if lane.per == LANE and lane.name == ANY:
        return proxy.name
    return f"{proxy.name} database {lane.key}"


def _term(proxy: Proxy, name: str, words: str, amount: int, places: Sequence[Place]) -> Term:
    lines: tuple[Place | None, ...] = tuple(places)
    if proxy.host.machines != 1:
        words, amount = f"{words} × {proxy.host.machines} hosts", amount * proxy.host.machines
        lines = (*lines, proxy.host.machines_place)
    return Term(name, words, amount, tuple(dict.fromkeys(one for one in lines if one is not None)), host=proxy.host)


def client_limit(proxy: Proxy, figure: Figure) -> Term:
    """As many clients as all machines of it admit."""
    return _term(proxy, proxy.name, figure.words, figure.amount, figure.places)
