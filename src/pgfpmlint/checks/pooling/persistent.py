"""Connections that PHP keeps between requests, with a pooler between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.link import Link
from pgfpmlint.model.session_pool import session_shortfall
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
    found = session_shortfall(link, world.deployment.links) if link.persistent is not None else None
    if found is not None and link.persistent is not None:
        yield Hit(
            found.at,
            found.values,
            (link.persistent, *found.labels, *link.evidence),
            found.arithmetic("kept connections", "wait until query_wait_timeout"),
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
