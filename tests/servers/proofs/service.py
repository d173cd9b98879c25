"""A server as its unit has systemd start it: with no more open files, and no more tasks, than the unit allows, and with
a /tmp of its own if the unit says so."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from pgfpmlint.model.nodes import FpmMaster, Instance, Pooler
from pgfpmlint.model.service import allowed
from servers import cage

GROUPS = (Path("/sys/fs/cgroup/pids"), Path("/sys/fs/cgroup"))
"""Where control groups that count tasks are made, in the first and in the second version."""

_NUMBERS = itertools.count()


def started_by_unit(
    server: Instance | Pooler | FpmMaster, words: Sequence[str], stack: contextlib.ExitStack
) -> list[str]:
    """The command that runs ``words`` under the limits of the server's unit."""
    command = list(words)
    files, tasks = allowed(server, "LimitNOFILE"), allowed(server, "TasksMax")
    private = server.unit.setting("PrivateTmp").value if server.unit is not None else None
    if private == "yes":
        command = [
            "unshare",
            "--mount",
            "sh",
            "-c",
            'mount -t tmpfs -o mode=1777 own /tmp && exec "$@"',
            "sh",
            *command,
        ]
    if files is not None:
        command = ["prlimit", f"--nofile={files.number}:", *command]
    if tasks is not None:
        group = stack.enter_context(_group(tasks.number))
        command = ["sh", "-c", f'echo $$ > {group}/cgroup.procs && exec "$@"', "sh", *command]
    return command


@contextlib.contextmanager
def _group(tasks: int) -> Iterator[Path]:
    """A control group that lets in no more tasks."""
    name = f"pgfpmlint-{os.getpid()}-{next(_NUMBERS)}"
    for above in GROUPS:
        group = above / name
        try:
            group.mkdir()
        except OSError:
            continue
        if (group / "pids.max").exists():
            break
        group.rmdir()
    else:
        pytest.skip("no control group that counts tasks can be made here")
    (group / "pids.max").write_text(str(tasks))
    try:
        yield group
    finally:
        cage.until(lambda: not (group / "cgroup.procs").read_text().strip(), 20)
        group.rmdir()
