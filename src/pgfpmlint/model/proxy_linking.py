"""The links of poolers other than PgBouncer: from every lane to the servers that it names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.finding.problem import Label
from pgfpmlint.model.address import AddressBook, is_loopback, is_socket
from pgfpmlint.model.link import ADDRESS, Link, Unlinked
from pgfpmlint.model.nodes import Proxy
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.resolve.proxy import ANY

if TYPE_CHECKING:
    from pgfpmlint.resolve.proxy import Backend, Lane


def links_of(proxy: Proxy, declared: Sequence[Link], book: AddressBook) -> Iterator[Link | Unlinked]:
    """``declared`` are those that the configuration says of it; they go before what its file names."""
    for lane in proxy.proxy.lanes:
        database = None if lane.name == ANY else lane.name
        said = [link for link in declared if link.database in (None, lane.name)]
        if said:
            for link in said:
                yield link._replace(lane=lane, database=database, user=link.user or lane.server_user)
        elif not lane.backends:
            yield Unlinked(proxy, f"nothing says to which server {_shown(lane)} leads", lane=lane)
        for backend in lane.backends if not said else ():
            yield _at(proxy, lane, backend, book)


def _at(proxy: Proxy, lane: Lane, backend: Backend, book: AddressBook) -> Link | Unlinked:
    host, port = backend.host, backend.port
    if host is None or port is None:
        return Unlinked(proxy, f"the address of {_shown(lane)} can't be read", lane=lane)
    named = book.lookup(proxy.host, host, port, of_pooler=True)
    found = [(server, why) for server, why in named if server is not proxy]
    shown = f"the Unix socket {host}".rstrip() if is_socket(host) else host
    if len(found) != 1:
        no = "and no server of this tree is known by that address"
        if found:
            no = f"which could be any of: {', '.join(sorted(server.name for server, _ in found))}"
        address = "" if found or is_socket(host) or is_loopback(host) else host
        return Unlinked(proxy, f"{_shown(lane)} names {shown}, port {port}, {no}", address=address, lane=lane)
    server, why = found[0]
    shown = "its address" if is_socket(host) else host
    label = Label(backend.place, f"{_shown(lane)} leads to {server.name}: {shown} is {why}")
    database = backend.database or (None if lane.name == ANY else lane.name)
    user = lane.server_user or lane.user
    return Link(proxy, server, ADDRESS, (label,), database=database, user=user, lane=lane, address=host)


def _shown(lane: Lane) -> str:
    return "every database" if lane.name == ANY and lane.user is None else f"database {lane.key}"
