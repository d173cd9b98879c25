"""Data directories for the PostgreSQLs of an example, made before its files count."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from servers import cage
from servers.found import Server
from servers.postgres import initdb

TRUST = "local all all trust\nhost all all all trust\nhost replication all all trust\n"
"""Who is let in where an example has no pg_hba.conf."""

_KEY = (
    *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"),
    *("-subj", "/CN=server"),
)


def make_certificate(key: Path, certificate: Path) -> None:
    """A key, and a certificate of its own, in the files of those names."""
    for path in (key, certificate):
        path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([*_KEY, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    key.chmod(0o600)


def make_cluster(
    server: Server, data: Path, templates: Path, roles: Iterable[str], databases: Iterable[str], secret: str
) -> None:
    """A data directory with roles, databases and a certificate. initdb runs once for all that share ``templates``."""
    template = templates / f"template-{server.version}"
    if not template.exists():
        draft = templates / f"draft-{server.version}"
        draft.mkdir()
        cage.give(draft)
        initdb(server, draft)
        draft.rename(template)
    shutil.copytree(template, data, symlinks=True)
    (data / "pg_hba.conf").write_text(TRUST)
    make_certificate(data / "server.key", data / "server.crt")
    data.chmod(0o700)
    cage.give(data)
    commands = [f"create role \"{role}\" login replication password '{secret}'" for role in sorted(roles)]
    commands += [f'create database "{database}"' for database in sorted(databases)]
    subprocess.run(
        cage.as_nobody([server.program, "--single", "-j", "-D", str(data), "postgres"]),
        input=";\n\n".join([*commands, ""]).encode(),
        env=cage.ENVIRONMENT,
        cwd=data,
        check=True,
        capture_output=True,
    )
