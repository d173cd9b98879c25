"""How many workers share the connections of a session pool."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.link import Link
from pgfpmlint.model.session_pool import session_shortfall
from pgfpmlint.model.world import World


def session_pool_smaller_than_workers(link: Link, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Workers that connect at the start of a request and, in session mode, hold a server connection to its end."""
    found = session_shortfall(link, world.deployment.links) if link.persistent is None else None
    if found is not None:
        mode = found.mode.place if found.mode.is_written else None
        yield Hit(
            found.at,
            found.values,
            (*found.labels, *([Label(mode, "a server connection per client")] if mode else []), *link.evidence),
            found.arithmetic("workers", "wait while the others are connected"),
            certain=link.is_certain,
        )
