"""Whose machine a file belongs to.

A host root is a folder that stands for one machine's ``/``: declared under ``hosts:`` or with ``--root``, or any folder
that holds an ``etc/``, named after it. Files outside of any belong to a host named after their folder, less what such
folders are called everywhere (``roles/web/files/pool.d`` is ``roles/web``); those hosts share the tree as their root,
so that relative includes work.

Paths in this room are absolute and without a slash at their end; a tree in memory counts as if it were all of ``/``.
"""

from __future__ import annotations

from collections.abc import Iterable

from pgfpmlint.config import Config
from pgfpmlint.discover.found import Host
from pgfpmlint.discover.names import POOL_FOLDERS, is_ours
from pgfpmlint.source import paths
from pgfpmlint.source.text import Place
from pgfpmlint.source.tree import Entry, Root, Tree

LOCALHOST = "localhost"

# What the root folder of a machine holds (https://refspecs.linuxfoundation.org/FHS_3.0/fhs-3.0.html), and what people
# put there for databases. A repository that has an etc/ next to, say, docker/ is not one machine.
TOP_LEVEL = frozenset({
    "bin", "boot", "data", "dev", "docker-entrypoint-initdb.d", "etc", "home", "lib", "media", "mnt", "opt", "pgdata",
    "root", "run", "sbin", "srv", "sys", "tmp", "usr", "var",
})  # fmt: skip

# An etc/ in one of these is the machine's second one: FreeBSD and Docker images, pkgsrc, Homebrew, MacPorts.
SECOND = ("/usr/local", "/usr/pkg", "/usr", "/opt/homebrew", "/opt/local")

# Where databases keep their configuration on machines that have none of it below etc/.
DATA = ("/var/lib/pgsql/", "/var/lib/postgresql/", "/var/db/postgres/")

STRUCTURAL = POOL_FOLDERS | {
    "assets", "conf", "conf.d", "config", "configs", "configuration", "data", "etc", "files", "fpm", "main", "rootfs",
    "templates",
}  # fmt: skip


class Machines:
    """The hosts of one tree whose files are ``entries``. ``root`` is what ``--root`` says."""

    def __init__(self, tree: Tree, entries: Iterable[Entry], config: Config, root: str | None = None) -> None:
        self._tree = tree
        self._bases = {self._full(base) for base in tree.bases}
        self._declared: dict[str, tuple[str, Place | None]] = {}
        for host in config.hosts:
            if host.root is not None:
                self._declared[self._full(host.root)] = (host.name, host.place)
        if root is not None:
            prefix = self._full(root)
            self._declared.setdefault(prefix, (_short_name(self._shown(prefix)), None))
        self._names = self._named(self._inferred(entries))
        self._taken = {name for name, _ in self._declared.values()} | set(self._names.values())
        self._hosts: dict[tuple[str, str], Host] = {}
        self._roots: dict[str, Root] = {}

    def of(self, shown: str) -> tuple[Host, str]:
        """The host of a file and the machine's own path of it."""
        full = self._full(shown)
        above = _above(full)
        prefix = next((one for one in above if one in self._declared), None)
        if prefix is not None:
            name, place = self._declared[prefix]
            return self._host(name, prefix, place), full[len(prefix) :]
        prefix = next((one for one in above if one in self._names and self._claims(one, full)), None)
        if prefix is not None:
            return self._host(self._names[prefix], prefix), full[len(prefix) :]
        at = max(full.rfind(marker) for marker in DATA)
        if at >= 0:
            return self._host(_short_name(self._shown(full[:at])), full[:at]), full[at:]
        return self._of_folder(full, above, relative=not shown.startswith("/"))

    def _of_folder(self, full: str, above: list[str], *, relative: bool) -> tuple[Host, str]:
        """The host that nothing tells but the folder that the file lies in."""
        prefix = self._full("") if relative else next((one for one in above if one in self._bases), "")
        known = prefix if relative or len(self._bases) == 1 else paths.folder(prefix).rstrip("/")
        name = _name(paths.folder(full[len(known) :]))
        if name in self._taken and name != LOCALHOST:
            name = f"./{name}"
        return self._host(name, prefix), full[len(prefix) :]

    def _host(self, name: str, prefix: str, place: Place | None = None) -> Host:
        key = (name, prefix)
        if key not in self._hosts:
            shown = self._shown(prefix)
            if prefix not in self._roots:
                complete = not prefix and bool(self._tree.where)
                self._roots[prefix] = self._tree.root(name, shown, complete=complete)
            self._hosts[key] = Host(name, shown, self._roots[prefix], place)
        return self._hosts[key]

    def _inferred(self, entries: Iterable[Entry]) -> list[str]:
        """The host roots that every etc/ in a path tells."""
        found = {above for base in self._bases if (above := _outside(base)) is not None}
        for entry in entries:
            if "etc/" in entry.path:
                full = self._full(entry.path)
                at = full.rfind("/etc/")
                base = next((one for one in _above(full) if one in self._bases), "") if entry.path[0] == "/" else ""
                if at >= len(base or self._full("")):
                    found.add(full[:at])
        second = {prefix: next((one for one in SECOND if prefix.endswith(one)), "") for prefix in found}
        return sorted({prefix.removesuffix(one) for prefix, one in second.items()})

    def _named(self, prefixes: list[str]) -> dict[str, str]:
        """Each root's name: its own folder's, or as much of its path as it takes to tell it from all others."""
        names: dict[str, str] = {}
        declared = {name for name, _ in self._declared.values()}
        for naming in (_short_name, _name, str, "./{}".format):
            wanted = {prefix: naming(self._shown(prefix)) or LOCALHOST for prefix in prefixes if prefix not in names}
            times: dict[str, int] = {}
            for name in (*wanted.values(), *names.values(), *declared):
                times[name] = times.get(name, 0) + 1
            names.update({prefix: name for prefix, name in wanted.items() if times[name] == 1})
        return names

    def _claims(self, prefix: str, full: str) -> bool:
        if prefix not in self._bases or (not prefix and self._tree.where):
            return True
        return full[len(prefix) + 1 :].partition("/")[0] in TOP_LEVEL

    def _full(self, shown: str) -> str:
        return paths.join(self._tree.where or "/", shown).rstrip("/")

    def _shown(self, full: str) -> str:
        return paths.shown(full or "/", self._tree.where)


def _above(full: str) -> list[str]:
    """The folders that hold a file, innermost first; ``""`` is ``/``."""
    found = []
    at = full.rfind("/")
    while at >= 0:
        found.append(full[:at])
        at = full.rfind("/", 0, at)
    return found


def _outside(base: str) -> str | None:
    """The host root when the tree lies inside one's etc/: ``cd /etc/php/8.3/fpm``, ``check backup/web/etc/pgbouncer``.

    Other folders are called etc, too, hence the look at what comes below it.
    """
    at = f"{base}/".rfind("/etc/")
    rest = base[at + 5 :].partition("/")[0]
    return base[:at] if at >= 0 and (at == 0 or not rest or rest == "opt" or is_ours(rest)) else None


def _short_name(path: str) -> str:
    return _name(path).rpartition("/")[2]


def _name(path: str) -> str:
    """The name of a host whose files lie in ``path``: its folders, less those at the end that tell nothing."""
    folders = [folder for folder in path.split("/") if folder]
    while folders and (folders[-1] in STRUCTURAL or folders[-1].replace(".", "").isdigit()):
        del folders[-1]
    return "/".join(folders) or LOCALHOST
