"""Workers that share a session pool too small for all of them.

In session mode a client keeps its server connection until it disconnects (https://www.pgbouncer.org/features.html).
"""

from __future__ import annotations

from pgfpmlint.finding.problem import Label
from pgfpmlint.model.capacity import Term, pool_demand
from pgfpmlint.model.link import Link, Links
from pgfpmlint.model.nodes import Pooler, Proxy
from pgfpmlint.model.pool_mode import entry_for, pool_mode
from pgfpmlint.model.pooler_bound import entry_bound
from pgfpmlint.model.size import size
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.settings import Effective
from pgfpmlint.source.text import Place


class Shortfall(NamedTuple):
    """``wanted`` are the connections that the workers behind ``link`` open, ``have`` the server connections of
    ``database`` in the pooler, which are fewer. ``at`` is the line that says how many processes there are."""

    link: Link
    database: str
    mode: Effective
    at: Place
    wanted: Term
    have: Term

    @property
    def values(self) -> dict[str, object]:
        """For a message."""
        return {
            "pool": self.link.client.name,
            "pooler": self.link.server.name,
            "database": self.database,
            "workers": self.wanted.amount,
            "servers": self.have.amount,
            "assumption": self.link.assumption,
        }

    @property
    def labels(self) -> tuple[Label, ...]:
        """The lines that the numbers stand on, besides ``at``."""
        places = ((place, term) for term in (self.wanted, self.have) for place in term.places if place != self.at)
        return tuple(Label(place, term.said) for place, term in places)

    def arithmetic(self, workers: str, wait: str) -> tuple[str, ...]:
        """``workers`` says what they are to the rule, ``wait`` what becomes of those that get no connection."""
        wanted, have = self.wanted, self.have
        return (
            f"{wanted.name}: {wanted.words} = {wanted.amount} {workers}",
            f"{have.name}: {have.words} = {have.amount} server connections",
            f"{wanted.amount} - {have.amount} = {wanted.amount - have.amount} workers {wait}",
        )


def session_shortfall(link: Link, links: Links) -> Shortfall | None:
    """None where all workers may be connected at once, where sessions are not pooled, and where it can't be told."""
    pool, pooler = link.client, link.server
    if isinstance(pool, (Pooler, Proxy)) or not isinstance(pooler, Pooler):
        return None
    entry, mode = entry_for(pooler, link.database), pool_mode(pooler, link.database, link.user)
    at = next(iter(size(link, pool).places), None)
    if entry is None or mode is None or mode.value != "session" or at is None:
        return None
    wanted, bound = pool_demand([link]), entry_bound(pooler, entry, links)
    if wanted.unknown or bound.unlimited or bound.unknown or bound.at_least or wanted.total <= bound.total:
        return None
    return Shortfall(link, entry.name, mode, at, wanted.terms[0], bound.terms[0])
