"""nginx as far as it concerns PHP: which locations pass requests to which FastCGI address, and how long it waits.

Nothing is held against the files: unknown directives belong to modules, and nginx itself tells its users what it
refuses. What can't be followed makes the answers unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.catalog.version import NGINX, ServerVersion
from pgfpmlint.formats.nginx import KIND, parse
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve import glob
from pgfpmlint.resolve.nginx_time import milliseconds
from pgfpmlint.resolve.settings import Default, Effective, Reading, Unknown, Written
from pgfpmlint.source import paths
from pgfpmlint.source.text import Place
from pgfpmlint.source.tree import Root, Unreadable
from pgfpmlint.syntax.document import Closing, Directive, Document, Malformed

VERSION = ServerVersion(NGINX, (), "")

DEFAULTS = {
    "fastcgi_connect_timeout": "60000",
    "fastcgi_next_upstream": "error timeout",
    "fastcgi_next_upstream_tries": "0",
    "fastcgi_read_timeout": "60000",
    "fastcgi_send_timeout": "60000",
}
"""Times in milliseconds. https://nginx.org/en/docs/http/ngx_http_fastcgi_module.html"""

PROXY_DEFAULTS = {"proxy_read_timeout": "60000"}
"""https://nginx.org/en/docs/http/ngx_http_proxy_module.html"""

LISTEN = "80"
"""Where a server listens that does not say it, and whoever starts nginx is root."""

# Files of packages, which set parameters and types alone: one that is missing leaves no doubt.
PARAMETERS = ("fastcgi_params", "fastcgi.conf", "mime.types", "fastcgi-php.conf", "koi-utf", "koi-win", "win-utf")

ROOT, ALIAS, SCRIPT = "root", "alias", "SCRIPT_FILENAME"
OF_ROOT = ("$document_root", "$realpath_root", "$request_filename")

FASTCGI, PROXY = "fastcgi_pass", "proxy_pass"
PORTS = {"http": 80, "https": 443}

DEEPEST = 10


class Address(NamedTuple):
    """Where requests are passed: ``unix:/run/php/www.sock``, ``127.0.0.1:9000``; ``place`` is the line that says it."""

    text: str
    place: Place

    @property
    def socket(self) -> str | None:
        """The path of a Unix socket."""
        if not self.text.startswith("unix:"):
            return None
        return self.text[5:].partition(":")[0]

    @property
    def host_port(self) -> tuple[str, int] | None:
        host, colon, port = self.text.rpartition(":")
        return (host, int(port)) if colon and port.isdecimal() and self.socket is None else None


class Passing(NamedTuple):
    """One ``fastcgi_pass``, or one ``proxy_pass``. ``addresses`` are several for an upstream group of several servers,
    and None where they can't be known. ``location`` is what the location's own line says, ``settings`` hold for it, by
    name. ``scripts`` is the folder whose PHP files are asked for, an absolute path, and the line that says so.
    ``listens`` are the addresses and ports of its server, none where they can't be known."""

    place: Place
    target: str
    addresses: tuple[Address, ...] | None
    settings: Mapping[str, Effective]
    location: str = ""
    scripts: Address | None = None
    listens: tuple[str, ...] = ()


class NginxReading(NamedTuple):
    """``user`` is whom its workers run as, unknown in a fragment, and ``groups`` what that user belongs to, None where
    no file tells. ``names`` are the machine paths of all files read,
    ``documents`` of the reading only those that say something of interest. ``proxies`` pass requests on to other web
    servers."""

    reading: Reading
    passings: tuple[Passing, ...]
    user: Effective
    groups: frozenset[str] | None
    names: tuple[str, ...]
    fragment: bool = False
    proxies: tuple[Passing, ...] = ()


