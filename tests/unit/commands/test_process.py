"""What only a process of its own shows: exit codes, pipes that close, signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

COMMAND = [sys.executable, "-m", "pgfpmlint"]
SOURCE = str(Path(__file__).parents[3] / "src")


def start(*words: str, **more: Any) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": SOURCE, **more.pop("environment", {})}
    return subprocess.Popen([*COMMAND, *words], env=environment, stderr=subprocess.PIPE, **more)


@pytest.mark.parametrize(("words", "code"), [(["--version"], 0), (["rule", "no/such"], 2), (["check", "--nope"], 2)])
def test_exit_code(words: list[str], code: int) -> None:
    process = start(*words, stdout=subprocess.PIPE)
    process.communicate(timeout=60)
    assert process.returncode == code


def test_output_is_whole(tmp_path: Path) -> None:
    (tmp_path / "pg_hba.conf").write_text("local all all trusst\n" * 3000)
    process = start("check", str(tmp_path), "--format", "json", stdout=subprocess.PIPE)
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, out.count(b'"rule"') >= 3000, out[-2:]) == (1, True, b"}\n")


def test_a_reader_that_goes_away(tmp_path: Path) -> None:
    process = start("rules", stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(timeout=60) == 141
    assert process.stderr is not None
    assert process.stderr.read() == b""


@pytest.mark.parametrize("closed", [1, 2])
def test_streams_that_are_closed(closed: int, tmp_path: Path) -> None:
    (tmp_path / "pg_hba.conf").write_text("local all all trusst\n")
    command = f'exec "$0" -m pgfpmlint check pg_hba.conf {closed}>&-'
    done = subprocess.run(
        ["/bin/sh", "-c", command, sys.executable],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": SOURCE},
        capture_output=True,
        timeout=60,
    )
    assert (done.returncode, b"Traceback" in done.stderr + done.stdout) == (1, False)
    assert bool(done.stdout) is (closed == 2)


def test_a_working_directory_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    done = subprocess.run(
        ["/bin/sh", "-c", 'rmdir ../gone; exec "$0" -m pgfpmlint check', sys.executable],
        cwd=tmp_path / "gone",
        env={**os.environ, "PYTHONPATH": SOURCE},
        capture_output=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"pgfpmlint: the working directory: No such file or directory\n"


def _waits_for_input(process: subprocess.Popen[bytes]) -> bool:
    """Whether it sleeps in the kernel until somebody writes to its pipe; not all systems tell."""
    told = Path(f"/proc/{process.pid}/wchan")
    return told.exists() and "pipe" in told.read_text()


def test_ctrl_c() -> None:
    """While it waits for standard input. Who starts tests in the background may have them ignore the signal, and what
    is ignored stays so in a child."""
    process = start(
        *("check", "-", "--stdin-filename", "pg_hba.conf"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    for _ in range(500):
        if process.poll() is not None or _waits_for_input(process):
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, b"")


def test_ascii_only() -> None:
    process = start("rules", stdout=subprocess.PIPE, environment={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out.isascii(), err) == (0, True, b"")
