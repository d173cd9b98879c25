"""PgBouncer as the judge of pgbouncer.ini: it has no test run, so it is started and asked on its console."""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from servers import cage
from servers.answer import Answer, messages
from servers.found import Server
from servers.wire import Refused, Session, connecting_as, open_session

_LISTENING = re.compile(r"listening on unix:(.*)/\.s\.PGSQL\.(-?\d+)")


class Bouncer:
    """A PgBouncer that runs with ``folder/pgbouncer.ini``, in a cage whose /tmp is ``folder/tmp``."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, log: Path) -> None:
        self._process = process
        self._folder = folder
        self._log = log

    def says(self) -> str:
        """Its messages, without those about each connection of our own."""
        return messages(self._log.read_bytes().decode("utf-8", "surrogateescape"), self._folder)

    def _place(self) -> tuple[Path, str]:
        told = _LISTENING.search(self._log.read_bytes().decode("utf-8", "surrogateescape"))
        assert told, self.says()
        return cage.outside(told[1], self._folder), told[2]

    def can_be_asked(self) -> bool:
        """Whether it listens on a Unix socket at all."""
        return _LISTENING.search(self._log.read_bytes().decode("utf-8", "surrogateescape")) is not None

    def console(self) -> contextlib.AbstractContextManager[Session]:
        """Who comes through the Unix socket as the very user that PgBouncer runs as is its administrator."""
        place, port = self._place()
        return open_session(place, port, "pgbouncer", "pgbouncer")

    def values(self) -> dict[str, Any]:
        """SHOW CONFIG by name; ``d:NAME.COLUMN`` of SHOW DATABASES, ``u:NAME.COLUMN`` of SHOW USERS; both lists."""
        with connecting_as(cage.nobody()), self.console() as session:
            found: dict[str, Any] = {str(row["key"]): row["value"] or "" for row in session.rows("SHOW CONFIG")}
            for letter, key, query in (("d", "databases", "SHOW DATABASES"), ("u", "users", "SHOW USERS")):
                rows = session.rows(query)
                found[key] = sorted(str(row["name"]) for row in rows)
                for row in rows:
                    for column, value in row.items():  # SHOW USERS sets its numbers flush right
                        found[f"{letter}:{row['name']}.{column}"] = (
                            (value or "").lstrip() if letter == "u" else value or ""
                        )
        return found

    def connect(self, user: str, database: str) -> str:
        """How PgBouncer answers a client."""
        place, port = self._place()
        try:
            with open_session(place, port, user, database):
                return "ok"
        except Refused as refusal:
            return str(refusal)

    def send(self, number: int) -> None:
        """A signal."""
        self._process.send_signal(number)

    def has_ended(self, patience: float = 20.0) -> bool:
        return cage.until(lambda: self._process.poll() is not None, patience)

    def reload(self) -> str:
        """SIGHUP; what it says to the new file."""
        before = self.says()
        self._process.send_signal(signal.SIGHUP)
        assert cage.until(lambda: "got SIGHUP" in self.says()[len(before) :]), self.says()
        self.values()  # the console answers after the signal has been dealt with
        return self.says()[len(before) :]


@contextlib.contextmanager
def started(
    server: Server, files: Mapping[str, bytes | None], folder: Path, cwd: Path | None = None, descriptors: int = 0
) -> Iterator[Bouncer | str]:
    """The running PgBouncer, or what it says when it refuses to start."""
    cage.write(files, folder)
    cage.furnish(folder)
    cage.give(folder)
    log = folder / "log/pgbouncer.stderr"
    limit = ["prlimit", f"--nofile={descriptors}:{descriptors}"] if descriptors else []
    command, env = cage.caged([*limit, *cage.as_nobody([server.program, str(folder / "pgbouncer.ini")])], folder)
    with cage.running(command, env, log, cwd or folder, signal.SIGKILL) as process:  # asked to end, it takes its time
        bouncer = Bouncer(process, folder, log)
        cage.until(lambda: process.poll() is not None or "process up: " in bouncer.says())
        yield bouncer.says() if process.poll() is not None else bouncer


def start(server: Server, files: Mapping[str, bytes | None], folder: Path, cwd: Path | None = None) -> Answer:
    with started(server, files, folder, cwd) as bouncer:
        if isinstance(bouncer, str):
            return Answer(False, {}, bouncer)
        try:
            return Answer(True, bouncer.values() if bouncer.can_be_asked() else {}, bouncer.says())
        except (Refused, OSError):  # it runs, and serves nobody: its packets are too small, or its socket is locked
            return Answer(True, {}, bouncer.says())
