"""Which application a pool's workers run: what the pool's own lines lead to, else the folder that nginx asks it for,
else the only one that there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pgfpmlint.discover.found import Application
from pgfpmlint.finding.problem import Label
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.source import paths

if TYPE_CHECKING:
    from pgfpmlint.resolve.fpm import FpmPool
    from pgfpmlint.resolve.nginx import Address, Passing
    from pgfpmlint.resolve.settings import Effective
    from pgfpmlint.resolve.workers import WorkersReading

PHP_PATHS = ("auto_prepend_file", "doc_root", "open_basedir", "include_path")

LARAVEL = "laravel"

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

Key = tuple[str, str]
"""A pool: what tells its master from others, and its name there."""


class Serving(NamedTuple):
    """The ``application`` of a pool and the lines that say so, or ``why`` it can't be told."""

    application: Application | None
    evidence: tuple[Label, ...] = ()
    why: str = ""


def serve(
    masters: Sequence[tuple[str, str, Sequence[FpmPool]]],
    found: Sequence[Application],
    passed: Sequence[tuple[str, Passing]] = (),
) -> Mapping[Key, Serving]:
    """``masters`` are names that tell them apart, prefixes of their roots, and their pools; ``passed`` is what an nginx
    passes on, with the prefix of its root. Pools that nothing says anything of are left out."""
    told: dict[Key, Serving] = {}
    left: dict[str, list[tuple[Key, FpmPool]]] = {}
    by_prefix: dict[str, list[Application]] = {}
    for application in found:
        by_prefix.setdefault(application.prefix, []).append(application)
    fronts = _fronts(masters, passed)
    for master, prefix, pools in masters:
        for pool in pools:
            own = by_prefix.get(prefix, [])
            serving = _told(pool, own) or (_asked(pool, own, fronts[prefix]) if own and prefix in fronts else None)
            if serving is not None:
                told[master, pool.name] = serving
            else:
                left.setdefault(prefix, []).append(((master, pool.name), pool))
    taken = {(one.application.prefix, one.application.files.folder) for one in told.values() if one.application}
    total = sum(len(pools) for _, _, pools in masters)
    for prefix, waiting in left.items():
        own = by_prefix.get(prefix, [])
        if not own and len(found) == 1 and total == 1:
            own = list(found)
        free = [one for one in own if (one.prefix, one.files.folder) not in taken]
        if len(own) == 1 and len(waiting) == 1 and free:
            key, pool = waiting[0]
            told[key] = Serving(own[0], _only(pool, own[0]))
        elif free:
            listed = ", ".join(sorted(one.shown or "." for one in free)[:3])
            for key, _ in waiting:
                told[key] = Serving(None, (), f"nothing says whether it serves the application in {listed}")
    return told


def _told(pool: FpmPool, applications: Sequence[Application]) -> Serving | None:
    for entry, path in _paths(pool) if applications else ():
        chosen = at(path, applications)
        if chosen is not None and entry.place is not None:
            words = f"the workers run the application in {chosen.shown or 'this folder'}"
            return Serving(chosen, (Label(entry.place, words),))
    return None


def at(path: str, applications: Sequence[Application]) -> Application | None:
    """The application that the path lies in, or the only one below it."""
    fitting = [one for one in applications if f"{path}/".startswith(f"{one.files.folder.rstrip('/')}/")]
    fitting.sort(key=lambda one: len(one.files.folder))
    below = [one for one in applications if one.files.folder.startswith(f"{path}/")]
    return fitting[-1] if fitting else below[0] if len(below) == 1 else None


