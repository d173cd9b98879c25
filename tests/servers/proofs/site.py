"""An example's files at work: every host is a machine, and every server of it runs with the example's own files.

Which servers there are and where they lie is what the linter makes of the files; what happens then is theirs to say.
Only what an example leaves open is filled in: data directories, accounts, databases, a certificate.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

from pgfpmlint.model.address import port
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import ClientPool
from pgfpmlint.resolve.settings import Reading
from pgfpmlint.syntax.document import Statement
from servers import cage
from servers.fastcgi import request
from servers.proofs.daemons import Daemons, data_directory, listening
from servers.proofs.machine import Machine
from servers.proofs.plugged import plug_in
from servers.proofs.scripts import HOLD
from servers.wire import Session, open_session
from trees import deployment_of

WATCHED = 2.0
"""Seconds in which one more would come if there were room for it."""


class Site:
    """``machines`` by host: as many as the configuration counts. ``down`` holds the last words of servers that did not
    start, ``served`` how many of those last asked had their answer, a connection or none, before all let go of theirs.
    ``secret`` is everybody's password."""

    def __init__(self, files: Mapping[str, str], folder: Path, stack: contextlib.ExitStack, secret: str = "") -> None:
        self.deployment: Deployment = deployment_of(files)
        self.secret = secret
        self.served = 0
        self._folder = folder
        self._machines = plug_in(self.deployment, files, folder, stack)
        self._daemons = Daemons(self.deployment, files, self._machines, folder, stack, secret)
        self._daemons.start()
        self.down = self._daemons.down

    def ask(self, pool: str, script: str = HOLD, count: int = 1, more: Mapping[str, str] | None = None) -> list[str]:
        """What ``count`` requests answer, sent at once to each machine that runs the pool."""
        return self.ask_together({pool: count}, script, more=more)

    def ask_together(
        self,
        counts: Mapping[str, int] | None = None,
        script: str = HOLD,
        *,
        more: Mapping[str, str] | None = None,
        enough: int | Callable[[], bool] | None = None,
        in_turn: bool = False,
    ) -> list[str]:
        """What all workers of all machines answer when all are asked at once, or so many of each pool's as ``counts``
        says. Those that run `HOLD` keep what they got until each has its answer, or that is ``enough``: so many have
        theirs, and `WATCHED` seconds later no more; or what was to be seen is seen.

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
                    assert cage.until(all_arrived, pause=0.002)
                answers.append(threads.submit(call))
            seen = partial(self._has_served, enough) if isinstance(enough, int) else enough
            cage.until(lambda: all_arrived() or all(one.done() for one in answers) or bool(seen and seen()), pause=0.02)
            if isinstance(enough, int):
                cage.until(lambda: all_arrived() or self._has_served(enough + 1), WATCHED, 0.02)
            self.served = len(arrivals.read_text())
            release.touch()
            return [answer.result() for answer in answers]

    def _has_served(self, count: int) -> bool:
        return len((self._folder / "arrivals").read_text()) >= count

    def session(
        self, instance: str, database: str = "postgres", user: str = "postgres"
    ) -> contextlib.AbstractContextManager[Session]:
        """One through the socket, the superuser's where nobody else is named."""
        node = next(one for one in self.deployment.instances if one.name == instance)
        machine = self._machines[node.host.name][0]
        number = port(node) or 5432
        folder = (data_directory(machine, node) / "postmaster.pid").read_text().splitlines()[4]
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
        return list(self._daemons.logs)

    def log(self, server: str) -> str:
        """What that server said, with ``#2`` behind its name for the second machine of its host."""
        return self._daemons.logs[server].read_text(errors="replace")

    def machine(self, host: str, number: int = 0) -> Machine:
        return self._machines[host][number]

    def _calls(self, counts: Mapping[str, int] | None, common: Mapping[str, str]) -> Iterator[Callable[[], str]]:
        script = self._folder / "script.php"
        pools = {pool.name: pool for pool in self.deployment.pools}
        for name, pool in pools.items():
            number = pool.pool.setting("pm.max_children").number or 0
            number = number if counts is None else counts.get(name, 0)
            for machine in self._machines[pool.host.name]:
                address = listening(machine, pool.pool.setting("listen").value)
                assert address is not None, name
                said = {**self._target(pool), **common}
                call = partial(request, address, script, 2 * cage.PATIENCE, said)
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
