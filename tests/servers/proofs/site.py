"""An example's files at work: every host is a machine, and every server of it runs with the example's own files.

Which servers there are and where they lie is what the linter makes of the files; what happens then is theirs to say.
Only what an example leaves open is filled in: data directories, accounts, databases, a certificate.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path

import pytest

from pgfpmlint.model.address import is_loopback, is_socket, port
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.dsn import said_by
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import ClientPool, FpmMaster, Instance, Pooler
from pgfpmlint.model.replication import standbys
from pgfpmlint.resolve.pgbouncer import BouncerEntry
from pgfpmlint.resolve.settings import Reading
from pgfpmlint.syntax.document import Statement
from servers import cage, found
from servers.fastcgi import Address, request
from servers.found import Server
from servers.proofs.cluster import make_certificate, make_cluster
from servers.proofs.machine import Machine, Wire
from servers.proofs.scripts import HOLD
from servers.proofs.service import started_by_unit
from servers.wire import Session, open_session
from trees import deployment_of

NETWORK = "10.77.0."
"""Where machines live whose address no file names."""


class Site:
    """``machines`` by host: as many as the configuration counts. ``down`` holds the last words of servers that did not
    start, ``served`` how many of those last asked had their answer, a connection or none, before all let go of theirs.
    ``secret`` is everybody's password."""

    def __init__(self, files: Mapping[str, str], folder: Path, stack: contextlib.ExitStack, secret: str = "") -> None:
        self.deployment: Deployment = deployment_of(files)
        self.secret = secret
        self.down: dict[str, str] = {}
        self.served = 0
        self._files = files
        self._folder = folder
        self._stack = stack
        self._logs: dict[str, Path] = {}
        self._machines = self._plug_in()
        self._start_databases()
        for pooler in self.deployment.poolers:
            for machine in self._machines[pooler.host.name]:
                self._start_pooler(machine, pooler)
        for master in self.deployment.masters:
            for machine in self._machines[master.host.name]:
                self._start_fpm(machine, master)

    # What a proof asks

    def ask(self, pool: str, script: str = HOLD, count: int = 1, more: Mapping[str, str] | None = None) -> list[str]:
        """What ``count`` requests answer, sent at once to each machine that runs the pool."""
        return self.ask_together({pool: count}, script, more=more)

    def ask_together(
        self,
        counts: Mapping[str, int] | None = None,
        script: str = HOLD,
        *,
        more: Mapping[str, str] | None = None,
        patience: float = 20.0,
        in_turn: bool = False,
    ) -> list[str]:
        """What all workers of all machines answer when all are asked at once, or so many of each pool's as ``counts``
        says. Those that run `HOLD` keep what they got until each has got its answer, or patience is at its end.

        ``in_turn`` sends each when the one before it has its answer: PostgreSQL counts a login that it is about to
        refuse like any other (`CountDBConnections` and `HaveNFreeProcs` in InitPostgres), so of those that come at
        once more may be refused than there is no room for."""
        (self._folder / "script.php").write_text(script)
        arrivals, release = self._folder / "arrivals", self._folder / "release"
        release.unlink(missing_ok=True)
        arrivals.write_text("")
        arrivals.chmod(0o666)
        common = {"ARRIVALS": str(arrivals), "RELEASE": str(release), **(more or {})}
        calls = list(self._calls(counts, common))
        with ThreadPoolExecutor(len(calls)) as threads:
            answers: list[Future[str]] = []

            def all_arrived() -> bool:
                return len(arrivals.read_text()) == len(answers)

            for call in calls:
                if in_turn:
                    assert cage.until(all_arrived, patience, 0.002)
                answers.append(threads.submit(call))
            cage.until(lambda: all_arrived() or all(one.done() for one in answers), patience, 0.02)
            self.served = len(arrivals.read_text())
            release.touch()
            return [answer.result() for answer in answers]

    def session(
        self, instance: str, database: str = "postgres", user: str = "postgres"
    ) -> contextlib.AbstractContextManager[Session]:
        """One through the socket, the superuser's where nobody else is named."""
        node = next(one for one in self.deployment.instances if one.name == instance)
        machine = self._machines[node.host.name][0]
        number = port(node) or 5432
        folder = (_data(machine, node) / "postmaster.pid").read_text().splitlines()[4]
        return open_session(machine.outside(folder), number, user, database)

    def run_scripts(self) -> None:
        """The scripts of SQL, as their server's first start runs them. What is there of the roles and databases that
        they make goes before."""
        for scripts in self.deployment.scripts:
            assert scripts.instance is not None
            name, reading = scripts.instance.name, scripts.reading
            made = [f'drop database if exists "{one.name}"' for one in reading.databases.values() if one.created]
            made += [f'drop role if exists "{one.name}"' for one in reading.roles.values() if one.created]
            self._send(name, "postgres", made)
            for database, statements in _by_database(reading.reading):
                self._send(name, database, statements)

    def _send(self, instance: str, database: str, statements: Sequence[str]) -> None:
        with self.session(instance, database) as session:
            for statement in statements:
                session.rows(statement)

    @property
    def names(self) -> list[str]:
        """Of all servers that were started."""
        return list(self._logs)

    def log(self, server: str) -> str:
        """What that server said, with ``#2`` behind its name for the second machine of its host."""
        return self._logs[server].read_text(errors="replace")

    def machine(self, host: str, number: int = 0) -> Machine:
        return self._machines[host][number]

    # How it is built

    def _plug_in(self) -> dict[str, list[Machine]]:
        wire = Wire(self._folder / "wire", self._stack)
        hosts = {host.name: host for host in self.deployment.hosts}
        spare = iter(f"{NETWORK}{number}" for number in range(2, 250))
        addresses: dict[str, list[list[str]]] = {}
        names: dict[str, list[str]] = {}
        for host in hosts.values():
            own = [address for address in host.addresses if _is_number(address)]
            shared = [own] if host.machines == 1 else [[one] for one in own[: host.machines]]
            addresses[host.name] = [list(found) or [next(spare)] for found in shared]
            addresses[host.name] += [[next(spare)] for _ in range(host.machines - len(shared))]
            short = host.name.rpartition("/")[2]
            names[addresses[host.name][0][0]] = [short, *(one for one in host.addresses if not _is_number(one))]
        strangers = sorted(self._strangers({name for all_ in names.values() for name in all_}, addresses))
        if strangers:
            home = [address for address in strangers if _is_number(address)] or [next(spare)]
            addresses["elsewhere"] = [home]
            names[home[0]] = ["elsewhere", *(one for one in strangers if not _is_number(one))]
        machines = {host: [wire.machine(host, one, names) for one in of_host] for host, of_host in addresses.items()}
        for name, of_name in machines.items():
            for machine in of_name:
                self._copy_files(name, machine)
        if strangers:
            self._start_elsewhere(machines["elsewhere"][0])
        return machines

    def _strangers(self, names: set[str], addresses: Mapping[str, Sequence[Sequence[str]]]) -> Iterator[str]:
        """Hosts that files name and that no files are of."""
        known = names | {one for of_host in addresses.values() for all_ in of_host for one in all_}
        entries = [entry.parameter("host") for one in self.deployment.poolers for entry in one.bouncer.databases]
        wanted = {name for told in entries if told is not None for name in (told.value or "").split(",")}
        wanted |= {dsn.host for pool in self.deployment.pools for dsn in said_by(pool).dsns}
        for name in wanted - known:
            if not is_socket(name) and not is_loopback(name) and name.partition(".")[0] not in known:
                yield name

    def _copy_files(self, host: str, machine: Machine) -> None:
        for prefix in {_prefix(reading) for reading in self._readings(host)}:
            for path, text in self._files.items():
                if path.startswith(prefix) and not path.endswith("/"):
                    target = machine.folder / path[len(prefix) :].lstrip("/")
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(text.encode())
        cage.give(machine.folder / "etc")

    def _readings(self, host: str) -> Iterator[Reading]:
        yield from (one.postgres.reading for one in self.deployment.instances if one.host.name == host)
        yield from (one.bouncer.reading for one in self.deployment.poolers if one.host.name == host)
        yield from (one.fpm.reading for one in self.deployment.masters if one.host.name == host)
        yield from (one.nginx.reading for one in self.deployment.web_servers if one.host.name == host)

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
            _server(instance), _data(machine, instance), self._folder.parent, self._roles, self._databases, self.secret
        )

    def _copy_cluster(self, machine: Machine, instance: Instance, primary: Instance) -> None:
        """A copy of the primary as initdb left it."""
        data = _data(machine, instance)
        shutil.copytree(_data(self._machines[primary.host.name][0], primary), data, symlinks=True)
        (data / "standby.signal").touch()
        cage.give(data)

    def _back_up_cluster(self, machine: Machine, instance: Instance, primary: Instance) -> None:
        """A base backup, with the primary's own settings in it, taken before any standby connects, for it takes a WAL
        sender as well."""
        data = _data(machine, instance)
        address = self._machines[primary.host.name][0].addresses[0]
        source = ["-h", address, "-p", str(port(primary)), "-U", "postgres"]
        words = [f"{_server(instance).bin}/pg_basebackup", *source, "-D", str(data), "-X", "fetch", "-c", "fast"]
        subprocess.run(machine.within(words), env=cage.ENVIRONMENT, cwd=machine.folder, check=True, capture_output=True)
        (data / "standby.signal").touch()
        cage.give(data)

    def _start_postgres(self, machine: Machine, instance: Instance) -> None:
        server, data = _server(instance), _data(machine, instance)
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
        make_cluster(server, data, self._folder.parent, self._roles, self._databases, self.secret)
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
            users = "".join(f'"{role}" "{self.secret}"\n' for role in sorted(self._roles))
            (machine.folder / "userlist.txt").write_text(users)
        if added and reading.anchor is not None:
            place = machine.folder / reading.anchor.path[len(_prefix(reading.reading)) :].lstrip("/")
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
        named = [self._listen(machine, pool.setting("listen").value) for pool in master.fpm.pools]

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
        number = 1 + sum(one.partition("#")[0] == name for one in self._logs)
        name = name if number == 1 else f"{name}#{number}"
        log = self._logs[name] = machine.folder / f"{name.replace('/', '-')}.log"
        process = self._stack.enter_context(
            cage.running(machine.within(words), cage.ENVIRONMENT, log, machine.folder, end)
        )
        came = cage.until(lambda: process.poll() is not None or ready(log.read_text(errors="replace")), 30)
        if process.poll() is not None or not came:
            self.down[name] = log.read_text(errors="replace").strip() or "it said nothing"

    def _path(self, machine: Machine, reading: Reading) -> str:
        """The path of a reading's main file on its machine; outside of /etc it lies in the machine's folder."""
        path = reading.main.path
        return path if path.startswith("/etc/") else f"{machine.folder}{path}"

    def _listen(self, machine: Machine, listen: str | None) -> Address | None:
        if not listen:
            return None
        if listen.startswith("/"):
            return machine.outside(listen)
        host, _, number = listen.rpartition(":")
        return host if _is_number(host) else "127.0.0.1", int(number)

    def _calls(self, counts: Mapping[str, int] | None, common: Mapping[str, str]) -> Iterator[Callable[[], str]]:
        script = self._folder / "script.php"
        pools = {pool.name: pool for pool in self.deployment.pools}
        for name, pool in pools.items():
            number = pool.pool.setting("pm.max_children").number or 0
            number = number if counts is None else counts.get(name, 0)
            for machine in self._machines[pool.host.name]:
                address = self._listen(machine, pool.pool.setting("listen").value)
                assert address is not None, name
                said = {**self._target(pool), **common}
                call = partial(request, address, script, 60.0, said)
                for _ in range(number):
                    yield call if isinstance(address, Path) else partial(machine.from_here, call)

    def _target(self, pool: ClientPool) -> dict[str, str]:
        """Where a pool connects whose files don't say it: as the link that the configuration declares."""
        links: list[Link] = self.deployment.links.of(pool)
        said = {"DATABASE": "shop", "ROLE": "app", "SECRET": self.secret, "PERSISTENT": "", "ADDRESS": ""}
        if links:
            link = links[0]
            near = link.server.host.name == pool.host.name
            host = "127.0.0.1" if near else link.server.host.name.rpartition("/")[2]
            said["ADDRESS"] = f"host={host};port={port(link.server)}"
            said["DATABASE"] = link.database or said["DATABASE"]
            said["ROLE"] = link.user or said["ROLE"]
            said["PERSISTENT"] = "1" if link.persistent else ""
        return said


def _server(instance: Instance) -> Server:
    """The PostgreSQL of the instance's major, or the oldest at hand."""
    servers = found.postgres()
    major = str(instance.postgres.reading.version).partition(".")[0]
    return next((one for one in servers if one.major == major), servers[0])


def _data(machine: Machine, instance: Instance) -> Path:
    return machine.folder / f"data-{instance.name.rpartition('/')[2]}"


def _prefix(reading: Reading) -> str:
    """The part of a shown path that stands for the machine's root."""
    document = reading.main
    assert document.source.path.endswith(document.path.lstrip("/"))
    return document.source.path[: len(document.source.path) - len(document.path.lstrip("/"))]


def _by_database(reading: Reading) -> list[tuple[str, list[str]]]:
    """The statements of scripts, with the database that psql is connected to."""
    found: list[tuple[str, list[str]]] = [("postgres", [])]
    for document in reading.documents:
        for node in document.nodes:
            if isinstance(node, Statement):
                text = document.source.text[node.first : node.last]
                if node.kind == "sql":
                    found[-1][1].append(text)
                elif text.startswith("\\connect "):
                    found.append((text.split()[1], []))
    return found


def _is_number(address: str) -> bool:
    return re.fullmatch(r"[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:.]*", address) is not None


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
