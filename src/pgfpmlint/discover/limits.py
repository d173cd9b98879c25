"""What the machine itself limits its servers with: units of systemd and their drop-ins, and the kernel's settings.

Looked for only on machines that run a server of ours, in the folders that systemd.unit(5) and sysctl.d(5) name.
Which unit starts a server is told from the server's place, as packages name them: ``postgresql@16-main`` is Debian's
for /etc/postgresql/16/main, ``postgresql-16`` PGDG's for Red Hat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pgfpmlint.discover.found import FoundFile, Host, Main, Unit
from pgfpmlint.discover.hosts import Machines
from pgfpmlint.discover.names import BOUNCER, FPM, POSTGRES, SYSCTL, SYSTEMD
from pgfpmlint.resolve import sysctl
from pgfpmlint.source.tree import Entry, Root, Unreadable

UNITS = tuple(f"{place}/systemd/system" for place in ("/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib"))
"""The foremost first."""

MANAGER = tuple(f"{place}/systemd/system.conf.d" for place in ("/etc", "/run", "/usr/local/lib", "/usr/lib"))
MANAGER_FIRST, MANAGER_KEYS = "/etc/systemd/system.conf", ("DefaultLimitNOFILE", "DefaultTasksMax")

UMBRELLA = "postgresql"
"""Debian's postgresql.service runs /bin/true; what it stands for are postgresql@16-main and its like."""

SETTINGS = tuple(f"{place}/sysctl.d" for place in ("/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib"))
LAST = "/etc/sysctl.conf"

OURS = ("pgbouncer", "postgres", "php")
SERVERS = (POSTGRES, BOUNCER, FPM)

Excluded = Callable[[str], object]


def with_units(
    entries: Iterable[Entry], machines: Machines, excluded: Excluded, mains: list[Main]
) -> tuple[list[FoundFile], list[Main]]:
    """``mains`` with the units that start them, and the units' files. A machine of which the tree holds no file of any
    such unit is not asked for what packages may have put there."""
    telling: set[str] = set()
    for entry in entries:
        if "/systemd/system/" in entry.path and any(word in entry.path for word in OURS):
            host, path = machines.of(entry.path)
            if path.startswith(UNITS) and ".wants/" not in path and not excluded(entry.path):
                telling.add(host.prefix)
    found: list[FoundFile] = []
    changed: list[Main] = []
    alone = _alone(mains)
    told: set[str] = set()
    for main in mains:
        unit = None
        if main.host.prefix in telling and main.kind in SERVERS and not (main.kind == POSTGRES and main.fragment):
            unit = _unit(main, excluded, only=(main.host.prefix, main.kind) in alone)
        if unit is not None and unit.idle and main.host.prefix in told:
            unit = unit._replace(idle=()) if unit.files else None  # said of the machine's first cluster
        if unit is not None:
            told |= {main.host.prefix} if unit.idle else set()
            found += [_file(main.host, path, SYSTEMD, f"part of {unit.name}") for path in unit.files]
            found += [_file(main.host, path, SYSTEMD, f"part of {UMBRELLA}.service") for path in unit.idle]
        changed.append(main._replace(unit=unit))
    return found, changed


def kernels(
    entries: Iterable[Entry], machines: Machines, excluded: Excluded, mains: list[Main]
) -> tuple[list[FoundFile], list[Main]]:
    """The files that set what `sysctl.KEYS` names, of each machine that runs a server of ours."""
    ours = {main.host.prefix: main.host for main in mains if main.kind in SERVERS}
    telling: set[str] = set()
    for entry in entries:
        if "sysctl" in entry.path:
            host, path = machines.of(entry.path)
            if host.prefix in ours and (path == LAST or path.startswith(SETTINGS)):
                telling.add(host.prefix)
    files: list[FoundFile] = []
    found: list[Main] = []
    for prefix in sorted(telling):
        host = ours[prefix]
        named = {path: f"sets {key}" for path in _in_order(host.root) if (key := _key(host.root, path))}
        named = {path: why for path, why in named.items() if not excluded(host.root.shown(path))}
        if named:
            files += [_file(host, path, SYSCTL, why) for path, why in named.items()]
            found.append(Main(SYSCTL, host, tuple(named), sysctl.VERSION, SYSCTL))
    return files, found


