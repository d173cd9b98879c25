"""How long a user waits, against ``python -c pass``: same interpreter, runs interleaved."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

import stock_tree

BOUND = 6.0
"""A check of six files, one of each kind, as a multiple of ``python -c pass``."""

EFFECTIVE_BOUND = 2.0
"""``effective`` on a stock postgresql.conf, as a multiple of a check of an empty one."""

EMPTY = "empty/postgresql.conf"
NOTHING = "pass"


def _command(*words: str) -> str:
    return f"import sys; from pgfpmlint.__main__ import run; sys.argv[1:] = {list(words)!r}; sys.exit(run())"


CASES = {
    "python -c pass": NOTHING,
    "check of six files": _command("check", "host"),
    "check of an empty file": _command("check", EMPTY),
    "effective, 800 lines": _command("effective", "host/etc/postgresql/16/main/postgresql.conf"),
}


class Timing(NamedTuple):
    """Seconds of each run, by case."""

    runs: dict[str, list[float]]

    def of(self, case: str, summary: Callable[[list[float]], float] = median) -> float:
        """The median: what a user waits. With ``min`` the fastest: what is left without the machine's other work."""
        return summary(self.runs[case])

    def check(self, summary: Callable[[list[float]], float] = median) -> float:
        """What is held to BOUND."""
        return self.of("check of six files", summary) / self.of("python -c pass", summary)

    def effective(self, summary: Callable[[list[float]], float] = median) -> float:
        """What is held to EFFECTIVE_BOUND."""
        return self.of("effective, 800 lines", summary) / self.of("check of an empty file", summary)


def _run(code: str, folder: Path, *expected: int) -> float:
    begin = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=stock_tree.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    seconds = time.perf_counter() - begin
    if run.returncode not in expected:
        raise SystemExit(f"exit code {run.returncode}\n{run.stdout.decode()}{run.stderr.decode()}")
    return seconds


def measure(runs: int) -> Timing:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stock_tree.write(folder / "host")
        (folder / EMPTY).parent.mkdir()
        (folder / EMPTY).touch()
        for code in CASES.values():  # byte code is written by the first run
            _run(code, folder, 0, 1)
        rounds = [{case: _run(code, folder, 0, 1) for case, code in CASES.items()} for _ in range(runs)]
    return Timing({case: [each[case] for each in rounds] for case in CASES})


def main() -> int:
    timing = measure(31)
    for case in CASES:
        print(f"{case:24}{timing.of(case) * 1000:7.1f} ms, fastest {timing.of(case, min) * 1000:.1f}")
    print(f"six files / pass        {timing.check():7.2f}, of the fastest {timing.check(min):.2f} (bound {BOUND:g})")
    print(f"effective / empty check {timing.effective():7.2f} (bound {EFFECTIVE_BOUND:g})")
    return timing.check() > BOUND or timing.effective() > EFFECTIVE_BOUND


if __name__ == "__main__":
    sys.exit(main())
