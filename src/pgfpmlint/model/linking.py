"""Finding the links of a deployment, strongest evidence first: declared, named by an address, the only candidate.

What can't be told stays unknown and is listed; nothing is guessed silently.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.config import ConfigError, LinkConfig
from pgfpmlint.finding.problem import Label
from pgfpmlint.model import dsn as dsns
from pgfpmlint.model.address import AddressBook, is_loopback, is_socket
from pgfpmlint.model.link import ADDRESS, DECLARED, ONLY_CANDIDATE, Dsn, Link, Links, Unlinked
from pgfpmlint.model.nodes import Client, ClientPool, Pool, Pooler, Proxy, Server, Workers
from pgfpmlint.record import TYPE_CHECKING

if TYPE_CHECKING:
    from pgfpmlint.resolve.pgbouncer import BouncerEntry

Found = Link | Unlinked


def connect(
    pools: Sequence[Pool],
    servers: Sequence[Server],
    declared: Sequence[LinkConfig],
    hidden: Sequence[str] = (),
    shared: frozenset[str] = frozenset(),
) -> Links:
    """The links of all client pools and poolers. ConfigError where a declared end names no node, or several.

    ``hidden`` are files of servers that can't be read: with any, no server is the only candidate. ``shared`` are the
    names of servers that declared consumers use."""
    book = AddressBook(servers)
    poolers = [server for server in servers if isinstance(server, Pooler)]
    proxies = [server for server in servers if isinstance(server, Proxy)]
    by_client: dict[str, list[Link]] = {}
    for link in _declared(declared, [*pools, *poolers, *proxies], servers):
        by_client.setdefault(link.client.name, []).append(link)
    found: list[Found] = []
    for pool in pools:
        found += by_client.get(pool.name) or _of_pool(pool, book, hidden)
    if proxies:
        from pgfpmlint.model.proxy_linking import links_of

        for proxy in proxies:
            found += links_of(proxy, by_client.get(proxy.name, []), book)
    for pooler in poolers:
        for entry in pooler.bouncer.databases:
            said = [link for link in by_client.get(pooler.name, []) if link.database in (None, entry.name)]
            found += [link._replace(entry=entry) for link in said] or _of_entry(pooler, entry, book)
    return Links(
        [one for one in found if isinstance(one, Link)],
        [one for one in found if isinstance(one, Unlinked)],
        shared,
    )


def named(end: str, nodes: Sequence[Client | Server], place: str) -> Client | Server:
    """The one node that ``end`` names: by its own name, or by its host's when that holds no other node of the kind.

    ConfigError, beginning with ``place``, lists the nodes where ``end`` fits none of them or several.
    """
    fitting = fits(end, nodes)
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise ConfigError(f"{place}: {end!r} names several nodes; write one of: {_list(fitting)}")
    raise ConfigError(f"{place}: {end!r} names no node of this tree; there are: {_list(nodes) or 'none'}")


def fits(end: str, nodes: Sequence[Client | Server]) -> list[Client | Server]:
    """The nodes that ``end`` may mean."""
    exact = [node for node in nodes if node.name == end]
    there = [node for node in nodes if node.host.name == end] if not exact else []
    # A host's name stands for its pool of PHP-FPM or its pooler first; many a machine runs some worker, too.
    return exact or [node for node in there if not isinstance(node, Workers)] or there


def _list(nodes: Sequence[Client | Server]) -> str:
    return ", ".join(sorted(node.name for node in nodes))


def _declared(declared: Sequence[LinkConfig], clients: Sequence[Client], servers: Sequence[Server]) -> Iterator[Link]:
    clients_by_name = {client.name: client for client in clients}
    servers_by_name = {server.name: server for server in servers}
    for link in declared:
        where = f"{link.place.path}:{link.place.line}"
        client = clients_by_name[named(link.from_, clients, where).name]
        server = servers_by_name[named(link.to, servers, where).name]
        evidence = Label(link.place, f"declares that {client.name} connects to {server.name}")
        yield Link(
            client,
            server,
            DECLARED,
            (evidence,),
            database=link.database,
            user=link.user,
            per_process=1 if link.connections_per_worker is None else link.connections_per_worker,
            per_process_place=link.places.get("connections_per_worker"),
            persistent=Label(link.place, "declared persistent") if link.persistent else _kept_by(client),
        )


def _kept_by(client: Client) -> Label | None:
    if isinstance(client, (Pooler, Proxy)):
        return None
    return next((dsn.persistent for dsn in dsns.said_by(client).dsns if dsn.persistent), None)


def _of_pool(pool: Pool, book: AddressBook, hidden: Sequence[str]) -> list[Found]:
    said = dsns.said_by(pool)
    if said.dsns:
        found = _together([_at_address(pool, address, book) for address in said.dsns])
        return [*found, *(Unlinked(pool, why) for why in said.unknown)]
    if isinstance(pool, Workers):  # many a program has nothing to do with PostgreSQL
        return [Unlinked(pool, why) for why in said.unknown] if not said.is_other else []
    if said.is_other or pool.master.speaks_postgres is False:
        return []
    if said.unknown:
        return [Unlinked(pool, why) for why in said.unknown]
    if pool.served is not None and pool.served.why:
        return [Unlinked(pool, f"nothing says to which it connects, and {pool.served.why}")]
    candidates = book.reachable(pool.host)
    if candidates and hidden:
        return [Unlinked(pool, f"nothing says to which it connects, and {hidden[0]} can't be read")]
    if len(candidates) == 1:
        return [Link(pool, candidates[0], ONLY_CANDIDATE, ())]
    if not candidates:
        return []
    several = _list(candidates) if len(candidates) <= 4 else f"any of {len(candidates)} servers"
    return [Unlinked(pool, f"nothing says to which it connects: {several}")]


def _together(found: list[Found]) -> list[Found]:
    """One link for all connections of a worker to the same database as the same user; an address that is one of
    several of the same connection counts once."""
    links: dict[tuple[str, str | None, str | None], Link] = {}
    counted: dict[tuple[str, str | None, str | None], set[int]] = {}
    for link in found:
        if isinstance(link, Link) and link.dsn is not None:
            key = (link.server.name, link.database, link.user)
            known = links.get(key)
            counted.setdefault(key, set()).add(link.dsn.connection)
            if known is None:
                links[key] = link
                continue
            several = len(counted[key])
            links[key] = known._replace(
                evidence=tuple(dict.fromkeys((*known.evidence, *link.evidence))),
                per_process=several,
                per_process_place=link.evidence[0].place if several > 1 else known.per_process_place,
                persistent=known.persistent or link.persistent,
                dsn=_both(known.dsn, link.dsn),
            )
    return [*links.values(), *(one for one in found if isinstance(one, Unlinked))]


def _both(first: Dsn | None, second: Dsn) -> Dsn:
    """The first of two that lead to one server, with what is prepared and sent over either."""
    if first is None:
        return second
    sent = tuple(dict.fromkeys((*first.session_sql, *second.session_sql)))
    return first._replace(native_prepares=first.native_prepares or second.native_prepares, session_sql=sent)


def _at_address(pool: Pool, address: Dsn, book: AddressBook) -> Found:
    matches = book.lookup(pool.host, address.host, address.port)
    if len(matches) != 1:
        why = _no_match(address.host, address.port, [server for server, _ in matches])
        return Unlinked(pool, why, address=_unknown(address.host, matches))
    server, why = matches[0]
    evidence = (address.evidence[0]._replace(words=f"{address.evidence[0].words}, {why}"), *address.evidence[1:])
    return Link(
        pool,
        server,
        ADDRESS,
        evidence,
        database=address.database,
        user=address.user,
        persistent=None if _switched_off(pool, address) else address.persistent,
        dsn=address,
    )


def _switched_off(pool: Pool, address: Dsn) -> bool:
    """Whether PHP is told to keep no connections of the extension pgsql; PDO's are not its business."""
    if not isinstance(pool, ClientPool) or address.driver != "pgsql" or address.persistent is None:
        return False
    from pgfpmlint.model.php import php_flag

    return php_flag(pool, "pgsql.allow_persistent") is False


