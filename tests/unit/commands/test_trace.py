from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pgfpmlint.cli import main

CONFIG = """\
versions: {postgres: 16, pgbouncer: "1.24"}
hosts:
  web: {root: hosts/web, addresses: [10.0.1.10]}
  edge: {root: hosts/edge, addresses: [10.0.1.20]}
  db: {root: hosts/db, addresses: [10.0.2.5]}
"""
FILES = {
    ".pgfpmlint.yaml": CONFIG,
    "hosts/web/etc/php/8.3/fpm/php-fpm.conf": "[www]\nlisten = 9000\npm = static\npm.max_children = 5\n"
    'env[DATABASE_URL] = "postgresql://app:hunter22@10.0.1.20:6432/shop"\n',
    "hosts/edge/etc/pgbouncer/pgbouncer.ini": "[databases]\nshop = host=10.0.2.5 dbname=store\n[pgbouncer]\n"
    "listen_addr = *\nauth_type = scram-sha-256\nauth_file = /etc/pgbouncer/userlist.txt\n",
    "hosts/edge/etc/pgbouncer/userlist.txt": '"app" "hunter22"\n',
    "hosts/db/etc/postgresql/16/main/postgresql.conf": "listen_addresses = '*'\nssl = on\n",
    "hosts/db/etc/postgresql/16/main/pg_hba.conf": "local all all peer\nhostssl store app 10.0.1.0/24 scram-sha-256\n",
}
HBA = "hosts/db/etc/postgresql/16/main/pg_hba.conf"


@pytest.fixture
def trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """The exit code and what is printed of the deployment, with other files in place of its own."""
    monkeypatch.chdir(tmp_path)

    def trace(*words: str, **changed: str) -> tuple[int, str]:
        for path, text in {**FILES, **changed}.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        code = main(["trace", *words])
        return code, capsys.readouterr().out

    return trace


def test_json_has_the_shape_of_the_interface(trace: Any) -> None:
    code, shown = trace("--format", "json")
    assert (code, json.loads(shown)) == (
        0,
        {
            "schema": 1,
            "paths": [
                {
                    "client": "web/www",
                    "pooler": "edge/pgbouncer",
                    "pooler_database": "shop",
                    "instance": "db/16-main",
                    "database": "store",
                    "user": "app",
                    "address": "10.0.1.20",
                    "tls": "yes",
                    "hba": {"path": HBA, "line": 2, "method": "scram-sha-256"},
                    "verdict": "admitted",
                    "why": f"{HBA} line 2 is the first record that matches",
                }
            ],
        },
    )


def test_text_shows_every_step_with_its_lines(trace: Any) -> None:
    code, shown = trace()
    assert code == 0
    assert shown.splitlines() == [
        "admitted: web/www -> edge/pgbouncer (shop as app) -> db/16-main (store as app)",
        f"    {HBA} line 2 is the first record that matches",
        "    web/www to edge/pgbouncer, from 10.0.1.10 without TLS: admitted",
        "        hosts/web/etc/php/8.3/fpm/php-fpm.conf:5: "
        'env[DATABASE_URL] = "postgresql://app:********@10.0.1.20:6432/shop"',
        "    edge/pgbouncer to db/16-main, from 10.0.1.20 with TLS: admitted",
        "        hosts/edge/etc/pgbouncer/pgbouncer.ini:2: shop = host=10.0.2.5 dbname=store",
        f"        {HBA}:2: hostssl store app 10.0.1.0/24 scram-sha-256",
        '        hosts/edge/etc/pgbouncer/userlist.txt:1: "app" "********"',
    ]


def test_a_path_that_is_certainly_rejected(trace: Any) -> None:
    code, shown = trace("--format", "json", **{HBA: "hostssl store app 10.0.9.0/24 scram-sha-256\n"})
    (path,) = json.loads(shown)["paths"]
    assert (code, path["verdict"], path["hba"]) == (1, "rejected", None)
    assert path["why"] == ('no pg_hba.conf entry for host "10.0.1.20", user "app", database "store", SSL encryption')


def test_what_is_unknown_is_listed(trace: Any) -> None:
    code, shown = trace("--format", "json", **{"hosts/edge/etc/pgbouncer/pgbouncer.ini": "[databases]\nshop = host=x\n"
                        "[pgbouncer]\nlisten_addr = *\n"})  # fmt: skip
    (path,) = json.loads(shown)["paths"]
    assert (path["client"], path["pooler"], path["instance"], path["tls"]) == (
        "web/www",
        "edge/pgbouncer",
        None,
        "unknown",
    )
    assert (code, path["verdict"]) == (1, "rejected")  # without auth_file it knows nobody


def test_nothing_to_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["trace"]) == 2


@pytest.mark.parametrize("format_", ["text", "json"])
def test_no_secret_is_shown(trace: Any, format_: str) -> None:
    assert "hunter22" not in trace("--format", format_)[1]
