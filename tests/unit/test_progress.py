"""What a terminal is told while it waits, and that nobody else is."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pgfpmlint import console
from pgfpmlint.progress import WIPE, Meter

ROOT = Path(__file__).parents[2]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_line_in_its_place() -> None:
    stream = Terminal()
    meter = Meter(stream, 10.0, 40, lambda number: f"read: {number} of 40")
    meter.show(10, 12.0)
    meter.show(11, 12.05)  # a moment later: nothing new
    meter.show(20, 14.0)
    meter.show(39, 17.0)
    meter.show(40, 18.0)  # all done: nothing is left to wait for
    meter.wipe()
    assert stream.getvalue().split(WIPE) == [
        "",
        "read: 10 of 40, about 6 s left",
        "read: 20 of 40, about 4 s left",
        "read: 39 of 40, about 1 s left",
        "",
    ]


def test_a_line_no_longer_than_the_terminal() -> None:
    stream = Terminal()
    Meter(stream, 0.0, 2, lambda number: "x" * 200).show(1, 1.0)
    assert stream.getvalue() == WIPE + "x" * 79


def terminal_for(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Called by the test itself: pytest puts its own standard error in place after the fixtures have run."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    return stream


def test_it_is_gone_when_the_stage_ends_and_before_anything_else_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = terminal_for(monkeypatch)
    monkeypatch.setattr(console, "PATIENCE", -1.0)
    assert [*console.steps("abc", lambda number: f"{number} of 3")] == ["a", "b", "c"]
    drawn = terminal.getvalue()
    assert drawn.startswith(f"{WIPE}1 of 3, about 1 s left")
    assert drawn.endswith(WIPE)
    halfway = iter(console.steps("abc", lambda number: f"{number} of 3"))
    next(halfway), next(halfway)
    console.warn("stopped\n")
    assert terminal.getvalue().endswith(f" left{WIPE}stopped\n")


def test_nothing_is_drawn_for_what_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = terminal_for(monkeypatch)
    assert [*console.steps("abc", str)] == ["a", "b", "c"]
    assert terminal.getvalue() == ""


@pytest.mark.parametrize("name", ["pipe", "dumb", "closed"])
def test_nor_elsewhere(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    streams = {"pipe": io.StringIO(), "dumb": Terminal(), "closed": None}
    monkeypatch.setattr(console, "PATIENCE", -1.0)
    monkeypatch.setattr(sys, "stderr", streams[name])
    monkeypatch.setenv("TERM", "dumb" if name == "dumb" else "xterm")
    letters = "abc"
    assert console.steps(letters, str) is letters


CHECK = """
import sys
from pgfpmlint import console
console.PATIENCE = float(sys.argv[1])
from pgfpmlint.cli import main
code = main(["check", *sys.argv[2:]])
print("pgfpmlint.progress" in sys.modules)
sys.exit(code)
"""


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there is no pseudo-terminal on this system")
@pytest.mark.parametrize(("patience", "drawn"), [("-1", True), ("3600", False)])
def test_on_a_real_terminal(patience: str, drawn: bool) -> None:
    """Standard error is one, standard output is a pipe; whoever is not kept waiting loads nothing for it."""
    ours, theirs = os.openpty()
    run = subprocess.run(
        [sys.executable, "-c", CHECK, patience, "--jobs", "2"],
        cwd=ROOT / "examples/webshop",
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "TERM": "xterm"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
        encoding="utf-8",
        check=False,
    )
    os.close(theirs)
    said = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert run.returncode == 1
    assert run.stdout.startswith((ROOT / "tests/deployments/webshop.txt").read_text())
    assert run.stdout.endswith(f"{drawn}\n")
    assert ("reading: 1 of 3 hosts, " in said) is drawn
    assert ("judging: " in said) is drawn
    assert said.rpartition("\x1b[K")[2].replace("\r\n", "\n") == "8 files, 3 hosts: 1 error, 2 warnings\n"
