"""PostgreSQL as the judge of pg_hba.conf and pg_ident.conf: what it makes of the records, and whom it lets in."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import random
import re
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from servers import cage
from servers.answer import Answer, messages
from servers.found import Server
from servers.postgres import initdb, reload
from servers.wire import Refused, Session, open_session

_ADDRESSES = ("127.0.0.1", "127.0.0.5", "127.0.0.9", "127.0.1.1", "::1")

_ROWS = "select json_strip_nulls(to_json(view)) as row from {view} as view"

_ROLES = """
create role grp; create role bob login; create role "all" login; create role oo login; create role root login;
create role alice login in role grp; create role sub in role grp; create role carol login in role sub;
create role "a@b" login; create role "my user" login; create role "Alice" login; create role "+grp" login;
create database app; create database alice; create database grp; create database "all";
"""


class HbaJudge:
    """One running server, asked about one pair of files after the other.

    A session opened at the start stays in whatever the records under test say. ``pg_hba_file_rules`` reads the
    file anew at each look; whether the server would take it, and messages that the view keeps to itself, come from
    the log after a SIGHUP.
    """

    def __init__(self, server: Server, scratch: Path, addresses: Sequence[str] = _ADDRESSES) -> None:
        self.server = server
        self.data = scratch / "data"
        self.log = scratch / "server.log"
        self.sockets = scratch
        self.port = ""
        self._addresses = addresses
        self._settings = {
            "listen_addresses": ",".join(addresses),
            "unix_socket_directories": str(scratch),
            "ssl": "off",
        }
        cage.give(scratch)
        initdb(server, self.data)
        self._good = {"pg_hba.conf": b"local all all trust\nhost all all all trust\n", "pg_ident.conf": b""}
        self._initial = set(os.listdir(self.data)) | {"server.crt", "server.key"}
        _certificate(self.data)
        self._process: subprocess.Popen[bytes] | None = None
        self._session: Session | None = None

    @contextlib.contextmanager
    def running(self) -> Iterator[HbaJudge]:
        with contextlib.ExitStack() as stack:
            self._process = next(filter(None, (self._started(stack) for _ in range(5))), None)
            assert self._process is not None, self.log.read_text()
            with open_session(self.sockets, self.port, "postgres", "postgres") as session:
                self._session = session
                for statement in _ROLES.split(";")[:-1]:
                    session.rows(statement)
                yield self

    def _started(self, stack: contextlib.ExitStack) -> subprocess.Popen[bytes] | None:
        """The server with a port at each address; None where somebody else took that in the meantime."""
        self.port = self._settings["port"] = str(_free_port(self._addresses))
        self._write({})
        state = self.data / "postmaster.pid"
        command = cage.as_nobody([self.server.program, "-D", str(self.data), "-F"])
        running = cage.running(command, cage.ENVIRONMENT, self.log, self.data, signal.SIGQUIT)
        process = stack.enter_context(running)
        cage.until(lambda: process.poll() is not None or (state.exists() and "ready" in state.read_text()))
        if process.poll() is None and "could not bind" not in self.log.read_text():
            return process
        cage.stop(process, signal.SIGQUIT)
        return None

    def _write(self, files: Mapping[str, bytes | None]) -> None:
        for name in set(os.listdir(self.data)) - self._initial - {"postmaster.pid", "postmaster.opts"}:
            path = self.data / name
            if path.is_dir():
                for inner in sorted(path.rglob("*"), reverse=True):
                    inner.rmdir() if inner.is_dir() else inner.unlink()
                path.rmdir()
            else:
                path.unlink()
        settings = "".join(f"{name} = '{value}'\n" for name, value in self._settings.items())
        cage.write({"postgresql.conf": settings.encode(), **self._good, **files}, self.data)

    def _reload(self) -> str:
        """What the log says to the files as they are."""
        assert self._process
        return messages(reload(self._process, self.log), self.data)

    def load(self, files: Mapping[str, bytes | None], ssl: str = "off", *, rows: bool = False) -> Answer:
        """Whether the files load in a server with ``ssl`` on or off, and the good rows of the view of the given file;
        with ``rows`` all of them."""
        if ssl != self._settings["ssl"]:
            self._settings["ssl"] = ssl
            self._write({})
            self._reload()
        ident = "pg_hba.conf" not in files
        name = "pg_ident.conf" if ident else "pg_hba.conf"
        self._write(files)
        said = self._reload()
        found = self._view("pg_ident_file_mappings" if ident else "pg_hba_file_rules")
        complaints = [f"line {row['line_number']}: {row['error']}" for row in found if "error" in row]
        shown = [_row(row, self.data, rows) for row in found if rows or "auth_method" in row or "map_name" in row]
        values = {"mappings" if ident else "rules": shown}
        says = messages("\n".join(complaints), self.data)
        return Answer(f"{name} was not reloaded" not in said, values, f"{says}\n{said}".strip())

    def _view(self, view: str) -> list[dict[str, Any]]:
        if view == "pg_ident_file_mappings" and int(self.server.major) < 15:
            return []
        assert self._session
        return [json.loads(str(row["row"])) for row in self._session.rows(_ROWS.format(view=view))]

    def connect(self, attempt: Mapping[str, Any]) -> dict[str, Any]:
        """One login with a wrong password: which record decided, or how the attempt ended without a question."""
        start = self.log.stat().st_size
        startup = {"user": attempt["user"], "database": attempt["database"]}
        if "replication" in attempt:
            startup["replication"] = attempt["replication"]
        place = self.sockets if attempt["type"] == "local" else attempt["addr"]
        with Session(place, self.port, tls=attempt["type"] == "hostssl") as session:
            try:
                session.start(startup)
                return {"line": None, "reply": "authenticated without password"}
            except Refused as refusal:
                reply = str(refusal)
        with self.log.open("rb") as log:
            log.seek(start)
            said = log.read().decode("utf-8", "surrogateescape")
        matched = re.search(r'Connection matched (?:pg_hba\.conf|file "(.*)") line (\d+)', said)
        if not matched:
            return {"line": None, "reply": reply}
        included = matched[1] not in (None, str(self.data / "pg_hba.conf"))
        return {"line": int(matched[2]), **({"file": os.path.relpath(matched[1], self.data)} if included else {})}

    def matches(self, files: Mapping[str, bytes | None], attempts: list[dict[str, Any]], ssl: str = "off") -> Answer:
        answer = self.load(files, ssl)
        found = [{**attempt, "result": self.connect(attempt)} for attempt in attempts]
        return answer._replace(values={"matches": found})


def _row(row: dict[str, Any], data: Path, error_too: bool = False) -> dict[str, Any]:
    """A row of the view with the vectors' names."""
    names = {
        "line_number": "line",
        "file_name": "file",
        "auth_method": "method",
        "user_name": "user",
        "map_name": "map",
        "sys_name": "system_user",
        "pg_username": "database_user",
    }
    passed_over = ("rule_number", "map_number") if error_too else ("rule_number", "map_number", "error")
    named = {names.get(key, key): value for key, value in row.items() if key not in passed_over}
    if named.get("file") in (str(data / "pg_hba.conf"), str(data / "pg_ident.conf")):
        del named["file"]
    return {key: value.replace(str(data), "<datadir>") if key == "file" else value for key, value in named.items()}


def _free_port(addresses: Sequence[str]) -> int:
    """A port that is free at every address. PostgreSQL goes on without the addresses that it can't have, and whoever
    connects from here is given ports from 32768 on (ip_local_port_range), so those are left to them."""
    while True:
        port = random.randrange(10000, 32768)
        try:
            for address in addresses:
                with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as listener:
                    listener.bind((address, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
        else:
            return port


def _certificate(data: Path) -> None:
    request = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout server.key -out server.crt"
    subprocess.run(request.split(), cwd=data, capture_output=True, timeout=60, check=True)
    (data / "server.key").chmod(0o600)
    cage.give(data)
