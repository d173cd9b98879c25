"""A place of its own for a server under test: no port, socket or log file of the machine is touched.

A configuration is judged as it is written, and written ones listen on 5432, put sockets into /tmp and logs into
/var/log. So the server gets a network with nothing but a loopback, and folders of the test's in those places; from
outside its Unix socket is reached through the real name of the folder. Needs root, and gives it up for the server.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

# Environment of every server and client: no locale, no PG* variables, no user's ~/.psqlrc or ~/.pgpass.
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "HOME": "/nonexistent", "TZ": "UTC"}

# Set for a program that runs as a whole in a cage, to that cage's folder.
INSIDE = "PGFPMLINT_INSIDE_CAGE"

PATIENCE = 60.0
"""Seconds for what takes a moment on an idle machine: nothing that goes well waits for their end."""

FOLDERS = {"tmp": "/tmp", "run": "/run/postgresql", "log": "/var/log"}

_ENTER = """
set -e
ip link set lo up
for pair in $BINDS; do
    mount --bind "${pair%%:*}" "${pair#*:}"
done
unset BINDS
exec "$@"
"""


def is_root() -> bool:
    return os.geteuid() == 0


@cache
def obstacle() -> str | None:
    """Why no cage can be made here, if so."""
    if not is_root():
        return "only root can give a server a network and a /tmp of its own"
    tried = subprocess.run(
        ["unshare", "--mount", "--net", "ip", "link", "set", "lo", "up"], capture_output=True, check=False
    )
    return f"namespaces are forbidden here: {tried.stderr.decode()}" if tried.returncode else None


@cache
def nobody() -> str:
    """The user that servers run as: PostgreSQL and PgBouncer refuse root."""
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def give(path: Path) -> None:
    """Hand a folder with all that is in it to the servers' user."""
    if is_root():
        import pwd

        owner = pwd.getpwnam(nobody())
        for folder, _, names in os.walk(path):
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            for name in names:
                os.chown(os.path.join(folder, name), owner.pw_uid, owner.pw_gid, follow_symlinks=False)


def as_nobody(command: Sequence[str]) -> list[str]:
    """``command`` without root's rights (itself for one who isn't root)."""
    if not is_root():
        return list(command)
    return ["setpriv", f"--reuid={nobody()}", f"--regid={_group()}", "--clear-groups", *command]


def _group() -> str:
    import pwd

    return str(pwd.getpwnam(nobody()).pw_gid)


def caged(command: Sequence[str], scratch: Path) -> tuple[list[str], dict[str, str]]:
    """``command`` in a cage whose /tmp, /run/postgresql and /var/log are folders in ``scratch``, and the environment
    that it needs. They must exist (see `furnish`). Who is in a cage already needs no other one."""
    if os.environ.get(INSIDE) == str(scratch):
        return list(command), dict(ENVIRONMENT)
    binds = " ".join(f"{scratch / name}:{place}" for name, place in FOLDERS.items() if os.path.isdir(place))
    enter = ["unshare", "--mount", "--net", "--propagation", "private", "sh", "-c", _ENTER, "cage"]
    return [*enter, *command], {**ENVIRONMENT, "BINDS": binds}


def outside(folder: str, scratch: Path) -> Path:
    """Where a folder that a caged server names lies for those outside the cage."""
    real = os.path.realpath(folder)
    inside = {os.path.realpath(place): scratch / name for name, place in FOLDERS.items()}
    return inside.get(real, Path(folder))


def furnish(scratch: Path) -> None:
    for name in FOLDERS:
        (scratch / name).mkdir(exist_ok=True)


def clear(folder: Path) -> None:
    """Remove what earlier tests left there, save for what a cage needs."""
    for name in set(os.listdir(folder)) - set(FOLDERS):
        path = folder / name
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def write(files: Mapping[str, bytes | None], folder: Path) -> None:
    """``files`` as the vectors hold them: None is an empty folder."""
    for name, content in files.items():
        path = folder / name
        if content is None:
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


@contextlib.contextmanager
def running(
    command: Sequence[str], env: Mapping[str, str], log: Path, cwd: Path, end: int = signal.SIGINT
) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a process group of its own, ended by the process id that we started: first asked, then killed."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield process
    finally:
        stop(process, end)


def stop(process: subprocess.Popen[bytes], sig: int) -> None:
    if process.poll() is None:
        process.send_signal(sig)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def until(happens: Callable[[], bool], seconds: float = PATIENCE, pause: float = 0.005) -> bool:
    """Ask ``happens()`` again and again; whether it came true in time."""
    end = time.monotonic() + seconds
    while not happens():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True
