"""Apache httpd as a client of PostgreSQL: PHP inside of its processes (prefork with mod_php), and mod_dbd's pools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.problem import Problem
from pgfpmlint.formats.apache_conf import KIND
from pgfpmlint.resolve.apache import dbd
from pgfpmlint.resolve.apache.config import MAIN, Config, Line
from pgfpmlint.resolve.apache.front import front
from pgfpmlint.resolve.apache.processes import PREFORK, Processes, mpm_of, processes
from pgfpmlint.resolve.nginx import NginxReading
from pgfpmlint.resolve.settings import Effective, Reading, Written
from pgfpmlint.resolve.workers import ClientReading, WorkersReading
from pgfpmlint.source import paths
from pgfpmlint.source.tree import Root, Unreadable
from pgfpmlint.syntax.document import Document

VERSION = ServerVersion(KIND, (), "")

TELLING = frozenset({
    *dbd.NAMES, "documentroot", "maxclients", "maxrequestworkers", "serverlimit", "setenv", "threadlimit",
    "balancermember", "proxypass", "proxypassmatch", "proxyset", "proxytimeout", "sethandler", "threadsperchild",
    "timeout",
})  # fmt: skip
"""Directives that the numbers and the addresses follow from."""


def read(root: Root, files: Sequence[str]) -> ClientReading | None:
    """``files`` are those of one machine: main files with all that they include. Where there is no main file, its parts
    one by one; beside one, what it does not include is not enabled."""
    configs: list[Config] = []
    known: set[str] = set()
    for path in sorted(files, key=lambda path: (paths.name(path) not in MAIN, path)):
        if path not in known and not any(one.whole for one in configs if paths.name(path) not in MAIN):
            try:
                config = Config(root, path)
            except Unreadable:
                continue
            known.update(config.documents)
            configs.append(config)
    documents: dict[str, Document] = {}
    workers: list[WorkersReading] = []
    problems: list[Problem] = []
    fronts: list[NginxReading] = []
    for config in configs:
        found = [] if config.broken else list(_workers(config, problems))
        before = None if config.broken else front(config)
        fronts += [before] if before is not None else []
        if found or before is not None or (config.whole and problems):
            telling = {one.place.source.path for one in config.lines if one.name in TELLING}
            documents |= {
                path: one for path, one in config.documents.items() if one.source.path in telling or path == config.main
            }
        workers += found
    if not documents:
        return None
    return ClientReading(
        Reading(KIND, VERSION, tuple(documents.values()), tuple(problems)), tuple(workers), tuple(fronts)
    )


def _workers(config: Config, problems: list[Problem]) -> Iterator[WorkersReading]:
    """What connects to PostgreSQL; to ``problems`` comes what Apache says of its own settings where anything does."""
    pools = dbd.pools(config) if config.has_module("mod_dbd.c") is not False else []
    php = next((place for name, place in config.modules.items() if name.startswith("php")), None)
    if not pools and php is None:
        return
    run = processes(config, mpm_of(config, php=php is not None))
    problems += [*run.problems, *dbd.problems(pools)]
    for pool in pools:
        found = dbd.workers(config, run, pool)
        if found is not None:
            yield found
    if php is not None and run.mpm == PREFORK:
        yield from _of_php(config, run)


def _of_php(config: Config, run: Processes) -> Iterator[WorkersReading]:
    """The processes once for each folder that they serve; whatever application it holds runs in all of them."""
    met: set[str] = set()
    for server in range(len(config.hosts) + 1):
        folder = config.last("documentroot", server)
        if folder is None or "${" in folder.first or folder.first in met:
            continue
        met.add(folder.first)
        name = paths.name(paths.normal(f"/{folder.first}")) if server else ""
        yield WorkersReading(
            KIND,
            f"apache{f'-{name}' if name else ''}",
            folder.place,
            (run.factor(),),
            environment=_environment(config, server),
            complete=True,
            folder=paths.normal(f"/{folder.first}"),
            php=True,
            shared="apache",
        )


def _environment(config: Config, server: int) -> Mapping[str, Effective]:
    """SetEnv, which PHP sees as the environment."""
    found: dict[str, Effective] = {}
    lines: list[Line] = [*config.of("SetEnv", 0), *(config.of("SetEnv", server) if server else ())]
    for line in lines:
        if line.words:
            value = line.words[1] if len(line.words) > 1 else ""
            found[line.first] = Effective(line.first, value, Written(line.place, line.place, value))
    return found
