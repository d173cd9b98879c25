"""Connections that PHP keeps between requests, with a pooler between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import ClientPool, Pooler
from pgfpmlint.model.pool_mode import entry_for, pool_mode
from pgfpmlint.model.pooler_bound import entry_bound
from pgfpmlint.model.shared_server import shared_by
from pgfpmlint.model.world import World
from pgfpmlint.resolve.settings import Effective

PREPARED = "max_prepared_statements"


def persistent_behind_transaction_pooling(link: Link, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A pool keeps its connections, and the pooler gives every transaction, or statement, another server."""
    shared = shared_by(link) if link.persistent is not None else None
    if link.persistent is None or shared is None:
        return
    pooler = shared.pooler
    breaks, labels = _what_breaks(pooler.bouncer.reading.version, pooler.bouncer.setting(PREPARED))
    yield Hit(
        link.persistent.place,
        {
            "pool": link.client.name,
            "pooler": pooler.name,
            "mode": shared.mode.value,
            "breaks": breaks,
            "assumption": link.assumption,
        },
        (*shared.labels, *labels, *(label for label in link.evidence if label.place != link.persistent.place)),
        certain=link.is_certain,
    )


def persistent_starves_session_pool(link: Link, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """In session mode every kept connection pins a server connection; with fewer of them than workers, some wait."""
    pooler = link.server
    if link.persistent is None or not isinstance(link.client, ClientPool) or not isinstance(pooler, Pooler):
        return
    entry = entry_for(pooler, link.database)
    mode = pool_mode(pooler, link.database, link.user)
    children = link.client.pool.setting("pm.max_children")
    if entry is None or mode is None or mode.value != "session" or children.number is None:
        return
    bound = entry_bound(pooler, entry, world.deployment.links)
    workers = children.number * link.client.host.machines * link.per_process
    if bound.unlimited or bound.unknown or bound.at_least or workers <= bound.total or children.place is None:
        return
    term = bound.terms[0]
    hosts = f" × {link.client.host.machines} hosts" if link.client.host.machines != 1 else ""
    yield Hit(
        children.place,
        {
            "pool": link.client.name,
            "pooler": pooler.name,
            "database": entry.name,
            "workers": workers,
            "servers": bound.total,
            "assumption": link.assumption,
        },
        (link.persistent, *(Label(place, f"{term.name}: {term.words}") for place in term.places), *link.evidence),
        (
            f"{link.client.name}: {children.number} pm.max_children{hosts} = {workers} kept connections",
            f"{term.name}: {term.words} = {bound.total} server connections",
            f"{workers} - {bound.total} = {workers - bound.total} workers wait until query_wait_timeout",
        ),
        certain=link.is_certain,
    )


def _what_breaks(version: ServerVersion, prepared: Effective) -> tuple[str, tuple[Label, ...]]:
    """https://www.pgbouncer.org/changelog.html: prepared statements are followed from 1.21, by default from 1.24."""
    if not version.at_least(1, 21):
        return f"native prepared statements fail, for PgBouncer {version} does not follow them (1.21 does)", ()
    if prepared.number == 0:
        place = prepared.place if prepared.is_written else None
        state = "max_prepared_statements is 0" + ("" if place else f", the default of PgBouncer {version}")
        labels = (Label(place, "prepared statements are not followed"),) if place is not None else ()
        return f"native prepared statements fail, for {state}", labels
    return "SET, advisory locks, temporary tables and LISTEN of one request meet another's server connection", ()
