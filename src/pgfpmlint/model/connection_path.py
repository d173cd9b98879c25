"""Whole paths: from the workers of a pool, through the poolers between, to the instance that runs their statements."""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.finding.problem import Label
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.link import Link, Links
from pgfpmlint.model.nodes import Instance, Pool, Pooler, Proxy
from pgfpmlint.model.pool_mode import entry_for
from pgfpmlint.record import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pgfpmlint.resolve.pgbouncer import BouncerEntry

LONGEST = 4
"""Poolers behind each other that are followed; a longer chain is a loop."""


class Hop(NamedTuple):
    """One pooler of a path: the [databases] line that serves the clients, and the name that they log in with."""

    pooler: Pooler
    entry: BouncerEntry | None
    user: str | None


class ConnectionPath(NamedTuple):
    """``links`` lead from the pool to the instance. ``instance`` is None where nobody knows what the last pooler
    connects to."""

    pool: Pool
    links: tuple[Link, ...]
    hops: tuple[Hop, ...]
    instance: Instance | None

    @property
    def is_certain(self) -> bool:
        return all(link.is_certain for link in self.links)

    @property
    def assumption(self) -> str:
        """What a message must add when a link of it was assumed."""
        return next((link.assumption for link in self.links if link.assumption), "")

    @property
    def evidence(self) -> tuple[Label, ...]:
        """The lines that say that the path is there."""
        return tuple(dict.fromkeys(label for link in self.links for label in link.evidence))


def connection_paths(deployment: Deployment) -> tuple[ConnectionPath, ...]:
    """Every path of every pool, in the order of the links."""
    further = _by_entry(deployment.links)
    found: list[ConnectionPath] = []
    for link in deployment.links.known:
        if not isinstance(link.client, (Pooler, Proxy)):
            found += _follow(link.client, (link,), (), further)
    return tuple(found)


def _by_entry(links: Links) -> dict[tuple[str, str], list[Link]]:
    """The links of poolers by pooler and [databases] line."""
    found: dict[tuple[str, str], list[Link]] = {}
    for link in links.known:
        if link.entry is not None:
            found.setdefault((link.client.name, link.entry.name), []).append(link)
    return found


def _follow(
    pool: Pool, links: tuple[Link, ...], hops: tuple[Hop, ...], further: dict[tuple[str, str], list[Link]]
) -> Iterator[ConnectionPath]:
    last = links[-1]
    server = last.server
    if isinstance(server, Instance):
        yield ConnectionPath(pool, links, hops, server)
        return
    if isinstance(server, Proxy):  # of whose settings nothing is known here: see model.proxy_passage
        return
    entry = entry_for(server, last.database)
    hops = (*hops, Hop(server, entry, last.user))
    onwards = further.get((server.name, entry.name), []) if entry is not None and len(hops) < LONGEST else []
    for link in onwards:
        yield from _follow(pool, (*links, _named_by_client(link, last)), hops, further)
    if not onwards:
        yield ConnectionPath(pool, links, hops, None)


def _named_by_client(link: Link, before: Link) -> Link:
    """``*`` leads to the database that the client named, and a line without ``user=`` logs in as the client did."""
    database = before.database if link.entry is not None and link.entry.name == "*" else link.database
    return link._replace(database=database, user=link.user or before.user)
