"""Every recorded answer about TLS and about secrets between real servers is what the model says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pgfpmlint.model.passage import Passages
from trees import deployment_of

VECTORS = Path(__file__).parent.parent / "fixtures/vectors"
TLS = json.loads((VECTORS / "tls.json").read_text())["rows"]
SECRETS = json.loads((VECTORS / "secrets.json").read_text())["rows"]

FPM = "m/etc/php/8.2/fpm/php-fpm.conf"
CONF = "m/etc/postgresql/15/main/postgresql.conf"
HBA = "m/etc/postgresql/15/main/pg_hba.conf"
INI = "m/etc/pgbouncer/pgbouncer.ini"
USERS = "m/etc/pgbouncer/userlist.txt"
POOL = "[www]\nlisten = 9000\npm = static\npm.max_children = 1\nenv[PGHOST] = 127.0.0.1\n"
BOUNCER = "[databases]\napp = host=127.0.0.1{entry}\n[pgbouncer]\nlisten_addr = *\nauth_type = {kind}\n{more}"
SCRAM = "SCRAM-SHA-256$4096:c2FsdA==$a2V5:a2V5"


def verdict(files: dict[str, str]) -> tuple[str, str]:
    """Of the step into PostgreSQL: whether it is admitted, and with TLS; of the whole path, where a pooler rejects."""
    (passage,) = Passages(deployment_of(files)).all
    assert passage.last is not None
    return passage.verdict, passage.last.tls


@pytest.mark.parametrize(("client", "sslmode", "ssl", "record", "outcome"), TLS)
def test_tls(client: str, sslmode: str, ssl: str, record: str, outcome: str) -> None:
    files = {CONF: f"ssl = {ssl}\n", HBA: f"{record} all all 127.0.0.1/32 trust\n"}
    if client == "libpq":
        files[FPM] = POOL + f"env[PGSSLMODE] = {sslmode}\nenv[PGDATABASE] = app\nenv[PGUSER] = alice\n"
    else:
        files[INI] = BOUNCER.format(entry=" user=alice", kind="any", more=f"server_tls_sslmode = {sslmode}\n")
    found, tls = verdict(files)
    assert (found, tls) == ("admitted", outcome) if outcome != "refused" else found == "rejected"


@pytest.mark.parametrize("method", ["trust", "md5", "scram-sha-256", "password"])
@pytest.mark.parametrize(("kind", "entry", "held", "stored", "admitted"), SECRETS)
def test_secrets(kind: str, entry: str, held: str, stored: str, admitted: list[str], method: str) -> None:
    """No file here says that PostgreSQL stores a hash, where no password at all would do for SCRAM."""
    unseen = stored == "md5" and method == "scram-sha-256" and entry == "user and password"
    secrets = {"plain": "hunter2", "md5": "md5" + "0" * 32, "scram-sha-256": SCRAM, "empty": ""}
    listed = f'"alice" "{secrets[held]}"\n' if held in secrets else ""
    who = "alice" if entry == "own" else "client"
    said = {"own": "", "user": " user=alice", "user and password": " user=alice password=hunter2"}[entry]
    files = {
        CONF: "",
        HBA: f"host all all 127.0.0.1/32 {method}\n",
        INI: BOUNCER.format(entry=said, kind=kind, more="auth_file = /etc/pgbouncer/userlist.txt\n"),
        USERS: listed + '"client" "hunter2"\n',
        FPM: POOL + f"env[PGPORT] = 6432\nenv[PGDATABASE] = app\nenv[PGUSER] = {who}\n",
    }
    assert verdict(files)[0] == ("admitted" if method in admitted or unseen else "rejected")