class _Block:
    """One level of the configuration. ``open_``: what is not set here may be set where nobody can look."""

    def __init__(self, above: _Block | None, words: tuple[str, ...], *, open_: bool) -> None:
        self.above = above
        self.words = words
        self.open = open_
        self.set: dict[str, Effective] = {}
        self.listens: list[str] = []

    def server_listens(self) -> tuple[str, ...]:
        """What the server that the block is a part of listens on; nothing where a file may say it that is not here."""
        block: _Block | None = self
        while block is not None and block.words[:1] != ("server",):
            block = block.above
        if block is None or (block.open and not block.listens):
            return ()
        return tuple(block.listens or (LISTEN,))

    def setting(self, name: str, anchor: Place, *, fragment: bool) -> Effective:
        """As inherited: what an inner level sets wins, whatever the order. Outside of http nothing sets FastCGI."""
        block: _Block | None = self
        while block is not None:
            if name in block.set:
                return block.set[name]
            if block.open and (block.above is not None or fragment or name == "user"):
                return Effective(name, None, Unknown("a file that may set it is not here", anchor))
            block = block.above
        return Effective(name, DEFAULTS.get(name) or PROXY_DEFAULTS.get(name), Default(VERSION, anchor))


def read(root: Root, path: str, *, fragment: bool = False) -> NginxReading:
    """Read ``path`` with everything that it includes. `Unreadable` when it can't be read itself."""
    reader = _Reader(root, path, fragment=fragment)
    reader.file(path, reader.top, 0)
    passings, proxies = (tuple(reader.passings(name)) for name in (FASTCGI, PROXY))
    documents = tuple(reader.documents[name] for name in reader.documents if name in reader.telling or name == path)
    user = reader.top.setting("user", documents[0].source.line_place(1), fragment=fragment)
    return NginxReading(
        Reading(KIND, VERSION, documents, ()),
        passings,
        user,
        _groups(root, user),
        tuple(reader.documents),
        fragment,
        proxies,
    )


def _groups(root: Root, user: Effective) -> frozenset[str] | None:
    """``user www-data;`` takes the group of that name, ``user www-data web;`` the other; with both come those that
    /etc/group lists the user in."""
    words = (user.value or "").split()
    try:
        lines = root.read("/etc/group").text.splitlines() if words else []
    except Unreadable:
        return None
    fields = [line.split(":") for line in lines]
    further = {line[0] for line in fields if len(line) == 4 and words[0] in line[3].split(",")}
    return frozenset({*words[-1:], *further}) if words else None


