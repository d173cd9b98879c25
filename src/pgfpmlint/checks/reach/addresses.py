"""Addresses at which nothing answers, or the one who asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.address import is_loopback, is_socket, port, ports, socket_folder, socket_folders
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.dsn import POSTGRES_PORT, said_by
from pgfpmlint.model.nodes import Host, Instance, Pooler, Proxy, Server
from pgfpmlint.model.route import listening, numeric
from pgfpmlint.model.world import World
from pgfpmlint.record import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pgfpmlint.resolve.pgbouncer import BouncerEntry


class Named(NamedTuple):
    """An address that a client names and that no server of the tree is known by."""

    client: str
    host: Host
    address: str
    port: int
    lines: tuple[Label, ...]


def nothing_at_this_port(deployment: Deployment, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A client names a machine of the tree, which has servers, but none at that port."""
    hosts = _hosts(deployment)
    servers = _by_host(deployment)
    for named in _lost(deployment):
        host = named.host if is_loopback(named.address) else hosts.get(named.address)
        there = servers.get(host.name, []) if host is not None and not is_socket(named.address) else []
        taken = [number for server in there for number in ports(server)]
        # without a PostgreSQL there, its files are simply not in the tree
        if not any(isinstance(one, Instance) for one in there) or None in taken or named.port in taken:
            continue
        listed = " and ".join(f"{server.name} at {port(server)}" for server in there)
        values = {"client": named.client, "address": named.address, "port": named.port, "servers": listed}
        yield Hit(named.lines[0].place, values, (*named.lines[1:], *_ports(there)))


def socket_elsewhere(deployment: Deployment, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A client looks for the socket of a server of its own machine in a folder where it is not."""
    servers = _by_host(deployment)
    for named in _lost(deployment):
        if not named.address.startswith("/"):
            continue
        there = [one for one in servers.get(named.host.name, []) if port(one) == named.port and socket_folders(one)]
        if len(there) == 1 and socket_folder(named.address) not in socket_folders(there[0]):
            folders = ", ".join(socket_folders(there[0]))
            values = {"client": named.client, "folder": named.address, "server": there[0].name, "folders": folders}
            yield Hit(named.lines[0].place, values, (*named.lines[1:], *_folders(there[0])))


def pooler_leads_to_itself(pooler: Pooler, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """An entry whose address is the pooler's own."""
    own = port(pooler)
    for entry in pooler.bouncer.databases:
        host, number = entry.parameter("host"), entry.parameter("port")
        wanted = number.number if number is not None else POSTGRES_PORT
        if own is None or wanted != own or _is_shared(pooler, world):
            continue
        address = "" if host is None else host.value
        if address is None or not _is_own(address, pooler):
            continue
        listen = pooler.bouncer.setting("listen_port")
        related = (Label(listen.place, "its own port"),) if listen.is_written and listen.place is not None else ()
        place = number.place if number is not None and number.place is not None else entry.place
        yield Hit(place, {"pooler": pooler.name, "database": entry.name, "port": own}, related)


def _is_shared(pooler: Pooler, world: World) -> bool:
    """Whether another server of the machine has the same port, so that the address may mean that."""
    nodes: list[Server] = [*world.deployment.instances, *world.deployment.poolers, *world.deployment.proxies]
    near = [one for one in nodes if one.host.name == pooler.host.name and one.name != pooler.name]
    return any(number in (None, port(pooler)) for one in near for number in ports(one))


def _is_own(address: str, pooler: Pooler) -> bool:
    folder, heard = pooler.bouncer.setting("unix_socket_dir").value, listening(pooler).value
    if is_socket(address):
        return bool(folder) and address != "" and socket_folder(address) == socket_folder(folder or "")
    if not heard:
        return False
    if is_loopback(address):
        return heard in ("*", "0.0.0.0", "127.0.0.1", "localhost")
    return address in numeric(pooler.host) and heard in ("*", "0.0.0.0", address)


def _lost(deployment: Deployment) -> Iterator[Named]:
    """Every address of a client without a link."""
    unlinked = {(one.client.name, one.entry.name if one.entry else "") for one in deployment.links.unknown}
    for pool in deployment.clients:
        if (pool.name, "") in unlinked:
            linked = {(link.dsn.host, link.dsn.port) for link in deployment.links.of(pool) if link.dsn is not None}
            for dsn in said_by(pool).dsns:
                if (dsn.host, dsn.port) not in linked and dsn.evidence and not dsn.alternatives:
                    yield Named(pool.name, pool.host, dsn.host, dsn.port, dsn.evidence)
    for pooler in deployment.poolers:
        for entry in pooler.bouncer.databases:
            if (pooler.name, entry.name) in unlinked:
                yield from _of_entry(pooler, entry)


def _of_entry(pooler: Pooler, entry: BouncerEntry) -> Iterator[Named]:
    host, number = entry.parameter("host"), entry.parameter("port")
    wanted = number.number if number is not None else POSTGRES_PORT
    if host is not None and host.value and "," not in host.value and wanted is not None and host.place is not None:
        lines: tuple[Label, ...] = (Label(host.place, f"names {host.value}"),)
        if number is not None and number.place is not None:
            lines += (Label(number.place, f"names port {wanted}"),)
        yield Named(f"{pooler.name} (database {entry.name})", pooler.host, host.value, wanted, lines)


def _hosts(deployment: Deployment) -> dict[str, Host]:
    """The machines by every address that is declared for one of them alone."""
    found: dict[str, Host] = {}
    doubtful: set[str] = set()
    for host in deployment.hosts:
        for address in host.addresses:
            if address in found:
                doubtful.add(address)
            found[address] = host
    return {address: host for address, host in found.items() if address not in doubtful}


def _by_host(deployment: Deployment) -> dict[str, list[Server]]:
    found: dict[str, list[Server]] = {}
    instances = [one for one in deployment.instances if not one.fragment]
    servers: list[Server] = [*instances, *deployment.poolers, *deployment.proxies]
    for server in servers:
        found.setdefault(server.host.name, []).append(server)
    return found


def _ports(servers: list[Server]) -> Iterator[Label]:
    for server in servers:
        if isinstance(server, Proxy):
            continue
        reading = server.postgres if isinstance(server, Instance) else server.bouncer
        setting = reading.setting("port" if isinstance(server, Instance) else "listen_port")
        if setting.is_written and setting.place is not None:
            yield Label(setting.place, f"the port of {server.name}")


def _folders(server: Server) -> Iterator[Label]:
    if isinstance(server, Proxy):
        return
    reading = server.postgres if isinstance(server, Instance) else server.bouncer
    setting = reading.setting("unix_socket_directories" if isinstance(server, Instance) else "unix_socket_dir")
    if setting.place is not None:
        yield Label(setting.place, f"the socket of {server.name}")
