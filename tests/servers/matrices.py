"""What comes of TLS, and of each form of a secret, between real libpq, PgBouncer and PostgreSQL.

The rows that tests/fixtures/vectors/tls.json and secrets.json hold.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from servers import cage, pgbouncer
from servers.found import Server
from servers.hba import HbaJudge
from servers.wire import open_session

PASSWORD = "hunter2"
FIRST = "local postgres postgres trust\n"

ENCRYPTED = "select ssl from pg_stat_ssl where pid = pg_backend_pid()"

# One database for each method; those that every judge has.
DATABASES = {"trust": "app", "md5": "alice", "scram-sha-256": "grp", "password": "all"}
RECORDS = FIRST + "".join(f'local "{name}" all {method}\n' for method, name in DATABASES.items())

AUTH_TYPES = ("md5", "scram-sha-256", "plain", "trust", "any")


class TlsRow(NamedTuple):
    """``outcome`` is ``yes`` or ``no`` for TLS, or ``refused``."""

    client: str
    sslmode: str
    ssl: str
    record: str
    outcome: str


class SecretRow(NamedTuple):
    """``held`` is the form in auth_file of the user that logs in, or that the entry forces; ``stored`` the form in
    PostgreSQL. ``admitted`` are the methods by which a client with the right password gets to PostgreSQL."""

    auth_type: str
    entry: str
    held: str
    stored: str
    admitted: tuple[str, ...]


def tls_rows(judge: HbaJudge, psql: str, bouncer: Server, folder: Path) -> Iterator[TlsRow]:
    """Every sslmode of libpq and of PgBouncer against a server with and without TLS, and records for either."""
    for ssl in ("off", "on"):
        for record in ("host", "hostssl", "hostnossl"):
            judge.load({"pg_hba.conf": f"{FIRST}{record} all all 127.0.0.1/32 trust\n".encode()}, ssl=ssl)
            where = f"host=127.0.0.1 port={judge.port} dbname=app user=alice"
            for mode in ("disable", "allow", "prefer", "require"):
                answer = _asked(psql, f"{where} sslmode={mode}", ENCRYPTED)
                yield TlsRow("libpq", mode, ssl, record, _encrypted(answer))
            for mode in ("disable", "allow", "prefer", "require"):
                settings = f"server_tls_sslmode = {mode}\nauth_type = any\nquery_wait_timeout = 2\n"
                entry = f"app = host=127.0.0.1 port={judge.port} user=alice\n"
                with pgbouncer.started(bouncer, _files(entry, settings, "", folder), folder) as running:
                    assert not isinstance(running, str), running
                    answer = _asked(psql, f"{_socket(folder)} dbname=app user=alice", ENCRYPTED)
                    yield TlsRow("pgbouncer", mode, ssl, record, _encrypted(answer))


def secret_rows(judge: HbaJudge, psql: str, bouncer: Server, folder: Path) -> Iterator[SecretRow]:
    """Every form of a secret under every auth_type, for the client's own user and for one that the entry forces."""
    judge.load({"pg_hba.conf": RECORDS.encode()}, ssl="off")
    users = {}
    with open_session(judge.sockets, judge.port, "postgres", "postgres") as session:
        session.rows("drop role if exists client")
        for held in ("plain", "md5", "scram-sha-256", "empty", "absent"):
            name, stored = f"u_{held[:5]}", "md5" if held == "md5" else "scram-sha-256"
            users[name] = (held, stored)
            session.rows(f'drop role if exists "{name}"')
            session.rows(f"create role \"{name}\" login password '{_secret(name, stored)}'")
    listed = (
        "".join(f'"{name}" "{_secret(name, held)}"\n' for name, (held, _) in users.items() if held != "absent")
        + f'"client" "{PASSWORD}"\n'
    )
    entries = ""
    for number, base in enumerate(DATABASES.values()):
        entries += f"own{number} = host={judge.sockets} port={judge.port} dbname={base}\n"
        for name in users:
            where = f"host={judge.sockets} port={judge.port} dbname={base} user={name}"
            entries += f"forced{number}_{name} = {where}\nsaid{number}_{name} = {where} password={PASSWORD}\n"
    for kind in AUTH_TYPES:
        settings = f"auth_type = {kind}\nquery_wait_timeout = 2\nauth_file = {folder}/users.txt\n"
        with pgbouncer.started(bouncer, _files(entries, settings, listed, folder), folder) as running:
            assert not isinstance(running, str), running
            # the client's own user last: from a SCRAM login on, PgBouncer has that user's key
            for entry, base in (("user", "forced{}_{}"), ("user and password", "said{}_{}"), ("own", "own{}")):
                for name, (held, stored) in users.items():
                    who = name if entry == "own" else "client"
                    ways = [f"{_socket(folder)} dbname={base.format(number, name)} user={who}" for number in range(4)]
                    admitted = [method for method, one in zip(DATABASES, ways) if _asked(psql, one, "select 1")]
                    yield SecretRow(kind, entry, held, stored, tuple(admitted))


def _asked(psql: str, where: str, query: str) -> str | None:
    """The one value, None where nobody is let in."""
    words = [psql, "-XAtw", "-c", query, where]
    environment = {**cage.ENVIRONMENT, "PGPASSWORD": PASSWORD}
    run = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=30, check=False)
    return run.stdout.strip() if run.returncode == 0 else None


def _encrypted(answer: str | None) -> str:
    return {"t": "yes", "f": "no", None: "refused"}[answer]


def _files(entries: str, settings: str, users: str, folder: Path) -> Mapping[str, bytes | None]:
    own = "listen_port = 6499\nlisten_addr =\nunix_socket_dir = "
    text = f"[databases]\n{entries}[pgbouncer]\n{own}{folder}\n{settings}"
    return {"pgbouncer.ini": text.encode(), "users.txt": users.encode()}


def _socket(folder: Path) -> str:
    return f"host={folder} port=6499"


def _secret(name: str, form: str) -> str:
    """The password of ``name`` in that form."""
    if form == "md5":
        return "md5" + hashlib.md5(f"{PASSWORD}{name}".encode()).hexdigest()
    if form == "scram-sha-256":
        salt = hashlib.sha256(name.encode()).digest()[:16]
        salted = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), salt, 4096)
        stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
        server = hmac.digest(salted, b"Server Key", "sha256")
        shown = [base64.b64encode(part).decode() for part in (salt, stored, server)]
        return f"SCRAM-SHA-256$4096:{shown[0]}${shown[1]}:{shown[2]}"
    return "" if form == "empty" else PASSWORD
