"""odyssey.conf as Odyssey reads it: rules of databases and users, each with a storage and a pool of its own.

https://pg-odyssey.tech/configuration/rules/ and sources/cfg of https://github.com/yandex/odyssey. ``pool_size`` is of
each pair of database and user, and of each endpoint of the storage (sources/router.c); 0 is no limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.catalog.proxy_names import ODYSSEY
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.problem import Problem
from pgfpmlint.formats.odyssey_conf import KIND, parse
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.proxy import ANY, POOL, Backend, Figure, Lane, ProxyReading, number
from pgfpmlint.resolve.proxy.unknown import unknown
from pgfpmlint.resolve.settings import Effective, Reading, Unknown, Unread, Written
from pgfpmlint.source import paths
from pgfpmlint.source.text import Place
from pgfpmlint.source.tree import Root, Unreadable
from pgfpmlint.syntax.document import Closing, Directive, Document, Malformed, Value

DEEPEST = 10
PORT = 6432
"""Of a listen without one (sources/config.c)."""

DEFAULT = "default"

SECRET = ("password", "storage_password", "ldapbindpasswd", "ldap_storage_password")

ROOMS = {
    "listen": ("host", "port"),
    "storage": ("type", "host", "port"),
    "user": ("storage", "storage_db", "storage_user", "pool", "pool_size", "client_max", "shared_pool"),
    "shared_pool": ("pool_size",),
    "": ("client_max", "unix_socket_dir"),
}
"""The directives that are asked for, by the blocks that they stand in."""


class Block(NamedTuple):
    """A block, or the whole file (its ``kind`` is empty then). ``name`` is None for ``default``, ``selective`` says
    that it holds for clients of some addresses only."""

    kind: str
    name: str | None
    place: Place
    settings: dict[str, Effective]
    blocks: list[Block]
    selective: bool = False

    def of(self, kind: str) -> list[Block]:
        return [block for block in self.blocks if block.kind == kind]

    def value(self, name: str) -> str | None:
        found = self.settings.get(name)
        return found.value if found is not None else None


class _Loader:
    def __init__(self, root: Root, version: ServerVersion) -> None:
        self._root = root
        self._version = version
        self.documents: list[Document] = []
        self.problems: list[Problem] = []
        self.unread: list[Unread] = []

    def load(self, path: str, top: Block | None = None, depth: int = 0) -> Block:
        document = parse(self._root.read(path), path, self._version)
        self.documents.append(document)
        top = top or Block("", "", document.source.line_place(1), {}, [])
        stack = [top]
        for node in document.statements:
            if isinstance(node, Malformed):
                place = document.source.place(node.at, node.until)
                self.problems.append(Problem("pooler/odyssey-syntax-error", place, node.says, True))
            elif isinstance(node, Closing):
                stack.pop()
            elif isinstance(node, Directive) and _is_unknown(document, node):
                place = document.place(node.words[0])
                self.problems.append(unknown("pooler/odyssey-unknown-directive", place, ODYSSEY, refuses=True))
                if node.opens:
                    stack.append(_block(document, node))
            elif isinstance(node, Directive) and node.opens:
                block = _block(document, node)
                stack[-1].blocks.append(block)
                stack.append(block)
            elif isinstance(node, Directive) and node.words[0].text.lower() == "include" and len(node.words) > 1:
                self._include(document, node, stack[-1], depth)
            elif isinstance(node, Directive):
                _set(document, node, stack[-1])
        return top

    def _include(self, document: Document, node: Directive, into: Block, depth: int) -> None:
        """A relative path starts in the working directory, which no file tells: it is looked for beside the file."""
        target = paths.join(paths.folder(document.path), node.words[1].text)
        try:
            if depth < DEEPEST:
                self.load(target, into, depth + 1)
        except Unreadable as error:
            self.unread.append(Unread(target, error.why, document.place(node.words[1]), not error.missing))


def _is_unknown(document: Document, node: Directive) -> bool:
    """Whether Odyssey has no such word; a name in quotes is one of a connection's options."""
    word = node.words[0]
    return document.source.text[word.start] != '"' and word.text.lower() not in ODYSSEY


def _block(document: Document, node: Directive) -> Block:
    kind = node.words[0].text.lower()
    name = _quoted(document, node.words[1]) if len(node.words) > 1 else ""
    place = Place(document.source, node.words[0].start, node.until)
    return Block(kind, name, place, {}, [], len(node.words) > 2)


def _quoted(document: Document, word: Value) -> str | None:
    """The name; None for the word ``default``."""
    return word.text if document.source.text[word.start] == '"' else None


def _set(document: Document, node: Directive, into: Block) -> None:
    if len(node.words) < 2:
        return
    name, word = node.words[0].text.lower(), node.words[1]
    value = "********" if name in SECRET else word.text
    written = Written(document.node_place(node), document.place(word), value)
    into.settings[name] = Effective(name, value, written)