def run_by(workers: WorkersReading, prefix: str, applications: Sequence[Application]) -> Serving | None:
    """The application that processes of the machine at ``prefix`` run: the one in their folder. A path inside a
    container is none of the tree; there it is the only one that there is."""
    if not workers.folder:
        return None
    own = [one for one in applications if one.prefix == prefix]
    chosen, words = at(workers.folder, own), ""
    if chosen is None and len(applications) == 1 and workers.framework:
        chosen, words = applications[0], ", the only one here"
    if chosen is None or (workers.framework and not _is_of(workers.framework, chosen)):
        return None
    said = f"{workers.service} runs the application in {chosen.shown or 'this folder'}{words}"
    return Serving(chosen, (Label(workers.place, said),))


def _is_of(framework: str, application: Application) -> bool:
    files = application.files
    return bool(files.laravel or files.cached or files.envs) if framework == LARAVEL else not files.laravel


class _Front(NamedTuple):
    """What nginx passes on at one machine, and where its pools listen."""

    passed: list[Passing]
    listens: list[str]


def _fronts(
    masters: Sequence[tuple[str, str, Sequence[FpmPool]]], passed: Sequence[tuple[str, Passing]]
) -> Mapping[str, _Front]:
    """By the prefixes of machines."""
    fronts: dict[str, _Front] = {}
    for prefix, passing in passed:
        if passing.scripts is not None:
            fronts.setdefault(prefix, _Front([], [])).passed.append(passing)
    for _, prefix, pools in masters:
        if prefix in fronts:
            fronts[prefix].listens.extend(pool.setting("listen").value or "" for pool in pools)
    return fronts


def _asked(pool: FpmPool, applications: Sequence[Application], front: _Front) -> Serving | None:
    """What nginx asks the pool for, where no other pool of the machine listens there."""
    own = pool.setting("listen").value or ""
    asked: dict[str, tuple[Application, Passing]] = {}
    for passing in front.passed:
        reached = [listen for address in passing.addresses or () for listen in front.listens if _meets(address, listen)]
        chosen = at(passing.scripts.text, applications) if passing.scripts is not None and reached == [own] else None
        if chosen is not None:
            asked.setdefault(chosen.files.folder, (chosen, passing))
    if len(asked) > 1:
        listed = " and ".join(one.shown or "." for one, _ in list(asked.values())[:3])
        return Serving(None, (), f"nginx asks it for the applications in {listed}")
    for chosen, passing in asked.values():
        if passing.scripts is not None:
            words = f"nginx asks for the application in {chosen.shown or 'this folder'}"
            return Serving(chosen, (Label(passing.scripts.place, words), Label(passing.place, "and passes it on here")))
    return None


def _meets(address: Address, listen: str) -> bool:
    """Whether a pool of the same machine that listens there is reached."""
    if address.socket is not None:
        return paths.plain(address.socket) == paths.plain(listen)
    if address.host_port is None or listen.startswith("/"):
        return False
    host, port = address.host_port
    return host in LOOPBACK and listen.rpartition(":")[2] == str(port)


def _paths(pool: FpmPool) -> Iterator[tuple[Effective, str]]:
    """The machine paths that the pool's own lines name, the most telling first."""
    chroot = pool.setting("chroot").value or ""
    folder = pool.setting("chdir")
    entries = [folder] if folder.is_written else []
    for array in ("php_admin_value", "php_value"):
        entries += [entry for name in PHP_PATHS if (entry := pool.entry(array, name)) is not None]
    entries += list(pool.arrays.get("env", {}).values())
    if chroot and pool.setting("chroot").is_written:
        entries.append(pool.setting("chroot"))
        folder_inside = folder.value if folder.is_written and folder.value else "/"
        yield entries[-1], paths.normal(f"{chroot}/{folder_inside}")
    for entry in entries:
        for one in (entry.value or "").split(":"):
            if one.startswith("/") and one.strip("/"):
                yield entry, paths.normal(one).rstrip("/")


def _only(pool: FpmPool, application: Application) -> tuple[Label, ...]:
    words = f"the only pool here, so the application in {application.shown or 'this folder'} is taken to be its own"
    return (Label(pool.sections[0], words),) if pool.sections else ()
