"""How many processes and threads Apache httpd runs at most, and what it says where it lowers what is written.

The numbers and the words are those of each MPM's ``check_config()`` in 2.4, as ``apache2 -t`` prints them:
https://github.com/apache/httpd/tree/2.4.x/server/mpm
"""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.finding.problem import Label, Problem
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.apache.config import Config, Line
from pgfpmlint.resolve.workers import Factor
from pgfpmlint.source.text import Place

PREFORK, THREADED = "prefork", ("event", "worker")
MOST_SERVERS = {PREFORK: 200_000, "event": 20_000, "worker": 20_000}
MOST_THREADS = {"event": 100_000, "worker": 20_000}
SERVERS = {PREFORK: 256, "event": 16, "worker": 16}
THREADS, THREAD_LIMIT = 25, 64
LOWERED = "capacity/apache-runs-fewer-workers"


class Processes(NamedTuple):
    """``workers`` handle a request each, in ``servers`` processes of ``threads``. ``mpm`` is empty where nothing tells
    which one runs; a number is None where it can't be known. ``place`` is the line that says most about it."""

    mpm: str
    workers: int | None
    servers: int | None
    threads: int | None
    place: Place | None
    problems: tuple[Problem, ...] = ()

    def factor(self) -> Factor:
        """The processes, with how they come about."""
        if self.mpm == PREFORK:
            return Factor(self.servers, "MaxRequestWorkers", self.place)
        words = f"processes ({self.workers} MaxRequestWorkers / {self.threads} ThreadsPerChild)"
        return Factor(self.servers, words if self.servers else "processes", self.place, "MaxRequestWorkers")


class _Number(NamedTuple):
    value: int | None
    line: Line | None

    @property
    def place(self) -> Place | None:
        return self.line.place if self.line is not None else None


def mpm_of(config: Config, *, php: bool) -> str:
    """Of ``php`` loaded into Apache only prefork runs the builds that there are."""
    for name in config.modules:
        if name.startswith("mpm_"):
            return name.removeprefix("mpm_").removesuffix("_module")
    return PREFORK if php else ""


def processes(config: Config, mpm: str) -> Processes:
    """What Apache makes of MaxRequestWorkers and what limits it."""
    if mpm not in SERVERS:
        return Processes(mpm, None, None, None, None)
    limit = _bounded(_said(config, mpm, SERVERS[mpm], "ServerLimit"), MOST_SERVERS[mpm])
    if mpm == PREFORK:
        return _prefork(config, limit)
    most = _bounded(_said(config, mpm, THREAD_LIMIT, "ThreadLimit"), MOST_THREADS[mpm])
    threads = _said(config, mpm, THREADS, "ThreadsPerChild")
    if None in (limit.value, most.value, threads.value):
        return Processes(mpm, None, None, None, threads.place)
    each = max(1, min(threads.value or 0, most.value or 0))
    servers = limit.value or 0
    wanted = _said(config, mpm, SERVERS[mpm] * THREADS, "MaxRequestWorkers", "MaxClients")
    if wanted.value is None:
        return Processes(mpm, None, None, each, wanted.place)
    found = list(_lowered_threads(threads, most))
    workers = max(wanted.value, each)
    active = workers // each
    if active > servers:
        says = (
            f"MaxRequestWorkers of {workers // each * each} would require {active} servers and would exceed "
            f"ServerLimit of {servers}, decreasing to {servers * each}"
        )
        found += _problem(wanted, says, servers * each, ("ServerLimit", servers, active), limit)
        active = servers
    place = wanted.place or threads.place or limit.place
    return Processes(mpm, active * each, active, each, place, tuple(found))


def _prefork(config: Config, limit: _Number) -> Processes:
    wanted = _said(config, PREFORK, SERVERS[PREFORK], "MaxRequestWorkers", "MaxClients")
    if wanted.value is None or limit.value is None:
        return Processes(PREFORK, None, None, 1, wanted.place)
    most, found = max(1, wanted.value), []
    if most > limit.value:
        says = (
            f"MaxRequestWorkers of {most} exceeds ServerLimit value of {limit.value} servers, "
            f"decreasing MaxRequestWorkers to {limit.value}"
        )
        found = list(_problem(wanted, says, limit.value, ("ServerLimit", limit.value, most), limit))
        most = limit.value
    return Processes(PREFORK, most, most, 1, wanted.place or limit.place, tuple(found))


def _lowered_threads(threads: _Number, most: _Number) -> Iterator[Problem]:
    if (threads.value or 0) > (most.value or 0):
        limit, wanted = most.value or 0, threads.value or 0
        says = f"ThreadsPerChild of {wanted} exceeds ThreadLimit of {limit} threads, decreasing to {limit}"
        yield from _problem(threads, says, limit, ("ThreadLimit", limit, wanted), most)


def _problem(wanted: _Number, says: str, left: int, bound: tuple[str, int, int], limit: _Number) -> Iterator[Problem]:
    """Only what somebody wrote is an objection."""
    if wanted.line is None:
        return
    name, have, fitting = bound
    related = (Label(limit.place, f"{name} {have}"),) if limit.place is not None else ()
    values = {
        "name": wanted.line.place.text.split()[0],
        "wanted": wanted.value,
        "left": left,
        "limit": f"{name} = {have}{'' if limit.line is not None else ' by default'}",
        "fitting": f"{name} {fitting}",
    }
    yield Problem(LOWERED, wanted.line.place, says, refuses=False, values=values, related=related)


def _bounded(said: _Number, most: int) -> _Number:
    return said if said.value is None else said._replace(value=min(max(1, said.value), most))


def _said(config: Config, mpm: str, default: int, *names: str) -> _Number:
    """The last line of the main server that counts with this MPM."""
    wanted = [name.lower() for name in names]
    lines = [one for one in config.lines if one.name in wanted and not one.server and _counts(one, mpm)]
    if not lines:
        return _Number(None if config.open and not config.whole else default, None)
    return _Number(lines[-1].number, lines[-1])


def _counts(line: Line, mpm: str) -> bool:
    """Whether the modules that it depends on, and nobody loads here, are this MPM or nothing to do with one."""
    others = [one for one in line.doubts if any(name in one for name in SERVERS)]
    return all(mpm in one and not one.startswith("!") for one in others)
