"""``make judge``: every reading against every real server that can be had, on many thousands of files.

    python -m servers.judge [--inputs 20000] [--seed 0] [--only KIND] [--jobs 2]

``--inputs`` is the number of files for each format, shared out among the servers of its product. Each server works in a
process of its own, in a cage. Prints a table, then the first differences of each server; the exit status is 1 if there
is any.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from servers import cage, found
from servers.contest import contest
from servers.found import Server
from servers.inputs import FORMATS, generated
from servers.inputs.matches import ATTEMPTS_EACH

STARTED = "postgresql.conf started"
MATCHES = "pg_hba.conf matches"
PRODUCTS = {
    "pgbouncer.ini": "pgbouncer",
    "userlist.txt": "pgbouncer",
    "pgbouncer-hba": "pgbouncer",
    "php-fpm": "php-fpm",
    "postgresql.conf": "postgresql",
    STARTED: "postgresql",
    "pg_hba.conf": "postgresql",
    MATCHES: "postgresql",
    "pg_ident.conf": "postgresql",
}
"""The slowest first, so that no long one is left over at the end."""

MOST_SHOWN = 5
LONGEST_SHOWN = 400
"""Characters of a difference's end; twice as many are shown of its beginning."""


class Task(NamedTuple):
    kind: str
    server: Server
    numbers: range


class Result(NamedTuple):
    cases: int
    accepted: int
    different: int
    same_words: int
    seconds: float
    shown: list[str]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m servers.judge", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=20000, help="files for each format")
    parser.add_argument("--seed", default="0")
    parser.add_argument("--only", choices=sorted(PRODUCTS), help="one format")
    parser.add_argument("--server", default="", help="only servers whose name holds this, such as postgresql-18")
    parser.add_argument("--words", action="store_true", help="show where we refuse in other words than the server")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--task", type=json.loads, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.task:
        kind, program, first, last, folder = options.task
        print(json.dumps(_work(kind, program, range(first, last), options.seed, Path(folder), options.words)))
        return 0
    why = cage.obstacle()
    if why:
        print(f"no server can be asked here: {why}", file=sys.stderr)
        return 2
    tasks = [task for kind in PRODUCTS if options.only in (None, kind) for task in _tasks(kind, options)]
    start = time.monotonic()
    with ThreadPoolExecutor(options.jobs) as workers:
        results = list(workers.map(lambda task: _delegated(task, options), tasks))
    _table(tasks, results)
    print(f"{time.monotonic() - start:.0f} s with {options.jobs} at a time, seed {options.seed}")
    for task, result in zip(tasks, results):
        for shown in result.shown:
            print(f"\n{task.kind}, {task.server}: {shown}")
    return int(any(result.different for result in results))


def _tasks(kind: str, options: argparse.Namespace) -> list[Task]:
    servers = [server for server in found.every(PRODUCTS[kind]) if options.server in str(server)]
    total = -(-options.inputs // {STARTED: 50, MATCHES: ATTEMPTS_EACH}.get(kind, 1))
    share = -(-total // len(servers)) if servers else 0
    return [Task(kind, server, range(at * share, (at + 1) * share)) for at, server in enumerate(servers)]


def _delegated(task: Task, options: argparse.Namespace) -> Result:
    scratch = Path(tempfile.mkdtemp(prefix="pgfpmlint-judge-", dir="/var/tmp"))
    try:
        scratch.chmod(0o755)
        folder = scratch / "ground"
        folder.mkdir(mode=0o755)
        cage.furnish(folder)
        cage.give(folder)
        words = [task.kind, task.server.program, task.numbers.start, task.numbers.stop, str(folder)]
        command = [sys.executable, "-m", "servers.judge", "--seed", options.seed, "--task", json.dumps(words)]
        command += ["--words"] * options.words
        caged, env = cage.caged(command, folder)
        env |= {name: value for name, value in os.environ.items() if name.startswith(("PYTHON", "PGFPMLINT_"))}
        run = subprocess.run(caged, env=env | {cage.INSIDE: str(folder)}, capture_output=True, text=True, check=False)
        if run.returncode:
            return Result(len(task.numbers), 0, len(task.numbers), 0, 0.0, [run.stderr[-3000:]])
        return Result(*json.loads(run.stdout.splitlines()[-1]))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _work(kind: str, program: str, numbers: range, seed: str, folder: Path, words: bool) -> Result:
    """One server's share, in a cage."""
    server = next(one for one in found.every(PRODUCTS[kind]) if one.program == program)
    accepted = different = same_words = 0
    shown: list[str] = []
    worded: list[str] = []
    start = time.monotonic()
    with contest(kind, server, folder) as judge:
        for files in generated(kind if kind in FORMATS else kind.split()[0], numbers, f"{seed} {server}"):
            answer = judge(files)
            accepted += answer.accepted
            same_words += not answer.accepted and not answer.other_words
            different += bool(answer.differences)
            told = shown if answer.differences else worded
            said = answer.differences or ([answer.other_words] if words and answer.other_words else [])
            if said and len(told) < MOST_SHOWN:
                inputs = next(iter(files.values())) if len(str(files)) > 800 else files
                told.append("\n    ".join(_short(one) for one in (repr(inputs), *said)))
    return Result(len(numbers), accepted, different, same_words, time.monotonic() - start, shown + worded)


def _short(text: str) -> str:
    """``text`` without the middle of what fills a screen."""
    return text if len(text) <= 3 * LONGEST_SHOWN else f"{text[: 2 * LONGEST_SHOWN]} … {text[-LONGEST_SHOWN:]}"


def _table(tasks: list[Task], results: list[Result]) -> None:
    print(
        f"{'format':<24}{'server':<26}{'cases':>8}{'agree':>8}{'accepted':>10}{'refused':>9}{'same words':>12}{'s':>6}"
    )
    for kind in PRODUCTS:
        rows = [(task.server, result) for task, result in zip(tasks, results) if task.kind == kind]
        for server, row in rows:
            build = f"{server}{' (Debian)' if server.debian else ''}"
            print(f"{kind:<24}{build:<26}{_numbers(row)}{row.seconds:>6.0f}")
        if rows:
            total = _sum([row for _, row in rows])
            print(f"{kind:<24}{'all':<26}{_numbers(total)}{total.seconds:>6.0f}\n")


def _sum(rows: list[Result]) -> Result:
    cases, accepted = sum(row.cases for row in rows), sum(row.accepted for row in rows)
    different, words = sum(row.different for row in rows), sum(row.same_words for row in rows)
    return Result(cases, accepted, different, words, sum(row.seconds for row in rows), [])


def _numbers(row: Result) -> str:
    refused = row.cases - row.accepted
    words = f"{row.same_words}" if refused else "-"
    return f"{row.cases:>8}{row.cases - row.different:>8}{row.accepted:>10}{refused:>9}{words:>12}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
