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

    None where the database isn't known and the lines differ, and where the user isn't and one has a mode of its own
    (https://www.pgbouncer.org/config.html#pool_mode).
    """
    entry = entry_for(pooler, database)
    general = pooler.bouncer.setting("pool_mode")
    if entry is None:
        possible = [line.parameter("pool_mode") or general for line in pooler.bouncer.databases] or [general]
        own = possible[0] if len({mode.value for mode in possible}) == 1 else None
    else:
        own = entry.parameter("pool_mode") or general
    forced = entry.parameter("user") if entry is not None else None
    if forced is not None:
        return _of_forced_user(pooler, forced.value, own)
    modes = [
        mode
        for line in pooler.bouncer.users
        if user in (line.name, None) and (mode := line.parameter("pool_mode")) is not None
    ]
    if user is not None:
        return modes[0] if modes else own
    return own if own is None or all(mode.value == own.value for mode in modes) else None


def _of_forced_user(pooler: Pooler, name: str | None, own: Effective | None) -> Effective | None:
    """Whose [users] line counts where the entry names the server's user: never the client's. Seen on real ones: the
    named user's not with 1.15 and 1.18, and does with 1.24 and 1.26; None in between where it matters."""
    line = next((line for line in pooler.bouncer.users if line.name == name), None)
    mode = line.parameter("pool_mode") if line is not None else None
    version = pooler.bouncer.reading.version
    if mode is None or not version.at_least(1, 19):
        return own
    if version.at_least(1, 24):
        return mode
    return own if own is not None and own.value == mode.value else None
