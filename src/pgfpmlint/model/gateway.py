"""Which FPM pool serves what an nginx passes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pgfpmlint.model.address import is_loopback
from pgfpmlint.model.connection_path import ConnectionPath
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.nodes import ClientPool, FpmMaster, Host, WebServer
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.source.paths import plain
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from pgfpmlint.resolve.nginx import Address, Passing
    from pgfpmlint.syntax.document import Document

ANY = ("", "*", "0.0.0.0", "[::]")


class Gateway(NamedTuple):
    """One ``fastcgi_pass`` and one pool that it reaches. ``assumption`` is what a message must add when the two may
    be on different machines: the pool is then the only one near it that listens there."""

    server: WebServer
    passing: Passing
    address: Address
    pool: ClientPool
    assumption: str = ""
    paths: tuple[ConnectionPath, ...] = ()

    @property
    def is_certain(self) -> bool:
        return not self.assumption

    @property
    def listen(self) -> Place | None:
        """The line of the pool that the address meets."""
        setting = self.pool.pool.setting("listen")
        return setting.place if setting.is_written else None


class Front(NamedTuple):
    """An nginx and what it passes to addresses at which no pool is known to listen."""

    server: WebServer
    unmatched: tuple[tuple[Passing, Address], ...]
    listeners: Listeners


class Proxied(NamedTuple):
    """One ``proxy_pass``, and the ways on to pools of the one nginx that it reaches, of which nobody knows which one a
    request takes."""

    server: WebServer
    passing: Passing
    gateways: tuple[Gateway, ...]


class Gateways(NamedTuple):
    """Every nginx, every way from one to a pool that is known, and those that lead to such an nginx."""

    fronts: tuple[Front, ...]
    known: tuple[Gateway, ...]
    proxied: tuple[Proxied, ...] = ()


def gateways(deployment: Deployment, paths: Sequence[ConnectionPath]) -> Gateways:
    """Of several ``fastcgi_pass`` with the same settings that name the same pool, the first stands for all."""
    listeners = Listeners(deployment)
    onwards: dict[str, list[ConnectionPath]] = {}
    for path in paths:
        onwards.setdefault(path.pool.name, []).append(path)
    found: dict[tuple[object, ...], Gateway] = {}
    fronts: list[Front] = []
    every: dict[str, list[Gateway]] = {}
    for server in deployment.web_servers:
        unmatched: list[tuple[Passing, Address]] = []
        for passing in server.nginx.passings:
            for address in passing.addresses or ():
                pool, assumption = listeners.at(server, address)
                if pool is None:
                    unmatched.append((passing, address))
                    continue
                gateway = Gateway(server, passing, address, pool, assumption, tuple(onwards.get(pool.name, ())))
                places = [setting.place for setting in passing.settings.values() if setting.is_written]
                found.setdefault((server.name, pool.name, *places), gateway)
                every.setdefault(server.host.name, []).append(gateway)
        fronts.append(Front(server, tuple(unmatched), listeners))
    return Gateways(tuple(fronts), tuple(found.values()), tuple(_proxied(deployment, listeners, every)))


def _proxied(deployment: Deployment, listeners: Listeners, every: Mapping[str, Sequence[Gateway]]) -> Iterator[Proxied]:
    for server in deployment.web_servers:
        for passing in server.nginx.proxies:
            for address in (passing.addresses or ())[:1]:
                if address.host_port is None:
                    continue
                host, port = address.host_port
                near = [server.host] if is_loopback(host) else listeners.hosts(host)
                ways = [way for one in near for way in every.get(one.name, ()) if _listens_on(way.passing, port)]
                if len({way.server.name for way in ways}) == 1:
                    yield Proxied(server, passing, tuple(ways))


def _listens_on(passing: Passing, port: int) -> bool:
    """``listen`` names a port, or an address of which 80 is the port."""
    return any((one.rpartition(":")[2] if "]" not in one[-1:] else "80") == str(port) for one in passing.listens)


class Listeners:
    """The pools of a deployment by what they listen on, and by machine."""

    def __init__(self, deployment: Deployment) -> None:
        self._sockets: dict[str, list[ClientPool]] = {}
        self._named: dict[str, list[Host]] = {}
        self._masters: dict[str, list[FpmMaster]] = {}
        self._pools = deployment.pools_by_master
        for master in deployment.masters:
            self._masters.setdefault(master.host.name, []).append(master)
        for host in deployment.hosts:
            for name in {host.name, host.name.rpartition("/")[2], *host.addresses}:
                self._named.setdefault(name, []).append(host)
        for pool in deployment.pools:
            listen = pool.pool.setting("listen").value or ""
            if listen.startswith("/"):
                self._sockets.setdefault(plain(listen), []).append(pool)

    def masters(self, host: Host) -> list[FpmMaster]:
        return self._masters.get(host.name, [])

    def pools(self, host: Host) -> list[ClientPool]:
        """All pools of a machine."""
        return [pool for master in self.masters(host) for pool in self._pools[master.name]]

    def hosts(self, address: str) -> list[Host]:
        """The machines that a name or address means."""
        return self._named.get(address, [])

    def at(self, server: WebServer, address: Address) -> tuple[ClientPool | None, str]:
        """The one pool that the address means, with the assumption that this rests on."""
        if address.socket is not None:
            return self._at_socket(server, plain(address.socket))
        return self._at_port(server, address), ""

    def on_port(self, host: Host, port: int) -> list[ClientPool]:
        """The pools of one machine that listen on a port, whatever the address."""
        return [pool for pool in self.pools(host) if port_of(pool.pool.setting("listen").value or "/") == port]

    def _at_socket(self, server: WebServer, path: str) -> tuple[ClientPool | None, str]:
        pools = self._sockets.get(path, [])
        own = [pool for pool in pools if pool.host.name == server.host.name]
        if own:
            return (own[0], "") if len(own) == 1 else (None, "")
        near = [pool for pool in pools if _is_near(server, pool)]
        if len(pools) == 1 and near:
            return near[0], f" (assumed: {near[0].name} is the only pool that listens on {path})"
        return None, ""

    def _at_port(self, server: WebServer, address: Address) -> ClientPool | None:
        if address.host_port is None:
            return None
        host, port = address.host_port
        if is_loopback(host):
            own = [pool for pool in self.on_port(server.host, port) if _is_private(pool) or listens_to(pool) in ANY]
        else:
            own = [pool for near in self.hosts(host) for pool in self.on_port(near, port) if not _is_private(pool)]
        return own[0] if len(own) == 1 else None


def port_of(listen: str) -> int | None:
    """The port of a pool that listens on TCP."""
    port = "" if listen.startswith("/") else listen.rpartition(":")[2]
    return int(port) if port.isdecimal() else None


def listens_to(pool: ClientPool) -> str:
    """The IP address or name of a pool that listens on TCP; empty for all."""
    return (pool.pool.setting("listen").value or "").rpartition(":")[0]


def _is_private(pool: ClientPool) -> bool:
    """Whether only its own machine can connect to it."""
    return is_loopback(listens_to(pool))


def _is_near(server: WebServer, pool: ClientPool) -> bool:
    """Whether both are files of one repository that lie side by side, as docker/nginx and docker/php do."""
    ours, theirs = server.nginx.reading.main, pool.master.fpm.reading.main
    folders = {host.name.rpartition("/")[0] for host in (server.host, pool.host)}
    return _root(ours) == _root(theirs) and len(folders) == 1


def _root(document: Document) -> str:
    """The shown path of the machine's ``/``."""
    return document.source.path.removesuffix(document.path.lstrip("/"))


def is_alias(address: Address, pools: Sequence[ClientPool]) -> bool:
    """Whether it is Debian's name for the socket of one of the machine's PHP versions, a link that no file tells."""
    path = plain(address.socket or "")
    return path == "/run/php/php-fpm.sock" and any(
        (pool.pool.setting("listen").value or "").startswith(("/run/php/", "/var/run/php/")) for pool in pools
    )
