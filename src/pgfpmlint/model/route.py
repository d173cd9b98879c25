"""How a client comes to a server: by which socket, and from which addresses as the server sees them."""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.model.address import LOOPBACK_NAMES, is_loopback, is_socket, listens_on, port
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import Host, Instance, Proxy, Server
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve import ip
from pgfpmlint.resolve.settings import Effective, Unknown

LOCAL, HOST = "local", "host"
LOOPBACK = ("127.0.0.1", "::1")

EVERY_IPV4 = ("*", "0.0.0.0")
EVERY_IPV6 = ("*", "::")


class Route(NamedTuple):
    """``type`` is ``local``, ``host``, or None where nothing tells. ``named`` is the address that the client names, as
    written; None where it names none. ``addresses`` are those that the client may come from; None: not known.

    ``apart``: each address is that of a machine of its own, so that each comes to an answer of its own.
    """

    type: str | None
    named: str | None
    addresses: tuple[str, ...] | None
    apart: bool = False


def route_of(link: Link) -> Route:
    """How the link's client comes to its server."""
    client, server, named = link.client.host, link.server.host, named_by(link)
    if named is not None and is_socket(named):
        return Route(LOCAL, named, None)
    if client.name != server.name:
        own = numeric(client)
        return Route(HOST, named, own or None, apart=client.machines > 1 and len(own) == client.machines)
    if named is None:
        return Route(None, None, None)
    if is_loopback(named):
        return Route(HOST, named, _loopback(named, link.server))
    # who connects to an address of the same machine comes from it
    return Route(HOST, named, (named,) if ip.parse(named) else None)


def ways_of(route: Route) -> Iterator[tuple[str, str | None]]:
    """Socket type and address of every way in which the client may come."""
    if route.type in (LOCAL, None):
        yield LOCAL, None
    if route.type in (HOST, None):
        for address in route.addresses or (LOOPBACK if route.type is None else (None,)):
            yield HOST, address


def named_by(link: Link) -> str | None:
    """The address that the client's configuration names; ``""`` is the default socket, None: none, or not which."""
    if link.dsn is not None:
        return link.dsn.host
    if link.lane is not None and link.certainty == "address":
        return link.address
    if link.entry is None or link.certainty != "address":
        return None
    host = link.entry.parameter("host")
    if host is None:
        return ""
    parts = (host.value or "").split(",")
    return parts[0] if len(parts) == 1 and host.value is not None else None


def numeric(host: Host) -> tuple[str, ...]:
    """The declared addresses of a host that are no names."""
    return tuple(address for address in host.addresses if ip.parse(address))


def _loopback(named: str, server: Server) -> tuple[str, ...]:
    """Linux gives 127.0.0.1 to whoever connects to any of 127.0.0.0/8; localhost is ::1 first, where that listens."""
    if named in ("::1", "[::1]"):
        return ("::1",)
    if named.startswith("127."):
        return ("127.0.0.1",)
    heard = listens_on(server)
    six = any(part in (*EVERY_IPV6, "::1", "localhost") for part in heard)
    four = any(part in (*EVERY_IPV4, "127.0.0.1", "localhost") for part in heard)
    return ("::1",) * six + ("127.0.0.1",) * (four or not six)


def deaf(server: Server, route: Route) -> str:
    """Why nothing of the server listens where the client knocks, in words; empty where it does, or may."""
    setting = listening(server)
    if route.type == LOCAL:
        closed = socket_setting(server)
        return f"{server.name} has no Unix socket: {closed.name} is empty" if closed.value == "" else ""
    if route.type is None or setting.value is None:
        return ""
    parts = listens_on(server)
    where = f"{setting.name} is {setting.value or 'empty'}{'' if setting.is_written else ', the default'}"
    if not parts:
        return f"{server.name} listens on its Unix socket only: {where}"
    if all(ip.parse(part) or part in ("*", *LOOPBACK_NAMES) for part in parts) and not _heard(parts, route):
        return f"{server.name} does not listen on {route.named or 'a network'}, port {port(server)}: {where}"
    return ""


def _heard(parts: tuple[str, ...], route: Route) -> bool:
    """Whether one of the numeric addresses may be the one that the client names."""
    if "*" in parts:
        return True
    if route.named is None or ip.parse(route.named.strip("[]")) is None:
        local = route.named is not None and is_loopback(route.named)
        return local or not all(is_loopback(part) for part in parts)
    named = ip.parse(route.named.strip("[]"))
    every = "0.0.0.0" if named and named[0] == 4 else "::"
    meant = {found for part in parts for found in _numbers(part)}
    return every in parts or named in meant


def _numbers(part: str) -> Iterator[tuple[int, int] | None]:
    yield ip.parse("127.0.0.1" if part in LOOPBACK_NAMES else part)
    if part in LOOPBACK_NAMES:
        yield ip.parse("::1")


def listening(server: Server) -> Effective:
    """The setting that says on which addresses the server listens."""
    if isinstance(server, Instance):
        return server.postgres.setting("listen_addresses")
    if isinstance(server, Proxy):
        return Effective("listen", None, Unknown("it is not read", server.proxy.anchor))
    return server.bouncer.setting("listen_addr")


def socket_setting(server: Server) -> Effective:
    """The setting that says in which folders its Unix sockets are."""
    if isinstance(server, Instance):
        return server.postgres.setting("unix_socket_directories")
    if isinstance(server, Proxy):
        return Effective("sockets", None, Unknown("it is not read", server.proxy.anchor))
    return server.bouncer.setting("unix_socket_dir")