class _Reader:
    def __init__(self, root: Root, main: str, *, fragment: bool) -> None:
        self._root = root
        self._folder = paths.folder(main)
        self._fragment = fragment
        self._found: list[tuple[_Block, Directive, Document]] = []
        self._upstreams: dict[str, list[Address] | None] = {}
        self.top = _Block(None, (), open_=fragment)
        self.documents: dict[str, Document] = {}
        self.telling: set[str] = set()
        self.broken = False

    def file(self, path: str, block: _Block, depth: int) -> None:
        if path not in self.documents:
            self.documents[path] = parse(self._root.read(path), path)
        document = self.documents[path]
        for node in document.parts:
            if isinstance(node, Closing):
                block = block.above or block
            elif isinstance(node, Malformed):
                self.broken = True
            elif isinstance(node, Directive):
                words = tuple(word.text for word in node.words)
                if node.opens:
                    block = _Block(block, words, open_=False)
                    if words[0] == "upstream" and len(words) > 1:
                        self._upstreams.setdefault(words[1], [])
                elif words[0] == "include" and len(words) == 2:
                    self._include(path, words[1], block, depth)
                else:
                    self._directive(words, node, document, block)

    def _directive(self, words: tuple[str, ...], node: Directive, document: Document, block: _Block) -> None:
        name = words[0]
        place = Place(document.source, node.words[0].start, node.until)
        if name in (FASTCGI, PROXY) and len(words) == 2:
            self._found.append((block, node, document))
        elif name == "server" and block.words[:1] == ("upstream",) and len(words) > 1:
            servers = self._upstreams.get(block.words[1]) if len(block.words) > 1 else None
            if servers is not None and "down" not in words[2:]:
                servers.append(Address(words[1], place))
        elif name == "listen" and len(words) > 1:
            block.listens.append(words[1])
            return
        elif name in DEFAULTS or name in PROXY_DEFAULTS or name == "user":
            written = Written(place, place, " ".join(words[1:]))
            value: str | None = " ".join(words[1:])
            if name.endswith("_timeout"):
                time = milliseconds(words[1]) if len(words) == 2 else None
                value = None if time is None else str(time)
            block.set[name] = Effective(name, value, written)
        elif name in (ROOT, ALIAS) and len(words) == 2:
            block.set[name] = Effective(name, words[1], Written(place, place, words[1]))
            return
        elif name == "fastcgi_param" and len(words) > 2 and words[1] == SCRIPT:
            block.set[SCRIPT] = Effective(SCRIPT, words[2], Written(place, place, words[2]))
            return
        else:
            return
        self.telling.add(document.path)

    def _include(self, path: str, target: str, block: _Block, depth: int) -> None:
        """A pattern without matches is nothing; a plain file that is not here may have held anything."""
        if depth >= DEEPEST or "$" in target:
            block.open = True
            return
        if glob.has_wildcards(target):
            try:
                found = glob.matches(self._root, paths.join(self._folder, target))
            except glob.NoSuchFolder:
                found = []
                block.open = block.open or not self._root.complete
        else:
            found = [one for one in self._places(path, target) if self._root.is_file(one)][:1]
            if not found and paths.name(target) not in PARAMETERS:
                block.open = True
        for one in found:
            try:
                self.file(one, block, depth + 1)
            except Unreadable:
                block.open = True

    def _places(self, path: str, target: str) -> list[str]:
        """Relative names count from the folder of nginx.conf, which a fragment does not know."""
        folders = [self._folder]
        if self._fragment:
            folders += [paths.folder(path), paths.folder(self._folder)]
        return list(dict.fromkeys(paths.join(folder, target) for folder in folders))

    def passings(self, directive: str) -> Iterator[Passing]:
        """None where nginx does not start with the files: what was meant can't be told."""
        names = DEFAULTS if directive == FASTCGI else PROXY_DEFAULTS
        for block, node, document in () if self.broken else self._found:
            if node.words[0].text != directive:
                continue
            place = Place(document.source, node.words[0].start, node.until)
            target = node.words[1].text
            settings = {name: block.setting(name, place, fragment=self._fragment) for name in names}
            addresses = self._addresses(target if directive == FASTCGI else self._authority(target), place)
            scripts, listens = self._scripts(block, place), block.server_listens()
            yield Passing(place, target, addresses, settings, " ".join(block.words[1:]), scripts, listens)

    def _scripts(self, block: _Block, place: Place) -> Address | None:
        """Where SCRIPT_FILENAME leads: a file's own folder, or the root that holds for the location."""
        root, alias, script = (block.setting(name, place, fragment=self._fragment) for name in (ROOT, ALIAS, SCRIPT))
        told, path = root, root.value
        if script.value is not None and not script.value.startswith(OF_ROOT):
            told, path = script, paths.folder(script.value.partition("$")[0])
        if alias.value is not None or told.place is None or not path or not path.startswith("/") or "$" in path:
            return None
        return Address(paths.normal(path), told.place)

    def _addresses(self, target: str, place: Place) -> tuple[Address, ...] | None:
        if "$" in target:
            return None
        if target in self._upstreams:
            servers = self._upstreams[target]
            return None if not servers or any("$" in server.text for server in servers) else tuple(servers)
        address = Address(target, place)
        return (address,) if address.socket is not None or address.host_port is not None else None

    def _authority(self, url: str) -> str:
        """The server that a URL names, or the group: ``http://web/app`` is ``web:80``. ``$`` for what can't be told."""
        scheme, _, rest = url.partition("://")
        server = rest.partition("/")[0]
        if scheme not in PORTS or server.startswith("unix:"):
            return "$"
        return server if server in self._upstreams or ":" in server else f"{server}:{PORTS[scheme]}"