def _of_entry(pooler: Pooler, entry: BouncerEntry, book: AddressBook) -> list[Found]:
    host, port = entry.parameter("host"), entry.parameter("port")
    number = port.number if port is not None else dsns.POSTGRES_PORT
    if number is None or (host is not None and host.value is None):
        return [Unlinked(pooler, f"the address of database {entry.name} can't be read", entry)]
    place = host.place if host is not None and host.place is not None else entry.place
    found: list[Found] = []
    for address in (host.value or "" if host is not None else "").split(","):
        named = book.lookup(pooler.host, address, number, of_pooler=True)
        matches = [(server, why) for server, why in named if server is not pooler]
        if len(matches) == 1:
            server, why = matches[0]
            shown = "its address" if is_socket(address) else address
            label = Label(place, f"database {entry.name} leads to {server.name}: {shown} is {why}")
            database = entry.parameter("dbname")
            user = entry.parameter("user")
            found.append(
                Link(
                    pooler,
                    server,
                    ADDRESS,
                    (label,),
                    entry=entry,
                    database=database.value if database is not None else entry.name,
                    user=user.value if user is not None else None,
                )
            )
        else:
            why = f"database {entry.name} {_no_match(address, number, [server for server, _ in matches])}"
            found.append(Unlinked(pooler, why, entry, _unknown(address, matches)))
    return found


def _unknown(address: str, matches: Sequence[object]) -> str:
    """The address, if it is the name of a machine and no server's."""
    return "" if matches or is_socket(address) or is_loopback(address) else address


def _no_match(address: str, port: int, matches: Sequence[Server]) -> str:
    shown = f"the Unix socket {address}".rstrip() if is_socket(address) else address
    if matches:
        return f"names {shown}, port {port}, which could be any of: {_list(matches)}"
    return f"names {shown}, port {port}, and no server of this tree is known by that address"
