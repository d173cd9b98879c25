"""An application's connections as a list of settings, for people who ask what its files come to."""

from __future__ import annotations

from pgfpmlint.finding.problem import Label
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.resolve.connection import Connection, Word
from pgfpmlint.resolve.settings import Effective, Written

if TYPE_CHECKING:
    from pgfpmlint.resolve.application import ApplicationReading

SHOWN = ("DB_", "DATABASE_", "PG", "POSTGRES_", "APP_ENV", "PDO_")
"""Beginnings of the variables that are shown: others are none of ours, and many are secrets."""


def settings(application: ApplicationReading) -> dict[str, Effective]:
    """``DB_HOST`` for a variable, ``pgsql.host`` for what a connection says, ``1.host`` where it has no name."""
    found: dict[str, Effective] = {}
    environment = application.environment({})
    for name in environment.names:
        variable = environment.get(name)
        if name.startswith(SHOWN) and variable is not None and variable.place is not None:
            written = Written(variable.place, variable.place, variable.text or "")
            found[name] = Effective(name, variable.text, written)
    connections = application.connections({})
    for number, connection in enumerate(connections.known if connections is not None else (), 1):
        lead = " ".join(part for part in (connection.name or str(number), connection.role) if part)
        for key, value in _facts(connection):
            name = f"{lead}.{key}"
            if isinstance(value, Word):
                found[name] = Effective(name, value.text, Written(value.place, value.place, value.text))
            else:
                found[name] = Effective(name, "1", Written(value.place, value.place, "1"))
    return found


def _facts(connection: Connection) -> list[tuple[str, Word | Label]]:
    listed: list[tuple[str, Word | Label | None]] = [
        *(("host", host) for host in connection.hosts),
        ("port", connection.port),
        ("database", connection.database),
        ("user", connection.user),
        ("sslmode", connection.sslmode),
        ("application_name", connection.application_name),
        ("persistent", connection.persistent),
        ("native_prepares", connection.native_prepares),
    ]
    return [(key, value) for key, value in listed if value is not None]
