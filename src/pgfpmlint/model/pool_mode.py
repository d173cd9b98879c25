"""Which pool mode a client of PgBouncer gets."""

from __future__ import annotations

from pgfpmlint.model.nodes import Pooler
from pgfpmlint.record import TYPE_CHECKING

if TYPE_CHECKING:
    from pgfpmlint.resolve.pgbouncer import BouncerEntry
    from pgfpmlint.resolve.settings import Effective


def entry_for(pooler: Pooler, database: str | None) -> BouncerEntry | None:
    """The [databases] line that serves ``database``; where no name is known, the only line there is."""
    databases = pooler.bouncer.databases
    if database is None:
        return databases[0] if len(databases) == 1 else None
    fallback = next((entry for entry in databases if entry.name == "*"), None)
    return next((entry for entry in databases if entry.name == database), fallback)


def pool_mode(pooler: Pooler, database: str | None, user: str | None) -> Effective | None:
    """The mode for one client: its user's, else its database's, else the global one.

    None where the database isn't known and the lines differ (https://www.pgbouncer.org/config.html#pool_mode).
    """
    line = next((line for line in pooler.bouncer.users if line.name == user), None)
    own = line.parameter("pool_mode") if line is not None else None
    if own is not None:
        return own
    entry = entry_for(pooler, database)
    general = pooler.bouncer.setting("pool_mode")
    if entry is not None:
        return entry.parameter("pool_mode") or general
    possible = [line.parameter("pool_mode") or general for line in pooler.bouncer.databases] or [general]
    return possible[0] if len({mode.value for mode in possible}) == 1 else None
