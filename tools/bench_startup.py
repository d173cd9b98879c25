"""How many times ``python -c pass`` a whole check of six files takes, same interpreter, runs interleaved."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

import stock_tree

BOUND = 6.0

NOTHING = "pass"
CHECK = "import sys; from pgfpmlint.__main__ import run; sys.argv[1:] = ['check', '.']; sys.exit(run())"


class Timing(NamedTuple):
    """Seconds of each run."""

    nothing: list[float]
    check: list[float]

    @property
    def ratio(self) -> float:
        """Of the medians: what a user waits."""
        return median(self.check) / median(self.nothing)

    @property
    def least(self) -> float:
        """Of the fastest runs: what is left when the machine's other work is taken out."""
        return min(self.check) / min(self.nothing)


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
        stock_tree.write(folder)
        _run(CHECK, folder, 0, 1)  # byte code is written by the first run
        pairs = [(_run(NOTHING, folder, 0), _run(CHECK, folder, 0, 1)) for _ in range(runs)]
    return Timing([pair[0] for pair in pairs], [pair[1] for pair in pairs])


def main() -> int:
    timing = measure(41)
    print(f"python -c pass   {median(timing.nothing) * 1000:6.1f} ms, fastest {min(timing.nothing) * 1000:.1f}")
    print(f"pgfpmlint check  {median(timing.check) * 1000:6.1f} ms, fastest {min(timing.check) * 1000:.1f}")
    print(f"ratio            {timing.ratio:6.2f}, of the fastest {timing.least:.2f} (bound {BOUND:g})")
    return timing.ratio > BOUND


if __name__ == "__main__":
    sys.exit(main())
