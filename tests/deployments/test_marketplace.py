"""The example with every kind of client and pooler. The numbers are those of its README, worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pgfpmlint.cli import main

ROOT = Path(__file__).parents[2]

PRIMARY = {
    "edge/pgbouncer": 20 + 5,
    "goldlapel": 20,
    "api/pools.orders": 2 * 10 * 2,
    "legacy/apache-catalog.example-dbd": 150 // 25 * 4,
    "queue/queue": 8,
    "primary/datadog": 2,
}
REPLICA = {"web/www": 20 * 3, "api/pools.reports": 2 * 5 * 2, "replica/postgres_exporter": 2}


@pytest.fixture(autouse=True)
def _there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "examples/marketplace")


def test_nothing_is_wrong_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "nothing tells" not in printed.err


def test_every_client_is_counted_in_its_own_budget(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["budget", "--format", "json"]) == 0
    primary, replica = json.loads(capsys.readouterr().out)["instances"]
    assert {pool["name"]: pool["connections"] for pool in primary["pools"] if not pool["via"]} == PRIMARY
    assert (primary["budget"], primary["demand"], primary["headroom"]) == (197, 119, 78)
    assert {pool["name"]: pool["connections"] for pool in replica["pools"]} == REPLICA
    assert (replica["budget"], replica["demand"], replica["headroom"]) == (117, 82, 35)
    through = {pool["name"]: (pool["via"], pool["connections"]) for pool in primary["pools"] if pool["via"]}
    assert through == {"web/www": ("edge/pgbouncer", 60), "web/office": ("goldlapel", 30)}
    assert primary["unaccounted"] == replica["unaccounted"] == []


def test_every_path_is_traced(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "--format", "json"]) == 0
    paths = json.loads(capsys.readouterr().out)["paths"]
    assert {(path["client"], path["pooler"], path["instance"]) for path in paths} == {
        ("web/www", "edge/pgbouncer", "primary/16-main"),
        ("web/www", None, "replica/16-main"),
        ("web/office", "goldlapel", "primary/16-main"),
        *((name, None, "primary/16-main") for name in PRIMARY if name not in ("edge/pgbouncer", "goldlapel")),
        *((name, None, "replica/16-main") for name in REPLICA),
    }
    # How Gold Lapel lets its clients in stands in no file.
    assert [path["client"] for path in paths if path["verdict"] != "admitted"] == ["web/office"]


def test_one_more_of_any_of_them_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """79 connections more than now are one too many, whoever opens them: each change adds at least 80."""
    for path, before, after in (
        ("hosts/api/srv/api/pools.js", "max: 10", "max: 30"),
        ("hosts/legacy/etc/apache2/sites-enabled/catalog.conf", "DBDMax 4", "DBDMax 18"),
        ("hosts/queue/etc/supervisor/conf.d/queue.conf", "numprocs=8", "numprocs=88"),
        ("hosts/edge/etc/pgbouncer/pgbouncer.ini", "default_pool_size = 20", "default_pool_size = 100"),
        (".pgfpmlint.yaml", "server_connections: 20", "server_connections: 100"),
    ):
        file = ROOT / "examples/marketplace" / path
        text = file.read_text(encoding="utf-8")
        assert text.count(before) == 1, path
        changed = tmp_path / path.replace("/", "-")
        _copy(ROOT / "examples/marketplace", changed)
        (changed / path).write_text(text.replace(before, after), encoding="utf-8")
        assert main(["check", str(changed), "--config", str(changed / ".pgfpmlint.yaml"), "--format", "json"]) == 1
        found = json.loads(capsys.readouterr().out)["findings"]
        assert "capacity/demand-exceeds-budget" in {one["rule"] for one in found}, path


def _copy(source: Path, target: Path) -> None:
    for file in source.rglob("*"):
        if file.is_file():
            (target / file.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
            (target / file.relative_to(source)).write_bytes(file.read_bytes())
