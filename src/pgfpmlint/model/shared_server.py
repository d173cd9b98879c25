"""Client pools whose transactions, or statements, each may meet another server connection of a pooler."""

from __future__ import annotations

from pgfpmlint.finding.problem import Label
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import Pool, Pooler, Proxy
from pgfpmlint.model.pool_mode import pool_mode
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.settings import Effective


class SharedServer(NamedTuple):
    """A client pool, and the pooler that lends it a server connection for no longer than ``mode`` says."""

    pool: Pool
    pooler: Pooler
    mode: Effective

    @property
    def labels(self) -> tuple[Label, ...]:
        """The line that says so."""
        return lent_for(self.mode)


def lent_for(mode: Effective) -> tuple[Label, ...]:
    """The line that says for how long a pooler lends a server connection."""
    if not mode.is_written or mode.place is None:
        return ()
    return (Label(mode.place, f"a server connection per {mode.value}"),)


def shared_by(link: Link) -> SharedServer | None:
    """What the link's client shares with others; None where it keeps its server connection as long as its own."""
    pooler = link.server
    if isinstance(link.client, (Pooler, Proxy)) or not isinstance(pooler, Pooler):
        return None
    mode = pool_mode(pooler, link.database, link.user)
    if mode is None or mode.value not in ("transaction", "statement"):
        return None
    return SharedServer(link.client, pooler, mode)
