"""pgpool.conf as pgpool-II reads it, and its arithmetic: ``num_init_children`` processes serve one client each and keep
up to ``max_pool`` connections to every backend.

https://www.pgpool.net/docs/latest/en/html/runtime-config-connection.html and runtime-config-connection-pooling.html
"""

from __future__ import annotations

from pgfpmlint.catalog.proxy_names import PGPOOL, PGPOOL_NUMBERED
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.problem import Problem
from pgfpmlint.formats.pgpool_conf import KIND, parse
from pgfpmlint.resolve.proxy import ANY, LANE, SESSION, Backend, Figure, Lane, ProxyReading, number
from pgfpmlint.resolve.proxy.unknown import unknown
from pgfpmlint.resolve.settings import Default, Effective, Reading, Unread, Written
from pgfpmlint.source import paths
from pgfpmlint.source.text import Place
from pgfpmlint.source.tree import Root, Unreadable
from pgfpmlint.syntax.document import Assignment, Document, Include, Malformed

DEEPEST = 10

NUMBERED = tuple(PGPOOL_NUMBERED)

DEFAULTS = {
    "backend_clustering_mode": "streaming_replication",
    "connection_cache": "on",
    "listen_addresses": "localhost",
    "load_balance_mode": "on",
    "max_pool": "4",
    "num_init_children": "32",
    "port": "9999",
    "reserved_connections": "0",
}
"""The same from 4.2, the first version that calls them so, to 4.7, save that listen_addresses was one before 4.4."""

SECRET = ("password", "passwd", "authkey")
"""What the names of settings end with whose values are secrets; pool_passwd names a file."""


class _Loader:
    """What the file and those that it includes say, in the order in which pgpool-II reads them."""

    def __init__(self, root: Root, version: ServerVersion) -> None:
        self._root = root
        self._version = version
        self.documents: list[Document] = []
        self.problems: list[Problem] = []
        self.unread: list[Unread] = []
        self.settings: dict[str, Effective] = {}

    def load(self, path: str, depth: int = 0) -> None:
        document = parse(self._root.read(path), path, self._version)
        self.documents.append(document)
        for node in document.statements:
            if isinstance(node, Assignment):
                self._set(document, node)
            elif isinstance(node, Malformed):
                place = document.source.place(node.at, node.until)
                self.problems.append(Problem("pooler/pgpool-syntax-error", place, node.says, True))
            elif isinstance(node, Include):
                target = paths.join(paths.folder(path), node.target.text)
                try:
                    if depth < DEEPEST:
                        self.load(target, depth + 1)
                except Unreadable as error:
                    self.unread.append(Unread(target, error.why, document.place(node.target), not error.missing))

    def _set(self, document: Document, node: Assignment) -> None:
        name = node.key.text
        if name not in PGPOOL and not name.startswith(NUMBERED):
            place = document.place(node.key)
            self.problems.append(unknown("pooler/pgpool-unknown-parameter", place, PGPOOL))
        line = document.node_place(node)
        if node.value is None:
            written, value = Written(line, line, ""), None
        else:
            hidden = name.endswith(SECRET) and node.value.text
            value = "********" if hidden else node.value.text
            written = Written(line, document.place(node.value), value or "")
        before = self.settings.get(name)
        shadowed = (*before.shadowed, before.origin) if before and isinstance(before.origin, Written) else ()
        self.settings[name] = Effective(name, value, written, shadowed)


def read(root: Root, path: str, version: ServerVersion) -> ProxyReading:
    """The file ``path`` with what it includes. Unreadable where it can't be read itself."""
    loader = _Loader(root, version)
    loader.load(path)
    settings = loader.settings
    anchor = loader.documents[0].source.line_place(1)
    reading = Reading(KIND, version, tuple(loader.documents), tuple(loader.problems), tuple(loader.unread))

    def setting(name: str) -> Effective:
        return settings.get(name) or Effective(name, DEFAULTS[name], Default(version, anchor))

    children, cached = setting("num_init_children"), setting("max_pool")
    size, why = _size(children, cached, setting("connection_cache"))
    backends = _backends(settings)
    mode = Effective("num_init_children", SESSION, children.origin)
    lane = Lane(ANY, None, _first(backends) or anchor, backends, mode, size, LANE, unknown=why)
    port = number(setting("port").value)
    names = [name.strip() for name in (setting("listen_addresses").value or "").split(",")]
    sockets = settings.get("unix_socket_directories") or settings.get("socket_dir")
    folders = (sockets.value or "").split(",") if sockets is not None else ()
    return ProxyReading(
        "pgpool-II",
        tuple((name, port) for name in names if name) or (("", port),),
        (lane,) if backends else (),
        _clients(children, setting("reserved_connections")),
        queues=not number(setting("reserved_connections").value),
        sockets=tuple(folder.strip() for folder in folders),
        settings=settings,
        reading=reading,
        anchor=anchor,
    )


def _size(children: Effective, cached: Effective, cache: Effective) -> tuple[Figure | None, str]:
    """The connections to each backend, or why nobody can tell."""
    processes, each = number(children.value), number(cached.value)
    if processes is None or each is None or processes < 1:
        return None, f"its {children.name if processes is None or processes < 1 else cached.name} can't be read"
    words = f"{processes} {_spelt(children)}"
    if is_off(cache.value):
        return Figure(processes, words, _places(children, cache)), ""
    each = max(each, 1)
    return Figure(processes * each, f"{words} × {each} {_spelt(cached)}", _places(children, cached)), ""


def _clients(children: Effective, reserved: Effective) -> Figure | None:
    processes, kept = number(children.value), number(reserved.value) or 0
    if processes is None or processes < 1:
        return None
    if kept <= 0:
        return Figure(processes, f"{processes} {_spelt(children)}", _places(children))
    words = f"{processes} {_spelt(children)} - {kept} {reserved.name}"
    return Figure(max(0, processes - kept), words, _places(children, reserved))


def _backends(settings: dict[str, Effective]) -> tuple[Backend, ...]:
    found: dict[int, Backend] = {}
    for name, host in settings.items():
        index = name.removeprefix("backend_hostname")
        if index == name or not index.isdecimal() or not host.value or host.place is None:
            continue
        port = settings.get(f"backend_port{index}")
        found[int(index)] = Backend(host.value, number(port.value) if port is not None else None, host.place)
    return tuple(found[index] for index in sorted(found))


def is_off(value: str | None) -> bool:
    """Whether it is a word for no, or the beginning of one, as PostgreSQL's parse_bool() takes them."""
    word = (value or "").lower()
    return bool(word) and (word == "0" or any(no.startswith(word) for no in ("false", "no")) or word in ("of", "off"))


def _first(backends: tuple[Backend, ...]) -> Place | None:
    return backends[0].place if backends else None


def _spelt(setting: Effective) -> str:
    return setting.name if setting.is_written else f"{setting.name} by default"


def _places(*settings: Effective) -> tuple[Place, ...]:
    return tuple(one.place for one in settings if one.is_written and one.place is not None)
