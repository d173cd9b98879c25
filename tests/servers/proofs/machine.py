"""A machine of an example: a network of its own with the machine's addresses, and its own /etc, /run, /tmp and logs.

Servers on it read the example's files where the example says that they lie, and find each other by the names and
addresses that the files use: nothing of a configuration is rewritten. Needs root, as every cage does.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from servers import cage

T = TypeVar("T")

OWN = ("etc", "run", "tmp", "var/log")
"""What a machine has of its own; of all else it sees what is really there."""

FROM_HERE = (
    "passwd",
    "group",
    "nsswitch.conf",
    "host.conf",
    "services",
    "protocols",
    "ld.so.cache",
    "localtime",
    "ssl",
)
"""What programs need of the real /etc."""

DAEMONS = ("postgresql", "pgbouncer", "php")
"""Folders that packages make below /run and /var/log, and give to their servers."""

_NEW_NETWORK = 0x40000000  # CLONE_NEWNET, linux/sched.h

_FURNISH = """
set -e
ip link set lo up
for place in $OWN; do mount --bind "$SCRATCH/$place" "/$place"; done
echo up > "$SCRATCH/up"
exec sleep 3600
"""

_PLUG = """
set -e
ip link add m{number} type veth peer name eth0 netns {pid}
ip link set m{number} master wire up
"""


class Wire:
    """What the machines of one example are plugged into; it leads nowhere else."""

    def __init__(self, folder: Path, stack: contextlib.ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self._number = 0
        folder.mkdir()
        made = "ip link add wire type bridge && ip link set wire up && touch up && exec sleep 3600"
        self._pid = _holder(["unshare", "--net", "sh", "-c", made], {}, folder, stack)

    def machine(self, name: str, addresses: Sequence[str], names: Mapping[str, Sequence[str]]) -> Machine:
        """A running machine at ``addresses``; ``names`` are the hosts that it can look up, by address."""
        self._number += 1
        folder = self._folder / f"{self._number}"
        for place in OWN:
            (folder / place).mkdir(parents=True)
        _furnish(folder, names)
        command = ["unshare", "--mount", "--net", "--propagation", "private", "sh", "-c", _FURNISH]
        pid = _holder(command, {"OWN": " ".join(OWN), "SCRATCH": str(folder)}, folder, self._stack)
        subprocess.run(
            ["nsenter", f"--target={self._pid}", "--net", "sh", "-c", _PLUG.format(number=self._number, pid=pid)],
            check=True,
        )
        machine = Machine(name, tuple(addresses), folder, pid)
        for words in (
            *(f"addr add {address} dev eth0{' nodad' if ':' in address else ''}" for address in addresses),
            "link set eth0 up",
            "route add default dev eth0",
            "-6 route add default dev eth0",
        ):
            subprocess.run(machine.within(["ip", *words.split()]), check=True)
        return machine


class Machine:
    """``folder`` is where its own folders lie for those outside."""

    def __init__(self, name: str, addresses: tuple[str, ...], folder: Path, pid: int) -> None:
        self.name = name
        self.addresses = addresses
        self.folder = folder
        self._pid = pid

    def within(self, command: Sequence[str]) -> list[str]:
        """``command`` as run on this machine."""
        return ["nsenter", f"--target={self._pid}", "--mount", "--net", *command]

    def outside(self, path: str) -> Path:
        """Where a path of the machine's lies for those outside."""
        real = "/" + os.path.normpath(path).lstrip("/")
        real = real.replace("/var/run/", "/run/", 1) if real.startswith("/var/run/") else real
        own = any(real.startswith(f"/{place}/") or real == f"/{place}" for place in OWN)
        return self.folder / real.lstrip("/") if own else Path(real)

    def from_here(self, work: Callable[[], T]) -> T:
        """What ``work`` returns, with the sockets that it opens on this machine's network."""

        def moved() -> T:
            with open(f"/proc/{self._pid}/ns/net") as network:
                if ctypes.CDLL(None, use_errno=True).setns(network.fileno(), _NEW_NETWORK):
                    raise OSError(ctypes.get_errno(), "setns")
            return work()

        with ThreadPoolExecutor(1) as one:  # only the thread moves, and it ends with the work
            return one.submit(moved).result()


def _holder(command: Sequence[str], more: Mapping[str, str], folder: Path, stack: contextlib.ExitStack) -> int:
    """The id of a process that keeps namespaces alive until the stack unwinds."""
    env = {**cage.ENVIRONMENT, **more}
    process = stack.enter_context(cage.running(command, env, folder / "holder.log", folder, end=9))
    assert cage.until(lambda: process.poll() is not None or (folder / "up").exists())
    assert process.poll() is None, (folder / "holder.log").read_text()
    return process.pid


def _furnish(folder: Path, names: Mapping[str, Sequence[str]]) -> None:
    for name in FROM_HERE:
        source, target = Path("/etc", name), folder / "etc" / name
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True)
        elif source.exists():
            shutil.copyfile(source, target)
    lines = [
        "127.0.0.1 localhost",
        "::1 localhost",
        *(f"{address} {' '.join(all_)}" for address, all_ in names.items()),
    ]
    (folder / "etc/hosts").write_text("\n".join(lines) + "\n")
    (folder / "tmp").chmod(0o1777)
    for place in ("run", "var/log"):
        for daemon in DAEMONS:
            (folder / place / daemon).mkdir()
            (folder / place / daemon).chmod(0o777)
        (folder / place).chmod(0o777)


@contextlib.contextmanager
def wire(folder: Path) -> Iterator[Wire]:
    with contextlib.ExitStack() as stack:
        yield Wire(folder, stack)
