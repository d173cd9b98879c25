"""``check --fix``, ``--unsafe-fixes`` and ``--diff``, on files on disk."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pgfpmlint.cli import main

CONF = "etc/postgresql/16/main/postgresql.conf"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / CONF).parent.mkdir(parents=True)
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str) -> tuple[int, str, str]:
        code = main(["check", *words])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def conf(tree: Path, text: str) -> Path:
    (tree / CONF).write_bytes(text.encode())
    return tree / CONF


def test_fixed_and_clean(tree: Path, run: Run) -> None:
    path = conf(tree, "wrk_mem = 8MB\r\n")
    code, out, err = run("--fix", ".")
    assert (code, out, path.read_bytes()) == (0, "", b"work_mem = 8MB\r\n")
    assert err.splitlines()[0] == "fixed 1 finding in 1 file"


def test_what_remains_decides_the_exit_code(tree: Path, run: Run) -> None:
    path = conf(tree, "wrk_mem = 8MB\nfsync = off\n")
    code, out, err = run("--fix", ".")
    assert (code, path.read_text()) == (1, "work_mem = 8MB\nfsync = off\n")
    assert "fix (unsafe): line 2: fsync = on\n" in out
    assert err.splitlines()[0] == "fixed 1 finding in 1 file; 1 more with --unsafe-fixes"
    code, out, err = run("--fix", "--unsafe-fixes", ".")
    assert (code, out, path.read_text()) == (0, "", "work_mem = 8MB\nfsync = on\n")


def test_without_the_option_nothing_is_written(tree: Path, run: Run) -> None:
    path = conf(tree, "wrk_mem = 8MB\n")
    code, out, _ = run(".")
    assert (code, path.read_text()) == (1, "wrk_mem = 8MB\n")
    assert "fix (safe): line 1: work_mem = 8MB\n" in out


def test_a_diff_that_changes_nothing(tree: Path, run: Run) -> None:
    path = conf(tree, "# mine\nwrk_mem = 8MB")
    code, out, err = run("--diff", ".")
    assert (code, path.read_text()) == (1, "# mine\nwrk_mem = 8MB")
    assert out == (
        f"--- a/{CONF}\n+++ b/{CONF}\n@@ -1,2 +1,2 @@\n # mine\n"
        "-wrk_mem = 8MB\n\\ No newline at end of file\n+work_mem = 8MB\n\\ No newline at end of file\n"
    )
    assert err == "would fix 1 finding in 1 file\n"


def test_a_diff_of_nothing(tree: Path, run: Run) -> None:
    conf(tree, "fsync = off\n")
    assert run("--diff", ".") == (0, "", "1 more with --unsafe-fixes\n")


def test_a_diff_hides_secrets(tree: Path, run: Run) -> None:
    path = tree / "pgbouncer.ini"
    path.write_text("[databases]\nshop = host=10.0.0.1 user=app password=hunter2secret\n[pgbouncer]\nverbose = 1x\n"
                    "log_connections = on\n")  # fmt: skip
    code, out, err = run("--diff", ".")
    assert code == 1
    assert "hunter2secret" not in out + err
    assert out.startswith("# pgfpmlint: secrets are masked below; this diff is to be read, not applied\n")
    assert " shop = host=10.0.0.1 user=app password=********\n" in out
    assert "the diff hides secrets" in err


def test_standard_input_becomes_the_fixed_text(tree: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    path = conf(tree, "on disk\n")
    given = io.TextIOWrapper(io.BytesIO(b"wrk_mem = 8MB # \xff\nfsync = off\n"))
    printed = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdin", given)
    monkeypatch.setattr(sys, "stdout", printed)
    code, _, err = run("--fix", "--stdin-filename", CONF, "-")
    assert isinstance(printed.buffer, io.BytesIO)
    assert printed.buffer.getvalue() == b"work_mem = 8MB # \xff\nfsync = off\n"
    assert (code, path.read_text()) == (1, "on disk\n")
    assert "postgres/fsync-off" in err


def test_a_file_that_can_not_be_written(tree: Path, run: Run) -> None:
    path = conf(tree, "wrk_mem = 8MB\n")
    os.link(path, tree / "second-name")
    code, _, err = run("--fix", ".")
    assert (code, path.read_text()) == (2, "wrk_mem = 8MB\n")
    assert f"pgfpmlint: {CONF}: not written: it has 2 names (hard links)" in err


def test_numbers_are_changed_only_when_named(tree: Path, run: Run) -> None:
    path = conf(tree, "superuser_reserved_connections = 0\n")
    code, _, err = run("--fix", "--unsafe-fixes", ".")
    assert (code, path.read_text()) == (1, "superuser_reserved_connections = 0\n")
    assert "1 with --unsafe-fixes --select capacity/no-slot-for-superusers" in err
    code, _, _ = run("--fix", "--unsafe-fixes", "--select", "capacity/", ".")
    assert (code, path.read_text()) == (0, "superuser_reserved_connections = 3\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--unsafe-fixes",), "--unsafe-fixes needs --fix or --diff"),
        (("--fix", "--write-baseline", "x"), "--write-baseline does not go with --fix and --diff"),
        (("--fix", "--changed"), "--changed does not go with --fix and --diff"),
    ],
)
def test_what_makes_no_sense(tree: Path, run: Run, words: tuple[str, ...], said: str) -> None:
    conf(tree, "")
    assert run(*words, ".") == (2, "", f"pgfpmlint: {said}\n")
