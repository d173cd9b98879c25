"""Sockets below /tmp of servers that systemd gives a /tmp of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.gateway import Gateway
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import FpmMaster, Instance, Pooler
from pgfpmlint.model.route import LOCAL, route_of, socket_setting
from pgfpmlint.model.world import World
from pgfpmlint.resolve.settings import Effective

PRIVATE = ("/tmp/", "/var/tmp/")
"""https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#PrivateTmp="""


def socket_in_private_tmp(
    server: Instance | Pooler | FpmMaster, world: World, params: Mapping[str, object]
) -> Iterator[Hit]:
    """Nobody else finds a socket that a server makes in its own /tmp, nor does it find those of others there."""
    own = server.unit.setting("PrivateTmp") if server.unit is not None else None
    if own is None or own.value != "yes" or own.place is None:
        return
    links = world.deployment.links
    if isinstance(server, FpmMaster):
        pools = world.deployment.pools_by_master[server.name]
        hidden = {pool.name for pool in pools if (pool.pool.setting("listen").value or "").startswith(PRIVATE)}
        for gateway in world.subjects("gateway") if hidden else ():
            if isinstance(gateway, Gateway) and gateway.pool.name in hidden:
                yield from _passed(gateway, server, own)
        found = [link for pool in pools for link in links.of(pool)]
    else:
        found = [*links.to(server), *(links.of(server) if isinstance(server, Pooler) else ())]
    for link in found:
        yield from _linked(link, server, own)


def _passed(gateway: Gateway, server: FpmMaster, own: Effective) -> Iterator[Hit]:
    socket = gateway.address.socket
    if socket is not None and socket.startswith(PRIVATE):
        values = {"server": server.name, "client": gateway.server.name, "socket": socket}
        yield _hit(values, own, (Label(gateway.passing.place, "looks for it"),), certain=gateway.is_certain)


def _linked(link: Link, server: Instance | Pooler | FpmMaster, own: Effective) -> Iterator[Hit]:
    route = route_of(link)
    folder = socket_setting(link.server)
    named = route.named or ""
    if route.type != LOCAL or not f"{named}/".startswith(PRIVATE) or not link.is_certain:
        return
    other = link.server if server.name != link.server.name else link.client
    values = {"server": server.name, "client": other.name, "socket": f"the socket in {named}"}
    labels = list(link.evidence)
    if folder.is_written and folder.place is not None:
        labels.append(Label(folder.place, f"{link.server.name} makes it there"))
    yield _hit(values, own, tuple(labels), certain=True)


def _hit(values: Mapping[str, str], own: Effective, labels: tuple[Label, ...], *, certain: bool) -> Hit:
    assert own.place is not None
    return Hit(own.place, values, labels, certain=certain)
