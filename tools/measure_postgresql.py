"""What a PostgreSQL knows of its parameters, asked of the server itself.

Each is initialised in a scratch folder and runs as a single process, which opens no socket. As root, because servers
refuse root: the work is then done as the user that the servers of the test suite run as.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from servers import cage, found, postgres

_COLUMNS = "name, vartype, unit, context, boot_val, min_val, max_val, enumvals"
# As one line of JSON each, in which no sign is a quote or a delimiter to COPY.
_QUERY = (
    f"copy (select row_to_json(one) from (select {_COLUMNS} from pg_settings order by name) as one) "
    "to 'ANSWER' (format csv, quote e'\\x01', delimiter e'\\x02')\n"
)


def measured() -> Iterator[dict[str, Any]]:
    """One entry for each major version at hand; of several builds the oldest is asked."""
    majors: dict[str, found.Server] = {}
    for server in found.every("postgresql"):
        majors.setdefault(server.major, server)
    yield from map(asked, majors.values())


def asked(server: found.Server) -> dict[str, Any]:
    """The server's pg_settings, in the shape that build_postgresql_catalog.py takes."""
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="pgfpmlint-measure-") as above:
        folder = Path(above)
        folder.chmod(0o755)
        cage.give(folder)
        data, answer = folder / "data", folder / "settings.json"
        postgres.initdb(server, data)
        command = cage.as_nobody([server.program, "--single", "-D", str(data), "postgres"])
        subprocess.run(
            command,
            input=_QUERY.replace("ANSWER", str(answer)).encode(),
            env=cage.ENVIRONMENT,
            cwd=folder,
            capture_output=True,
            timeout=60,
            check=True,
        )
        settings = [json.loads(line) for line in answer.read_text().splitlines()]
    build = " (Debian)" if server.debian else ""
    return {
        "server": "postgresql",
        "major": int(server.major),
        "version": server.version,
        "source": f"pg_settings of PostgreSQL {server.version}{build}",
        "settings": settings,
    }
