"""The example that everybody meets first: three faults with the right numbers, and its corrected twin."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pgfpmlint.cli import main

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent


def test_three_faults(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Word for word what a reader sees: read through by hand, and to be read through again when it changes."""
    monkeypatch.chdir(ROOT / "examples/webshop")
    assert main(["check"]) == 1
    printed = capsys.readouterr()
    assert printed.out == (HERE / "webshop.txt").read_text(encoding="utf-8")
    assert printed.err == "8 files, 3 hosts: 1 error, 2 warnings\n"


def test_what_was_taken_and_why(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """PHP and PostgreSQL lie in folders that tell their version; PgBouncer's stands in the configuration."""
    monkeypatch.chdir(ROOT / "examples/webshop")
    assert main(["check", "--verbose"]) == 1
    assert capsys.readouterr().err.splitlines()[1:] == [
        "  read as PHP 8.3: from the path /etc/php/8.3",
        "  read as PgBouncer 1.18: versions: in .pgfpmlint.yaml:2",
        "  read as PostgreSQL 16: from the path /etc/postgresql/16",
    ]


def test_corrected(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """20 workers × 3 hosts + (20 + 5) pooled = 85, of 120 - 3 reserved - 2 for monitoring = 115: 30 are left."""
    monkeypatch.chdir(ROOT / "examples/webshop-fixed")
    assert main(["check", "--pedantic"]) == 0
    assert capsys.readouterr().out == ""


def test_its_budget(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Word for word as well: 50 × 3 + (20 + 5) = 175 of 120 - 3 - 2 = 115."""
    monkeypatch.chdir(ROOT / "examples/webshop")
    assert main(["budget"]) == 1
    printed = capsys.readouterr()
    assert printed.out == (HERE / "webshop-budget.txt").read_text(encoding="utf-8")
    assert printed.err == ""


def test_its_paths(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Word for word as well: record 6 of the primary is for both pools' users, from web and edge (10.0.1.0/24)."""
    monkeypatch.chdir(ROOT / "examples/webshop")
    assert main(["trace"]) == 0
    printed = capsys.readouterr()
    assert printed.out == (HERE / "webshop-trace.txt").read_text(encoding="utf-8")
    assert printed.err == "2 paths: 2 admitted, 0 rejected, 0 unknown\n"


def test_same_output_from_a_pipe() -> None:
    """No colour, no other words, when nobody looks at a terminal."""
    run = subprocess.run(
        [sys.executable, "-m", "pgfpmlint", "check"],
        cwd=ROOT / "examples/webshop",
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        check=False,
    )
    assert run.returncode == 1
    assert run.stdout == (HERE / "webshop.txt").read_bytes()