def _unit(main: Main, excluded: Excluded, *, only: bool) -> Unit | None:
    for name in _names(main, only=only):
        template = name.partition("@")[0] + "@" if "@" in name else ""
        stems = [name, template] if template else [name]
        own = next((path for stem in stems for path in _first(main.root, f"{stem}.service")), None)
        drop_ins = _drop_ins(main.root, [f"{stem}.service.d" for stem in stems])
        idle = _drop_ins(main.root, [f"{UMBRELLA}.service.d"]) if name.startswith(f"{UMBRELLA}@") else []
        files, idle = ([path for path in some if not excluded(main.root.shown(path))] for some in (drop_ins, idle))
        if own is not None and excluded(main.root.shown(own)):
            continue
        if own or files or idle:
            files = [*_of_manager(main.root), *([own] if own else []), *files]
            return Unit(f"{name}.service", tuple(files), own is not None, tuple(idle))
    return None


def _of_manager(root: Root) -> list[str]:
    """The files that set defaults of ours for all units."""
    named = _by_name(root, MANAGER)
    files = [*([MANAGER_FIRST] if root.is_file(MANAGER_FIRST) else []), *(named[name] for name in sorted(named))]
    return [path for path in files if _holds(root, path, MANAGER_KEYS)]


def _names(main: Main, *, only: bool) -> Iterator[str]:
    """Without ``.service``, the likeliest first. A name that tells nothing is that of the ``only`` such server."""
    if main.kind == POSTGRES:
        if main.path.startswith("/etc/postgresql/") and main.service[:1].isdigit():
            yield f"postgresql@{main.service}"
            return
        yield f"postgresql-{main.version.major}"
        if only:
            yield "postgresql"
        return
    if main.kind == FPM:
        yield main.service
        yield f"php{''.join(map(str, main.version.number[:2]))}-php-fpm"
        if only:
            yield "php-fpm"
        return
    yield f"pgbouncer@{main.service}"
    if only:
        yield "pgbouncer"


def _alone(mains: Iterable[Main]) -> set[tuple[str, str]]:
    """Machines, and kinds of which they run one server."""
    times: dict[tuple[str, str], int] = {}
    for main in mains:
        key = (main.host.prefix, main.kind)
        times[key] = times.get(key, 0) + 1
    return {key for key, number in times.items() if number == 1}


def _first(root: Root, name: str) -> Iterator[str]:
    return (path for place in UNITS if _is_unit(root, path := f"{place}/{name}"))


def _is_unit(root: Root, path: str) -> bool:
    """Whether there is a file, or what systemd takes for a unit that is switched off: a link to /dev/null."""
    if root.is_file(path):
        return True
    try:
        root.read(path)
    except Unreadable as error:
        return error.is_device
    return True


def _drop_ins(root: Root, folders: Iterable[str]) -> list[str]:
    """In the order of their names; of those with one name the foremost, and an instance's own before its template's."""
    named = _by_name(root, [f"{place}/{folder}" for folder in folders for place in UNITS])
    return [named[name] for name in sorted(named)]


def _by_name(root: Root, folders: Iterable[str]) -> dict[str, str]:
    """Paths by the names of files, of which the foremost folder's counts."""
    named: dict[str, str] = {}
    for folder in folders:
        for name in _listed(root, folder):
            named.setdefault(name, f"{folder}/{name}")
    return named


def _in_order(root: Root) -> list[str]:
    named = _by_name(root, SETTINGS)
    return [*(named[name] for name in sorted(named)), *([LAST] if root.is_file(LAST) else ())]


def _listed(root: Root, folder: str) -> list[str]:
    try:
        return [name for name in root.names(folder) if name.endswith(".conf") and root.is_file(f"{folder}/{name}")]
    except Unreadable:
        return []


def _key(root: Root, path: str) -> str:
    """What of ours a file may set; Debian links sysctl.d/99-sysctl.conf to sysctl.conf, which is read all the same."""
    return next((key for key in sysctl.KEYS if _holds(root, path, (key, key.replace(".", "/")))), "")


def _holds(root: Root, path: str, words: Iterable[str]) -> bool:
    try:
        text = root.read(path).text
    except Unreadable:
        return False
    return any(word in text for word in words)


def _file(host: Host, path: str, kind: str, why: str) -> FoundFile:
    return FoundFile(host.root.shown(path), host, path, kind, why)
