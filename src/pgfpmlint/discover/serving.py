"""Which application a pool's workers run: what the pool's own lines lead to, else the only one that there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pgfpmlint.discover.found import Application
from pgfpmlint.finding.problem import Label
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.source import paths

if TYPE_CHECKING:
    from pgfpmlint.resolve.fpm import FpmPool
    from pgfpmlint.resolve.settings import Effective

PHP_PATHS = ("auto_prepend_file", "doc_root", "open_basedir", "include_path")

Key = tuple[str, str]
"""A pool: what tells its master from others, and its name there."""


class Serving(NamedTuple):
    """The ``application`` of a pool and the lines that say so, or ``why`` it can't be told."""

    application: Application | None
    evidence: tuple[Label, ...] = ()
    why: str = ""


def serve(masters: Sequence[tuple[str, str, Sequence[FpmPool]]], found: Sequence[Application]) -> Mapping[Key, Serving]:
    """``masters`` are names that tell them apart, prefixes of their roots, and their pools. Pools that nothing says
    anything of are left out."""
    told: dict[Key, Serving] = {}
    left: dict[str, list[tuple[Key, FpmPool]]] = {}
    by_prefix: dict[str, list[Application]] = {}
    for application in found:
        by_prefix.setdefault(application.prefix, []).append(application)
    for master, prefix, pools in masters:
        for pool in pools:
            serving = _told(pool, by_prefix.get(prefix, []))
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
        fitting = [one for one in applications if f"{path}/".startswith(f"{one.files.folder.rstrip('/')}/")]
        fitting.sort(key=lambda one: len(one.files.folder))
        below = [one for one in applications if one.files.folder.startswith(f"{path}/")]
        chosen = fitting[-1] if fitting else below[0] if len(below) == 1 else None
        if chosen is not None and entry.place is not None:
            words = f"the workers run the application in {chosen.shown or 'this folder'}"
            return Serving(chosen, (Label(entry.place, words),))
    return None


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