def read(root: Root, path: str, version: ServerVersion) -> ProxyReading:
    """The file ``path`` with what it includes. Unreadable where it can't be read itself."""
    loader = _Loader(root, version)
    top = loader.load(path)
    reading = Reading(KIND, version, tuple(loader.documents), tuple(loader.problems), tuple(loader.unread))
    storages = {block.name: block for block in top.of("storage")}
    shared = {block.name: block for block in top.of("shared_pool")}
    lanes = [
        lane
        for database in top.of("database")
        for user in database.of("user")
        if (lane := _lane(top, database, user, storages, shared, bool(loader.unread))) is not None
    ]
    folder = top.value("unix_socket_dir")
    listens = [(name, port) for block in top.of("listen") for name, port in _listens(block)]
    limit = top.settings.get("client_max")
    return ProxyReading(
        "Odyssey",
        tuple(listens),
        tuple(lanes),
        _figure(limit),
        sockets=(folder,) if folder else (),
        settings=top.settings,
        reading=reading,
        anchor=top.place,
    )


def _listens(block: Block) -> Iterator[tuple[str, int | None]]:
    own = block.settings.get("port")
    port = number(own.value) if own is not None else PORT
    hosts = block.value("host")
    if hosts is None:
        yield "", port
    for host, its in _endpoints(hosts or ""):
        yield host, port if its is None else its


def _endpoints(listed: str) -> Iterator[tuple[str, int | None]]:
    """``[db1]:5433:zone,db2``: names with the ports that stand behind them."""
    for written in listed.split(","):
        one = written.strip().removeprefix("tcp://")
        if one.startswith("unix://"):
            folder, _, socket = one.removeprefix("unix://").rpartition("/")
            yield folder, number(socket.rpartition(".")[2])
            continue
        if one.startswith("["):
            name, _, rest = one[1:].partition("]")
        else:
            name, _, rest = one.partition(":") if one.count(":") < 3 else (one, "", "")
        ports = [number(part) for part in rest.split(":") if part.isdecimal()]
        if name:
            yield name, ports[0] if ports else None


def _lane(
    top: Block,
    database: Block,
    user: Block,
    storages: Mapping[str | None, Block],
    shared: Mapping[str | None, Block],
    partial: bool,
) -> Lane | None:
    """None for the console, which leads to no server."""
    storage = storages.get(user.value("storage"))
    if storage is not None and storage.value("type") == "local":
        return None
    mode = user.settings.get("pool") or Effective("pool", None, Unknown("nothing sets it", user.place))
    unknown = ""
    if storage is None:
        unknown = "its storage is not known"
    size, common = _size(top, user), user.value("shared_pool") or ""
    if common:
        size = _figure(shared[common].settings.get("pool_size")) if common in shared else None
        unknown = unknown or ("" if size is not None else "its shared_pool is not known")
    return Lane(
        database.name if database.name is not None else ANY,
        user.name,
        user.place,
        tuple(_backends(top, storage, user.value("storage_db"))) if storage is not None else (),
        mode,
        size,
        POOL,
        user.value("storage_user"),
        _figure(user.settings.get("client_max")),
        unknown,
        common,
        at_least=partial,
        prepares=_prepares(user.settings.get("pool_reserve_prepared_statement")),
    )


def _prepares(setting: Effective | None) -> Effective | None:
    words = {"yes": "true", "no": "false"}
    if setting is None or setting.value not in words:
        return None
    return setting._replace(value=words[setting.value])


def _size(top: Block, user: Block) -> Figure | None:
    """The smallest of what bounds a pool: its own size, and as many servers as there can be clients."""
    limits = (user.settings.get("pool_size"), user.settings.get("client_max"), top.settings.get("client_max"))
    found = [figure for limit in limits if (figure := _figure(limit)) is not None]
    return min(found, key=lambda figure: figure.amount) if found else None


def _figure(setting: Effective | None) -> Figure | None:
    amount = number(setting.value) if setting is not None else None
    if setting is None or amount is None or amount <= 0:
        return None
    return Figure(amount, f"{amount} {setting.name}", (setting.place,) if setting.place is not None else ())


def _backends(top: Block, storage: Block, database: str | None) -> Iterator[Backend]:
    place = storage.settings["host"].place if "host" in storage.settings else storage.place
    own = storage.settings.get("port")
    port = number(own.value) if own is not None else None
    hosts = storage.value("host")
    if hosts is None:
        yield Backend(top.value("unix_socket_dir"), port, place or storage.place, database)
        return
    for name, its in _endpoints(hosts):
        yield Backend(name, port if its is None else its, place or storage.place, database)
