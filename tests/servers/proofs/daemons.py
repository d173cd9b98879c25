"""The servers of an example, started with the example's own files; only what these leave open is filled in."""

from __future__ import annotations

import contextlib
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import pytest

from pgfpmlint.model.address import port
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.nodes import FpmMaster, Instance, Pooler
from pgfpmlint.model.replication import standbys
from pgfpmlint.resolve.pgbouncer import BouncerEntry
from pgfpmlint.resolve.settings import Reading
from servers import cage, found
from servers.fastcgi import Address
from servers.found import Server
from servers.proofs.cluster import make_certificate, make_cluster
from servers.proofs.machine import Machine
from servers.proofs.plugged import ELSEWHERE, is_number, prefix
from servers.proofs.service import started_by_unit


class Daemons:
    """``logs`` by the server's name, with ``#2`` behind it for the second machine of its host; ``down`` holds the last
    words of those that did not start. ``secret`` is everybody's password."""

    def __init__(
        self,
        deployment: Deployment,
        files: Mapping[str, str],
        machines: Mapping[str, Sequence[Machine]],
        folder: Path,
        stack: contextlib.ExitStack,
        secret: str,
    ) -> None:
        self.deployment = deployment
        self.down: dict[str, str] = {}
        self.logs: dict[str, Path] = {}
        self._files = files
        self._machines = machines
        self._folder = folder
        self._stack = stack
        self._secret = secret

    def start(self) -> None:
        """Databases first, then who connects to them."""
        if ELSEWHERE in self._machines:
            self._start_elsewhere(self._machines[ELSEWHERE][0])
        self._start_databases()
        for pooler in self.deployment.poolers:
            for machine in self._machines[pooler.host.name]:
                self._start_pooler(machine, pooler)
        for master in self.deployment.masters:
            for machine in self._machines[master.host.name]:
                self._start_fpm(machine, master)

    def _start_databases(self) -> None:
        """Primaries first. A standby is a copy of the primary as initdb left it where the primary's own pg_hba.conf is
        in force, which need not let a backup in; else a base backup, with the primary's settings in it."""
        following = {one.instance.name: one.primary for one in standbys(self.deployment)}
        pairs = [(machine, one) for one in self.deployment.instances for machine in self._machines[one.host.name]]
        ahead = [(machine, one) for machine, one in pairs if one.name not in following]
        behind = [(machine, one) for machine, one in pairs if one.name in following]
        for machine, instance in ahead:
            self._make_cluster(machine, instance)
        for machine, instance in behind:
            if following[instance.name].hba is not None:
                self._copy_cluster(machine, instance, following[instance.name])
        for machine, instance in ahead:
            self._start_postgres(machine, instance)
        for machine, instance in behind:
            if following[instance.name].hba is None:
                self._back_up_cluster(machine, instance, following[instance.name])
        for machine, instance in behind:
            self._start_postgres(machine, instance)

    def _make_cluster(self, machine: Machine, instance: Instance) -> None:
        make_cluster(
            _server(instance),
            data_directory(machine, instance),
            self._folder.parent,
            self._roles,
            self._databases,
            self._secret,
        )

    def _copy_cluster(self, machine: Machine, instance: Instance, primary: Instance) -> None:
        """A copy of the primary as initdb left it."""
        data = data_directory(machine, instance)
        shutil.copytree(data_directory(self._machines[primary.host.name][0], primary), data, symlinks=True)
        (data / "standby.signal").touch()
        cage.give(data)

    def _back_up_cluster(self, machine: Machine, instance: Instance, primary: Instance) -> None:
        """A base backup, with the primary's own settings in it, taken before any standby connects, for it takes a WAL
        sender as well."""
        data = data_directory(machine, instance)
        address = self._machines[primary.host.name][0].addresses[0]
        source = ["-h", address, "-p", str(port(primary)), "-U", "postgres"]
        words = [f"{_server(instance).bin}/pg_basebackup", *source, "-D", str(data), "-X", "fetch", "-c", "fast"]
        subprocess.run(machine.within(words), env=cage.ENVIRONMENT, cwd=machine.folder, check=True, capture_output=True)
        (data / "standby.signal").touch()
        cage.give(data)

    def _start_postgres(self, machine: Machine, instance: Instance) -> None:
        server, data = _server(instance), data_directory(machine, instance)
        options = {"data_directory": str(data), "config_file": self._path(machine, instance.postgres.reading)}
        if instance.hba is not None:
            options["hba_file"] = self._path(machine, instance.hba.reading)
        if instance.ident is not None:
            options["ident_file"] = self._path(machine, instance.ident.reading)
        if not instance.postgres.setting("unix_socket_directories").is_written:
            options["unix_socket_directories"] = "/run/postgresql"
        self._run(machine, instance.name, self._postgres_words(server, data, options), _is_ready(data))

    def _start_elsewhere(self, machine: Machine) -> None:
        server, data = found.postgres()[0], machine.folder / "data-main"
        make_cluster(server, data, self._folder.parent, self._roles, self._databases, self._secret)
        (data / "postgresql.conf").write_text("listen_addresses = '*'\nmax_connections = 500\n")
        options = {"unix_socket_directories": "/run/postgresql"}
        self._run(machine, "elsewhere/main", self._postgres_words(server, data, options), _is_ready(data))

    def _postgres_words(self, server: Server, data: Path, options: Mapping[str, str]) -> list[str]:
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return cage.as_nobody([server.program, "-D", str(data), "-F", *settings])

    @cached_property
    def _roles(self) -> set[str]:
        forced = {told.value for entry in self._entries if (told := entry.parameter("user")) is not None}
        conninfos = " ".join(one.postgres.setting("primary_conninfo").value or "" for one in self.deployment.instances)
        forced |= {name for pair in re.findall(r"user=(\w+)|//(\w+)@", conninfos) for name in pair if name}
        return {"app", *(user for link in self.deployment.links.known if (user := link.user)), *filter(None, forced)}

    @cached_property
    def _databases(self) -> set[str]:
        named = {base.value for entry in self._entries if (base := entry.parameter("dbname")) is not None}
        named |= {entry.name for entry in self._entries} | {link.database for link in self.deployment.links.known}
        return ({"shop", *filter(None, named)}) - {"*", "postgres"}

    @cached_property
    def _entries(self) -> list[BouncerEntry]:
        return [entry for pooler in self.deployment.poolers for entry in pooler.bouncer.databases]

    def _start_pooler(self, machine: Machine, pooler: Pooler) -> None:
        """PgBouncer with the file itself; where that says nothing of who may log in, lines in it let everybody in."""
        reading = pooler.bouncer
        key, certificate = (reading.setting(f"client_tls_{what}_file") for what in ("key", "cert"))
        if key.value and certificate.value:
            make_certificate(machine.outside(key.value), machine.outside(certificate.value))
            cage.give(machine.folder / "etc")
        added = {}
        if not reading.setting("auth_type").is_written:
            added["auth_type"] = "trust"
        if not reading.setting("auth_file").is_written:
            added["auth_file"] = str(machine.folder / "userlist.txt")
            users = "".join(f'"{role}" "{self._secret}"\n' for role in sorted(self._roles))
            (machine.folder / "userlist.txt").write_text(users)
        if added and reading.anchor is not None:
            place = machine.folder / reading.anchor.path[len(prefix(reading.reading)) :].lstrip("/")
            lines = place.read_text().splitlines(keepends=True)
            lines.insert(reading.anchor.line, "".join(f"{name} = {value}\n" for name, value in added.items()))
            place.write_text("".join(lines))
        words = [self._bouncer(pooler).program, self._path(machine, reading.reading)]
        words = words if reading.setting("user").is_written else cage.as_nobody(words)
        words = started_by_unit(pooler, words, self._stack)
        self._run(machine, pooler.name, words, lambda log: "process up: " in log, signal.SIGKILL)

    def _bouncer(self, pooler: Pooler) -> Server:
        """Debian's, or the version that the configuration names."""
        if "pgbouncer:" not in self._files.get(".pgfpmlint.yaml", ""):
            return found.pgbouncer()[0]
        version = str(pooler.bouncer.reading.version)
        exact = [one for one in found.every("pgbouncer") if one.major == version]
        if not exact:
            pytest.skip(f"no PgBouncer {version} on this machine; .ci/more-servers fetches some")
        return exact[0]

    def _start_fpm(self, machine: Machine, master: FpmMaster) -> None:
        server = found.php_fpm()[0]
        main = self._path(machine, master.fpm.reading)
        extensions = [word for name in ("pgsql", "pdo", "pdo_pgsql") for word in ("-d", f"extension={name}.so")]
        named = [listening(machine, pool.setting("listen").value) for pool in master.fpm.pools]

        def ready(log: str) -> bool:
            sockets = [address for address in named if isinstance(address, Path)]
            return "ready to handle connections" in log or (bool(sockets) and all(map(_answers, sockets)))

        words = started_by_unit(master, [server.program, "-n", *extensions, "-y", main, "-F"], self._stack)
        self._run(machine, master.name, words, ready)

    def _run(
        self,
        machine: Machine,
        name: str,
        words: Sequence[str],
        ready: Callable[[str], bool],
        end: int = signal.SIGINT,
    ) -> None:
        number = 1 + sum(one.partition("#")[0] == name for one in self.logs)
        name = name if number == 1 else f"{name}#{number}"
        log = self.logs[name] = machine.folder / f"{name.replace('/', '-')}.log"
        process = self._stack.enter_context(
            cage.running(machine.within(words), cage.ENVIRONMENT, log, machine.folder, end)
        )
        came = cage.until(lambda: process.poll() is not None or ready(log.read_text(errors="replace")))
        if process.poll() is not None or not came:
            self.down[name] = log.read_text(errors="replace").strip() or "it said nothing"

    def _path(self, machine: Machine, reading: Reading) -> str:
        """The path of a reading's main file on its machine; outside of /etc it lies in the machine's folder."""
        path = reading.main.path
        return path if path.startswith("/etc/") else f"{machine.folder}{path}"


def _server(instance: Instance) -> Server:
    """The PostgreSQL of the instance's major, or the oldest at hand."""
    servers = found.postgres()
    major = str(instance.postgres.reading.version).partition(".")[0]
    return next((one for one in servers if one.major == major), servers[0])


def data_directory(machine: Machine, instance: Instance) -> Path:
    return machine.folder / f"data-{instance.name.rpartition('/')[2]}"


def listening(machine: Machine, listen: str | None) -> Address | None:
    if not listen:
        return None
    if listen.startswith("/"):
        return machine.outside(listen)
    host, _, number = listen.rpartition(":")
    return host if is_number(host) else "127.0.0.1", int(number)


def _answers(listen: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as stream:
        return stream.connect_ex(str(listen)) == 0


def _is_ready(data: Path) -> Callable[[str], bool]:
    def ready(log: str) -> bool:
        # The eighth line of postmaster.pid is the state: src/include/utils/pidfile.h
        with contextlib.suppress(OSError):
            lines = (data / "postmaster.pid").read_text().splitlines()
            return len(lines) > 7 and lines[7].strip() in ("ready", "standby")
        return False

    return ready
