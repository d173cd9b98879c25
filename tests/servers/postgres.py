"""PostgreSQL as the judge of postgresql.conf: its own parse, a real start, a real reload."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from servers import cage
from servers.answer import Answer, messages
from servers.found import Server
from servers.wire import Session, open_session

# The files that a case may bring or a server leave behind in a data directory; the rest is initdb's.
CONFIGURATION = ("postgresql.conf", "postgresql.auto.conf", "pg_hba.conf", "pg_ident.conf")


def parse(server: Server, folder: Path, names: Iterable[str], args: Sequence[str] = ()) -> Answer:
    """``postgres -C NAME``: reads the configuration in ``folder`` as a start does, prints the value, and ends before
    it looks at the data directory. One run for each name; where none is asked for, work_mem is, and not reported."""
    values: dict[str, str] = {}
    accepted, says = True, ""
    wanted = tuple(names)
    for name in wanted or ("work_mem",):
        run = subprocess.run(
            cage.as_nobody([server.program, "-D", str(folder), *args, "-C", name]),
            env=cage.ENVIRONMENT,
            cwd=folder,
            capture_output=True,
            timeout=60,
            check=False,
        )
        accepted = accepted and run.returncode == 0
        says = messages(run.stderr.decode("utf-8", "surrogateescape"), folder)
        if run.returncode:
            break
        if wanted:
            values[name] = run.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")
    return Answer(accepted, values, says)


class Cluster:
    """A data directory that is started again and again with other configurations, each time in a cage."""

    def __init__(self, server: Server, scratch: Path) -> None:
        self.server = server
        self.scratch = scratch
        self.data = scratch / "data"
        self.log = scratch / "server.log"
        cage.furnish(scratch)
        cage.give(scratch)
        initdb(server, self.data)
        self._initial = {name: (self.data / name).read_bytes() for name in CONFIGURATION}
        self._initial_names = set(os.listdir(self.data))

    def lay(self, files: Mapping[str, bytes | None]) -> None:
        """The case's files over what initdb wrote; nothing of an earlier case is left."""
        for name in set(os.listdir(self.data)) - self._initial_names:
            path = self.data / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        cage.write({**self._initial, "postgresql.conf": b"", **files}, self.data)
        for name in files:
            cage.give(self.data / name if (self.data / name).is_dir() else (self.data / name).parent)

    @contextlib.contextmanager
    def started(self, args: Sequence[str] = ()) -> Iterator[subprocess.Popen[bytes] | None]:
        """The running server, or None when it refuses to start."""
        command = cage.as_nobody([self.server.program, "-D", str(self.data), "-F", *args])
        caged, env = cage.caged(command, self.scratch)
        with cage.running(caged, env, self.log, self.data) as process:
            cage.until(lambda: process.poll() is not None or self._ready())
            yield None if process.poll() is not None else process

    def _ready(self) -> bool:
        # The eighth line of postmaster.pid is the state: src/include/utils/pidfile.h
        with contextlib.suppress(OSError):
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return len(lines) > 7 and lines[7].strip() in ("ready", "standby")
        return False

    def says(self) -> str:
        return messages(self.log.read_bytes().decode("utf-8", "surrogateescape"), self.data)

    def session(self, database: str = "postgres") -> contextlib.AbstractContextManager[Session]:
        """Through the socket, wherever the configuration put it."""
        port, folder = (self.data / "postmaster.pid").read_text().splitlines()[3:5]
        return open_session(cage.outside(folder, self.scratch), port, "postgres", database)

    def start(self, files: Mapping[str, bytes | None], names: Iterable[str], args: Sequence[str] = ()) -> Answer:
        self.lay(files)
        with self.started(args) as process:
            if process is None:
                return Answer(False, {}, self.says())
            return Answer(True, self._settings(names), self.says())

    def reload(
        self, before: Mapping[str, bytes | None], after: Mapping[str, bytes | None], names: Iterable[str]
    ) -> Answer:
        """Start with ``before``, then SIGHUP with ``after``; accepted: the log has no complaint."""
        self.lay(before)
        with self.started() as process:
            assert process is not None, self.says()
            cage.write(after, self.data)
            said = messages(reload(process, self.log), self.data)
            return Answer("contains errors" not in said, self._settings(names), said)

    def _settings(self, names: Iterable[str]) -> dict[str, str]:
        wanted = ",".join(f"'{name}'" for name in names)
        if not wanted:
            return {}
        with self.session() as session:
            rows = session.rows(f"select name, setting from pg_settings where name in ({wanted})")
        return {str(row["name"]): str(row["setting"]) for row in rows}


def reload(process: subprocess.Popen[bytes], log: Path) -> str:
    """SIGHUP; what the server logs about the files as they are now. It handles one signal after the other, so the
    first message about a second SIGHUP ends what it had to say to the first."""
    start = log.stat().st_size
    mark = b"received SIGHUP, reloading configuration files\n"

    def said() -> bytes:
        with log.open("rb") as file:
            file.seek(start)
            return file.read()

    process.send_signal(signal.SIGHUP)
    assert cage.until(lambda: said().count(mark) >= 1, pause=0.001), said()
    process.send_signal(signal.SIGHUP)
    assert cage.until(lambda: said().count(mark) >= 2, pause=0.001), said()
    return said().split(mark)[1].decode("utf-8", "surrogateescape").rpartition("\n")[0]


def initdb(server: Server, data: Path) -> None:
    subprocess.run(
        cage.as_nobody(
            [
                f"{server.bin}/initdb",
                "-D",
                str(data),
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-locale",
                "-N",
            ]
        ),
        env=cage.ENVIRONMENT,
        capture_output=True,
        timeout=60,
        check=True,
    )
