"""What a budget says to people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from budgets import bouncer, fpm, pool, postgres
from pgfpmlint.cli import main


def test_shared_buffers_beyond_the_memory(words_of: Any) -> None:
    files = {**postgres(100, more="work_mem = 4MB\nshared_buffers = 8GB\nhash_mem_multiplier = 1\n")}
    words = words_of(files, "hosts: {db: {root: hosts/db, memory: 4GB}}\n")
    assert "= 800 MB at worst, and 8192 MB shared_buffers leave nothing of 4096 MB for it" in words


def test_what_follows_from_the_sums(words_of: Any) -> None:
    """Sizes of the machines: 4 × 4 cores against 90 connections; 120 × 2 × 64 MB × 1 = 15360 MB against a quarter of
    16384 - 128, which holds work_mem of 4064 MB / 240 = 16.9 MB; (8192 - 512) / 60 = 128 workers, where 30 run."""
    more = "work_mem = 64MB\nshared_buffers = 128MB\nhash_mem_multiplier = 1\nmax_wal_senders = 4\n"
    files = {**postgres(120, more=more), **fpm("web", pool("www", 30))}
    config = (
        "hosts:\n  web: {root: hosts/web, count: 3, memory: 8GB, worker_memory: 60MB}\n"
        "  db: {root: hosts/db, memory: 16GB, cpus: 4}\n"
        "policy: {overlap: {kind: rolling, batch: 1}}\n"
    )
    words = words_of(files, config)
    for said in (
        "27 headroom: 117 budget - 90 demand; 24 are to stay free, 20 % of 120 max_connections",
        "peak 120 while 1 of the 3 web hosts is replaced: 90 + 30; 3 more than the budget",
        "per pool 117 budget / 3 pools over all hosts = 39 connections each",
        "cores 4 × 4 cpus = 16, and 90 come without a pooler",
        "120 max_connections × 2 operations × 64MB work_mem × 1 hash_mem_multiplier = 15360 MB at worst, more than"
        " (16384 MB - 128 MB shared_buffers) / 4 = 4064 MB; work_mem = 16MB would fit",
        "standbys 4 WAL senders at most; they have slots of their own since 12",
        "30 workers × 60 MB = 1800 MB at worst",
        "128 fit: (8192 MB memory - 512 MB for the rest) / 60 MB each",
        "memory would hold 128 workers; db/16-main has no connections for more than a part of them",
    ):
        assert said in words


def test_what_is_only_a_lower_bound_is_marked(words_of: Any) -> None:
    files = {
        **postgres(100),
        **fpm("web", pool("www", 30, "env[DB_HOST] = rds.example.net\n"), pool("job", 30, "")),
        **bouncer("edge", "shop = host=db", "default_pool_size = 20"),
    }
    words = words_of(files, "policy: {headroom: 90%}\n")
    for said in (
        "≥ 20 edge/pgbouncer database shop: 20 default_pool_size",
        "= ≥ 20 demand",
        "≤ 77 headroom: 97 budget - 20 demand; 90 are to stay free, 90 % of 100 max_connections",
        "peak 20: deploying the application adds nothing to what poolers open",
        "uncounted web/www: names rds.example.net, port 5432, and no server of this tree is known by that address",
        "uncounted web/job: nothing says to which it connects: db/16-main, edge/pgbouncer",
    ):
        assert said in words


def test_what_was_assumed_is_said(words_of: Any) -> None:
    words = words_of({**postgres(100), **fpm("web", pool("www", 30, ""))}, "hosts: {}\n")
    assert "(assumed: db/16-main is the only PostgreSQL that web/www could reach)" in words


def test_who_asks_for_passwords_in_words(words_of: Any) -> None:
    files = {
        **postgres(100),
        **bouncer("edge", "shop = host=db", "default_pool_size = 3\nreserve_pool_size = 1\nauth_user = x"),
    }
    said = (
        "uncounted auth_user asks for passwords over connections of a pool of its own: up to (3 default_pool_size + 1"
    )
    assert said in words_of(files, "")


def test_consumers_and_shared_ports_in_words(words_of: Any) -> None:
    through = "env[DB_HOST] = edge\nenv[DB_PORT] = 6432\n"
    files = {
        **postgres(100),
        **fpm("web", pool("www", 30, through)),
        **bouncer("edge", "shop = host=db", "max_client_conn = 20\nso_reuseport = 1"),
    }
    config = "consumers: [{name: jobs, to: edge, connections: 15}]\n"
    words = words_of(files, config)
    assert "+ 15 jobs .pgfpmlint.yaml:1 = 45 clients" in words
    assert "≥ 20 admitted: 20 max_client_conn for each process that so_reuseport lets share the port" in words


def test_nothing_to_speak_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["budget"]) == 2
    assert capsys.readouterr().err == "pgfpmlint: no budget in .: there is no postgresql.conf\n"
    (tmp_path / "postgresql.conf").write_text("max_connections = ${MAX}\n")
    assert main(["budget"]) == 2
    assert "its max_connections can't be known" in capsys.readouterr().err
