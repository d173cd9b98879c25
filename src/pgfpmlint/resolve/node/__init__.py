"""Node.js applications that use PostgreSQL through ``pg``: what their code says of its pools.

Nothing is held against the files, and nothing of them is run: what only running them would tell is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.catalog.version import PHP, newest
from pgfpmlint.formats import javascript, parse
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.environment import Environment
from pgfpmlint.resolve.node.literal import Evaluator
from pgfpmlint.resolve.node.modules import Modules
from pgfpmlint.resolve.node.pools import VERSION, NodePool, pools
from pgfpmlint.resolve.node.programs import programs
from pgfpmlint.resolve.settings import Effective, Reading
from pgfpmlint.source import paths
from pgfpmlint.source.tree import Root

PACKAGE = "package.json"


class ProcessPool(NamedTuple):
    """A pool that each of ``processes`` has for itself. ``name`` is that of the module that makes it, and its own or
    the program's where there are several."""

    name: str
    pool: NodePool
    processes: Effective


class NodeReading(NamedTuple):
    """One application's pools."""

    reading: Reading
    pools: tuple[ProcessPool, ...]


def read(root: Root, folder: str, files: Sequence[str], envs: Sequence[str]) -> NodeReading:
    """The application whose package.json lies in ``folder``. ``files`` are those of its modules that may make pools,
    ``envs`` its .env files, the strongest last; all are machine paths. `Unreadable` without its package.json."""
    package = root.read(paths.join(folder, PACKAGE))
    # Nothing of what is read depends on a version.
    documents = [parse("env", root.read(path), path, newest(PHP)) for path in envs]
    modules = Modules(root)
    evaluator = Evaluator(modules, Environment(files=tuple(documents)))
    started = programs(modules, evaluator, folder, package)
    found: list[ProcessPool] = []
    for path in files:
        module = modules.at(path)
        own = list(pools(module, evaluator)) if module is not None else []
        loading = [program for program in started if module is not None and program.may_load(module)]
        stem = paths.name(path).partition(".")[0]
        for program in loading if own else ():
            suffix = f"-{program.name}" if len(loading) > 1 else ""
            for pool in own:
                name = f"{stem}.{pool.name}" if len(own) > 1 and pool.name else stem
                found.append(ProcessPool(f"{name}{suffix}", pool, program.instances))
        if own and loading and module is not None:
            documents.append(javascript.parse(module.code.source, path, VERSION))
    return NodeReading(Reading(javascript.KIND, VERSION, tuple(documents), ()), tuple(found))
