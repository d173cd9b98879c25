"""psql as the judge of scripts: what it sends of them, and what the server says to each statement."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from servers import cage, found
from servers.postgres import Cluster
from servers.wire import Row

SYSTEM_ROLES = "rolname ~ '^pg_' or rolname = 'postgres'"
SYSTEM_DATABASES = "'postgres', 'template0', 'template1'"


def psql() -> str | None:
    """A psql; any major talks to all servers."""
    programs = [Path(server.bin, "psql") for server in found.postgres()]
    return next((str(program) for program in programs if program.exists()), None)


def errors(cluster: Cluster, scripts: Mapping[str, str], folder: Path) -> list[tuple[str, int, str]]:
    """What a running server says to scripts that psql sends one after the other, in the order of their names: the
    script, the line that it had come to, and the message."""
    program = psql()
    assert program is not None
    port, sockets = (cluster.data / "postmaster.pid").read_text().splitlines()[3:5]
    place = cage.outside(sockets, cluster.scratch)
    said: list[tuple[str, int, str]] = []
    for name, text in sorted(scripts.items()):
        path = folder / name.replace("/", "-")
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        run = subprocess.run(
            [program, "-X", "-q", "-h", str(place), "-p", port, "-U", "postgres", "-d", "postgres", "-f", str(path)],
            env={**cage.ENVIRONMENT, "PGCLIENTENCODING": "UTF8"},
            capture_output=True,
            timeout=60,
            check=False,
        )
        says = run.stderr.decode("utf-8", "surrogateescape")
        assert "connection" not in says or "could not connect" not in says, says
        for found_ in re.finditer(r":(\d+): (?:ERROR|FATAL): +([^\n]*)", says):
            said.append((name, int(found_[1]), found_[2]))
    return said


def sweep(cluster: Cluster) -> None:
    """Drop what scripts have made: roles, databases, settings, tables."""
    with cluster.session() as session:
        for row in _names(session.rows(f"select datname from pg_database where datname not in ({SYSTEM_DATABASES})")):
            session.rows(f"drop database {row}")
        session.rows("drop schema public cascade")
        session.rows("create schema public")
        for row in _names(session.rows(f"select rolname from pg_roles where not ({SYSTEM_ROLES})")):
            session.rows(f"drop owned by {row}")
            session.rows(f"drop role {row}")
        for database in ("postgres", "template1"):
            session.rows(f"alter database {database} reset all")
            session.rows(f"alter database {database} connection limit -1")
        session.rows("alter role postgres reset all")
        session.rows("alter role all reset all")
        session.rows("alter system reset all")


def _names(rows: list[Row]) -> list[str]:
    return ['"' + str(value).replace('"', '""') + '"' for row in rows for value in row.values()]
