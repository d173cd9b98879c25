"""How a check grows with the number of hosts: ten times the hosts may take ten times as long, and no more."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import stock_tree

SIZES = (100, 1000)
# Some slack for memory that no longer fits into caches.
BOUND = 12.0


def measure(hosts: int) -> float:
    """Seconds for one check of ``hosts`` × 6 files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(hosts):
            stock_tree.write(folder / f"hosts/h{number:04}")
        begin = time.perf_counter()
        run = subprocess.run(
            [sys.executable, "-m", "pgfpmlint", "check", "."],
            cwd=folder,
            env=stock_tree.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        seconds = time.perf_counter() - begin
    if run.returncode not in (0, 1):
        raise SystemExit(f"exit code {run.returncode}\n{run.stderr.decode()}")
    return seconds


def main() -> int:
    seconds = [measure(hosts) for hosts in SIZES]
    for hosts, each in zip(SIZES, seconds):
        files = hosts * len(stock_tree.FILES)
        print(f"{hosts:5} hosts, {files:5} files  {each:7.2f} s  {each / hosts * 1000:6.2f} ms a host")
    ratio = seconds[-1] / seconds[0]
    print(f"ratio {ratio:.1f} for {SIZES[-1] // SIZES[0]} times the hosts (bound {BOUND:g})")
    return ratio > BOUND


if __name__ == "__main__":
    sys.exit(main())
