"""Which server an address means, seen from a client's host."""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.model.nodes import Host, Instance, Proxy, Server

LOOPBACK_NAMES = ("localhost", "localhost.localdomain", "ip6-localhost")
ANY_ADDRESS = ("*", "0.0.0.0", "::")


def is_loopback(address: str) -> bool:
    """Whether an address names the machine itself; 127.0.0.0/8 is loopback as a whole (RFC 1122, 3.2.1.3)."""
    return address in LOOPBACK_NAMES or address.startswith("127.") or address in ("::1", "[::1]")


def plain(name: str) -> str:
    """One spelling of a name: in names of hosts capitals don't matter, nor does the dot of the root (RFC 1035, 2.3.3
    and 3.1)."""
    return name.lower().removesuffix(".")


def is_socket(address: str) -> bool:
    """Whether libpq and PgBouncer take the address for a Unix socket: a path, or ``@`` for an abstract one."""
    return address == "" or address.startswith(("/", "@"))


def port(server: Server) -> int | None:
    """The TCP port, which also names the socket file."""
    if isinstance(server, Instance):
        return server.postgres.setting("port").number
    if isinstance(server, Proxy):
        return next((number for _, number in server.proxy.listens), None)
    return server.bouncer.setting("listen_port").number


def ports(server: Server) -> tuple[int | None, ...]:
    """All ports at which it listens: some poolers listen at several."""
    if isinstance(server, Proxy):
        return tuple(dict.fromkeys(number for _, number in server.proxy.listens))
    return (port(server),)


def listens_on(server: Server) -> tuple[str, ...]:
    """The addresses that the server binds, as written: names, IP addresses, ``*``; empty: Unix socket only."""
    if isinstance(server, Proxy):
        return tuple(dict.fromkeys(address for address, _ in server.proxy.listens if address))
    if isinstance(server, Instance):
        setting = server.postgres.setting("listen_addresses")
    else:
        setting = server.bouncer.setting("listen_addr")
    return _parts(setting.value)


def socket_folders(server: Server) -> tuple[str, ...]:
    """Folders of its Unix sockets, where written; the default depends on the build, so it is not guessed."""
    if isinstance(server, Proxy):
        return tuple(map(socket_folder, server.proxy.sockets))
    if isinstance(server, Instance):
        setting = server.postgres.setting("unix_socket_directories")
    else:
        setting = server.bouncer.setting("unix_socket_dir")
    return tuple(map(socket_folder, _parts(setting.value))) if setting.is_written else ()


def socket_folder(path: str) -> str:
    """The folder under one name: /var/run is a link to /run everywhere (https://refspecs.linuxfoundation.org/FHS_3.0)."""
    return path.rstrip("/").removeprefix("/var") if path.startswith("/var/run/") else path.rstrip("/")


def is_reachable(server: Server) -> bool:
    """Whether the server listens beyond loopback, so that other machines can connect to it."""
    return any(not is_loopback(address) for address in listens_on(server))


def is_told(server: Server) -> bool:
    """Whether the files alone say where the server listens. Where PostgreSQL's don't, it is localhost, unless a command
    line says more: of clusters in Debian's places none does, and an image that makes a configuration of its own has
    ``*`` in it (https://hub.docker.com/_/postgres, "Database Configuration")."""
    if not isinstance(server, Instance) or server.postgres.setting("listen_addresses").is_written:
        return True
    path = server.postgres.reading.main.path
    return path.startswith("/etc/postgresql/") and path.count("/") == 5  # …/VERSION/CLUSTER/postgresql.conf


class AddressBook:
    """All servers of a deployment by every address that means them; one lookup costs the same in any fleet."""

    def __init__(self, servers: Sequence[Server]) -> None:
        self._by_host: dict[str, list[Server]] = {}
        self._by_address: dict[str, list[tuple[Server, str]]] = {}
        self._remote: list[Server] = []
        for server in servers:
            self._by_host.setdefault(server.host.name, []).append(server)
            addresses = listens_on(server)
            if is_reachable(server) or not is_told(server):
                self._remote.append(server)
            for address, why in self._names(server, addresses).items():
                self._by_address.setdefault(address, []).append((server, why))

    def lookup(
        self, client_host: Host, address: str, wanted_port: int, *, of_pooler: bool = False
    ) -> list[tuple[Server, str]]:
        """Servers that ``address`` and port, written on ``client_host``, mean, each with what the address is to it.

        The names of a network's machines are known within it. An application whose files lie in no network may be run
        in one; a pooler's that lie beside one are another environment's, or a copy."""
        if is_socket(address):
            return [
                (server, f"a Unix socket of the same host, port {wanted_port}")
                for server in self._by_host.get(client_host.name, [])
                if wanted_port in ports(server) and _socket_fits(server, address)
            ]
        address = plain(address)
        if is_loopback(address):
            local = self._by_host.get(client_host.name, [])
            words = f"the same host, port {wanted_port}"
            return [(server, words) for server in local if wanted_port in ports(server)]
        named = self._by_address.get(address) or self._by_address.get(address.partition(".")[0] + ".", [])
        fitting = [
            (server, why)
            for server, why in named
            if wanted_port in ports(server) and _sees(client_host, server.host, outside=not of_pooler)
        ]
        near = _near([server for server, _ in fitting], client_host)
        return [(server, why) for server, why in fitting if server in near]

    def reachable(self, client_host: Host) -> list[Server]:
        """Servers that a client on ``client_host`` could connect to at all: local ones, and whatever listens beyond
        loopback elsewhere, or may; of several, those of its own environment."""
        local = self._by_host.get(client_host.name, [])
        remote = [
            server
            for server in self._remote
            if server.host.name != client_host.name and _sees(client_host, server.host, outside=False)
        ]
        return _near(local + remote, client_host)

    @staticmethod
    def _names(server: Server, addresses: tuple[str, ...]) -> dict[str, str]:
        own_name = plain(server.host.name.rpartition("/")[2])
        named = {
            # The first label of a DNS name names the machine: db.example.com is host db. The dot keeps it apart.
            f"{own_name}.": f"the name of host {server.host.name}",
            own_name: f"the name of host {server.host.name}",
        }
        for address in addresses:
            if address not in ANY_ADDRESS and not is_loopback(address):
                named[plain(address)] = f"an address that {server.name} listens on"
        for address in server.host.addresses:
            named[plain(address)] = f"declared for host {server.host.name}"
        return named


def _sees(client: Host, server: Host, *, outside: bool) -> bool:
    """Whether names of ``server`` mean it to ``client``; ``outside``: also where the client lies in no network, or
    the configuration declares it."""
    if not server.network or server.network == client.network or client.name == server.name:
        return True
    return not client.network and (outside or client.place is not None)


def _near(servers: list[Server], client_host: Host) -> list[Server]:
    """Of several servers those whose host lies in the same folder as the client's: ``staging/db`` for ``staging/web``.

    Repositories that hold several environments give each a folder, and the same names in all of them.
    """
    folder = client_host.name.rpartition("/")[0]
    same = [server for server in servers if server.host.name.rpartition("/")[0] == folder]
    return same if len(servers) > 1 and same else servers


def _socket_fits(server: Server, folder: str) -> bool:
    folders = socket_folders(server)
    return not (folder and folders) or socket_folder(folder) in folders


def _parts(listed: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (listed or "").split(",") if part.strip())
