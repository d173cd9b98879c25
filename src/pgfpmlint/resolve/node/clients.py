"""Node.js applications as clients of PostgreSQL: each pool of each program is a group of processes."""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.finding.problem import Label, Problem
from pgfpmlint.resolve import node
from pgfpmlint.resolve.connection import Connections
from pgfpmlint.resolve.node import ProcessPool
from pgfpmlint.resolve.settings import Default, Effective
from pgfpmlint.resolve.workers import ClientReading, Factor, WorkersReading
from pgfpmlint.source import paths
from pgfpmlint.source.tree import Root

KIND = "node-postgres"

FOR_EACH_REQUEST = "pooling/pool-for-each-request"

ASIDE = frozenset({
    "__mocks__", "__tests__", "bench", "benchmark", "benchmarks", "build", "coverage", "cypress", "dist", "docs", "e2e",
    "example", "examples", "fixtures", "migrate", "migrations", "mocks", "out", "script", "scripts", "seed", "seeds",
    "spec", "test", "tests", "tools",
})  # fmt: skip
"""Folders of what no service runs, and of what compilers make."""

ASIDE_WORDS = frozenset({"bench", "migrate", "migration", "mock", "seed", "setup", "spec", "stories", "test"})
"""Words of names of such files: ``db.test.ts``."""


def read(root: Root, files: Sequence[str]) -> ClientReading | None:
    """``files`` are package.json and then modules below its folder; None where no program makes a pool."""
    package, *modules = files
    folder = paths.folder(package)
    kept = [path for path in modules if not is_aside(path[len(folder) :])]
    env = paths.join(folder, ".env")
    found = node.read(root, folder, kept, [env] if root.is_file(env) else [])
    if not found.pools:
        return None
    problems = tuple(
        Problem(
            FOR_EACH_REQUEST,
            one.pool.place,
            "",
            refuses=False,
            values={"max": one.pool.settings["max"].value or "?"},
            related=(Label(one.pool.handler, "is run for each request"),),
        )
        for one in found.pools
        if one.pool.handler is not None
    )
    return ClientReading(found.reading._replace(problems=problems), tuple(map(_workers, found.pools)))


def is_aside(path: str) -> bool:
    """Whether what lies there is a test, a script or made by a compiler; below the package's folder."""
    *folders, name = path.strip("/").split("/")
    return not ASIDE.isdisjoint(folders) or not ASIDE_WORDS.isdisjoint(name.replace("-", ".").split(".")[:-1])


def _workers(found: ProcessPool) -> WorkersReading:
    pool = found.pool
    connections = Connections((pool.connection,)) if pool.connection is not None else Connections()
    if pool.unclear is not None:
        connections = Connections(unclear=(pool.unclear,))
    processes = () if isinstance(found.processes.origin, Default) else (_factor(found.processes),)
    return WorkersReading(KIND, found.name, pool.place, processes, (_factor(pool.settings["max"]),), connections)


def _factor(setting: Effective) -> Factor:
    return Factor(setting.number, setting.name, setting.place)
