"""Pools of mod_dbd: each server process has one for the main server and for every virtual host that differs from it.

Measured on Apache 2.4 with PostgreSQL 15: a pool opens DBDMin connections as a process starts and never more than
DBDMax, nor than there are threads; a process of prefork, which has one thread, keeps the DBDMin. With DBDPersist Off
every thread that asks has a connection of its own until its request ends. Where DBDMin <= DBDKeep <= DBDMax does not
hold, no process has any connection ("AH00633: failed to initialise").
https://httpd.apache.org/docs/2.4/mod/mod_dbd.html
"""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.finding.problem import Label, Problem
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.apache.config import Config, Line
from pgfpmlint.resolve.apache.processes import PREFORK, Processes
from pgfpmlint.resolve.connection import Connection, Connections, Word, of_string
from pgfpmlint.resolve.workers import Factor, WorkersReading
from pgfpmlint.source.text import Place

NAMES = ("dbdriver", "dbdparams", "dbdmin", "dbdkeep", "dbdmax", "dbdexptime", "dbdpersist")
DEFAULTS = {"dbdmin": 1, "dbdkeep": 2, "dbdmax": 10}
SPELT = {"dbdmin": "DBDMin", "dbdkeep": "DBDKeep", "dbdmax": "DBDMax"}
KIND = "mod_dbd"
REFUSED, UNPOOLED = "capacity/dbd-pool-never-opens", "pooling/dbd-connects-for-each-request"


class Pool(NamedTuple):
    """The lines that make one pool, by the lower-case name of their directive."""

    server: int
    lines: dict[str, Line]

    def size(self, name: str) -> int | None:
        line = self.lines.get(name)
        return DEFAULTS[name] if line is None else line.number

    @property
    def persists(self) -> bool:
        line = self.lines.get("dbdpersist")
        return line is None or line.first.lower() not in ("off", "0")


def pools(config: Config) -> list[Pool]:
    """Of PostgreSQL. Servers whose lines come to the same share one."""
    found: dict[tuple[tuple[str, ...], ...], Pool] = {}
    for server in range(len(config.hosts) + 1):
        lines = {name: line for name in NAMES if (line := config.last(name, server)) is not None}
        driver = lines.get("dbdriver")
        if driver is not None and driver.first.lower() == "pgsql":
            found.setdefault(tuple((name, *line.words) for name, line in lines.items()), Pool(server, lines))
    return list(found.values())


def workers(config: Config, run: Processes, pool: Pool) -> WorkersReading | None:
    """The pool of all processes; None where none of them has a connection."""
    if any(one.rule == REFUSED for one in problems([pool])):
        return None
    driver = pool.lines["dbdriver"]
    name = _name(config, pool.server)
    each = _each(run, pool)
    return WorkersReading(
        KIND,
        f"apache{f'-{name}' if name else ''}-dbd",
        driver.place,
        (run.factor(),),
        (each,),
        _connections(pool),
    )


def _each(run: Processes, pool: Pool) -> Factor:
    most, least = pool.lines.get("dbdmax"), pool.lines.get("dbdmin")
    size, held = pool.size("dbdmax"), pool.size("dbdmin")
    if run.mpm == PREFORK:
        if not pool.persists or held is None:
            return Factor(None if held is None else 1, "connection of a process", _place(pool, "dbdpersist"))
        return Factor(max(1, held), "DBDMin", least.place if least is not None else None)
    if run.threads is None:
        return Factor(size if pool.persists else None, "DBDMax", most.place if most is not None else None)
    if not pool.persists:
        return Factor(run.threads, "ThreadsPerChild with DBDPersist Off", _place(pool, "dbdpersist"))
    if size is None or held is None:
        return Factor(None, "DBDMax", most.place if most is not None else None)
    if size > max(run.threads, held):
        return Factor(max(run.threads, held), "threads", run.place)
    return Factor(size, "DBDMax", most.place if most is not None else None)


def _place(pool: Pool, name: str) -> Place | None:
    line = pool.lines.get(name)
    return line.place if line is not None else None


def _connections(pool: Pool) -> Connections:
    """What libpq makes of DBDParams (https://www.postgresql.org/docs/current/libpq-connect.html)."""
    said = pool.lines.get("dbdparams")
    if said is None:
        return Connections((Connection(pool.lines["dbdriver"].place),))
    if "${" in said.first:
        return Connections(unclear=(Label(said.place, "the variable in DBDParams is set nowhere here"),))
    found = of_string(Word(said.first, said.place, "DBDParams"))
    if found is None:
        return Connections(unclear=(Label(said.place, "DBDParams can't be read"),))
    return Connections((found,))


def problems(found: list[Pool]) -> Iterator[Problem]:
    """Pools that mod_dbd refuses to make in any process."""
    for pool in found:
        yield from _unpooled(pool)
        sizes = {name: pool.size(name) for name in DEFAULTS}
        low, keep, most = (sizes[name] for name in ("dbdmin", "dbdkeep", "dbdmax"))
        if None in (low, keep, most) or not pool.persists:
            continue
        if (most or 0) == 0 or not (0 <= (low or 0) <= (keep or 0) <= (most or 0)):
            written = [pool.lines[name] for name in DEFAULTS if name in pool.lines]
            if not written:
                continue
            at, *others = sorted(written, key=lambda line: line.name != "dbdmax")
            shown = ", ".join(
                f"{SPELT[name]} {number}{'' if name in pool.lines else ' by default'}" for name, number in sizes.items()
            )
            related = tuple(Label(line.place, "does not fit") for line in others)
            says = "failed to initialise"
            values = {"sizes": shown, "fitting": max(low or 0, min(2, most or 1))}
            yield Problem(REFUSED, at.place, says, refuses=False, values=values, related=related)


def _unpooled(pool: Pool) -> Iterator[Problem]:
    line = pool.lines.get("dbdpersist")
    if line is not None and not pool.persists:
        says = "connects for each request"
        yield Problem(UNPOOLED, line.place, says, refuses=False, values={"value": line.first})


def _name(config: Config, server: int) -> str:
    if not server:
        return ""
    said = config.last("servername", server)
    return said.first.partition(":")[0] if said is not None and said.server == server else f"host-{server}"
