"""What Apache httpd takes from its files: includes followed, Define and ``${NAME}`` filled in, IfModule and the like
decided as far as the files tell (https://httpd.apache.org/docs/2.4/sections.html#condition).
"""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.formats.apache_conf import parse
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve import glob
from pgfpmlint.source import paths
from pgfpmlint.source.text import Place
from pgfpmlint.source.tree import Root, Unreadable
from pgfpmlint.syntax.document import Closing, Directive, Document, Malformed

DEEPEST = 20
MAIN = ("apache2.conf", "httpd.conf")

BUILT_IN = ("core.c", "http_core.c", "mod_so.c", "mod_log_config.c", "mod_unixd.c", "mod_version.c", "mod_watchdog.c")
"""What distributions link in: ``apache2 -l``."""

CONDITIONS = ("ifmodule", "ifdefine", "ifversion", "iffile", "ifdirective", "ifsection")


class Line(NamedTuple):
    """One directive that may count. ``server`` is 0 outside of virtual hosts, else the number of its own; ``within``
    are the sections around it, the innermost last. ``doubts`` are modules on whose presence, which no file tells, it
    depends: ``!mod_php.c``."""

    name: str
    words: tuple[str, ...]
    place: Place
    server: int = 0
    within: tuple[tuple[str, ...], ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def first(self) -> str:
        return self.words[0] if self.words else ""

    @property
    def number(self) -> int | None:
        """As C's atoi() reads it: what is no number is 0. None where a variable is not known."""
        text = self.first
        if "${" in text:
            return None
        sign = text[:1] if text[:1] in ("-", "+") else ""
        digits = text[len(sign) :]
        end = next((at for at, one in enumerate(digits) if one not in "0123456789"), len(digits))
        return int(sign + digits[:end][:12]) if digits[:end] else 0


class _Place(NamedTuple):
    """Where the reader stands: what surrounds it."""

    server: int = 0
    within: tuple[tuple[str, ...], ...] = ()
    doubts: tuple[str, ...] = ()
    off: bool = False


class Config:
    """The configuration that begins with the file ``main``. ``whole``: it is a server's own main file, with which all
    others come in; else a part of one. ``broken``: Apache does not start with it."""

    def __init__(self, root: Root, main: str) -> None:
        self.root = root
        self.main = main
        self.whole = paths.name(main) in MAIN
        self.documents: dict[str, Document] = {}
        self.lines: list[Line] = []
        self.hosts: list[Line] = []
        self.modules: dict[str, Place] = {}
        self.broken = False
        self.open = not self.whole
        self._defined: dict[str, str] = _environment(root, paths.folder(main)) if self.whole else {}
        self._folder = paths.folder(main)
        if self.whole and paths.name(self._folder) == "conf":
            self._folder = paths.folder(self._folder)
        self._file(main, _Place(), 0)
        self._named: dict[str, list[Line]] = {}
        self._at: dict[tuple[str, int], list[Line]] = {}
        for line in self.lines:
            self._named.setdefault(line.name, []).append(line)
            self._at.setdefault((line.name, line.server), []).append(line)

    def of(self, name: str, server: int | None = None) -> list[Line]:
        """The directives of that name, in their order."""
        wanted = name.lower()
        return self._named.get(wanted, []) if server is None else self._at.get((wanted, server), [])

    def last(self, name: str, server: int) -> Line | None:
        """The directive that holds for a server, at its own level: a virtual host inherits from the main server."""
        own = [one for one in self.of(name, server) if not one.within or one.within[-1][0] == "virtualhost"]
        return own[-1] if own else self.last(name, 0) if server else None

    def has_module(self, name: str) -> bool | None:
        """Whether a module (``mod_dbd.c`` or ``dbd_module``) is there; None where files that may load it are not."""
        if name in BUILT_IN or any(name in _names(one) for one in self.modules):
            return True
        return None if self.open else False

    def _file(self, path: str, where: _Place, depth: int) -> None:
        if path not in self.documents:
            self.documents[path] = parse(self.root.read(path), path)
        document = self.documents[path]
        stack = [where]
        for node in document.parts:
            if isinstance(node, Malformed):
                self.broken |= not stack[-1].off
            elif isinstance(node, Closing):
                stack = stack[:-1] or stack
            elif isinstance(node, Directive):
                place = Place(document.source, node.words[0].start, node.until)
                words = tuple(self._filled(word.text) for word in node.words)
                if node.opens:
                    stack.append(self._inside(stack[-1], words, place))
                elif not stack[-1].off:
                    self._directive(words, place, stack[-1], depth)

    def _inside(self, where: _Place, words: tuple[str, ...], place: Place) -> _Place:
        name = words[0].lower()
        if where.off:
            return where
        if name in CONDITIONS:
            holds = self._holds(name, " ".join(words[1:]))
            if holds is None:
                return where._replace(doubts=(*where.doubts, " ".join(words[1:])))
            return where._replace(off=not holds)
        server = where.server
        if name == "virtualhost":
            self.hosts.append(Line(name, words[1:], place))
            server = len(self.hosts)
        return where._replace(server=server, within=(*where.within, (name, *words[1:])))

    def _holds(self, name: str, asked: str) -> bool | None:
        negated, asked = asked.startswith("!"), asked.removeprefix("!")
        found: bool | None = None
        if name == "ifmodule":
            found = self.has_module(asked)
        elif name == "ifdefine":
            found = True if asked in self._defined else None if self.open else False
        elif name == "ifversion":
            found = True if asked.startswith((">= 2.4", ">=2.4", "> 2.2", ">2.2", "2.4")) else None
        elif name == "iffile":
            there = self.root.is_file(paths.join(self._folder, asked))
            found = there or (False if self.root.complete else None)
        return found if found is None or not negated else not found

    def _directive(self, words: tuple[str, ...], place: Place, where: _Place, depth: int) -> None:
        name = words[0].lower()
        if name in ("include", "includeoptional"):
            for pattern in words[1:]:
                self._include(pattern, where, depth)
            return
        if name == "loadmodule" and len(words) > 1:
            self.modules.setdefault(words[1], place)
        elif name == "define" and len(words) > 1:
            self._defined[words[1]] = words[2] if len(words) > 2 else ""
        elif name == "undefine" and len(words) > 1:
            self._defined.pop(words[1], None)
        elif name == "serverroot" and len(words) > 1 and self.root.is_folder(words[1]):
            self._folder = paths.normal(words[1])
        self.lines.append(Line(name, words[1:], place, where.server, where.within, where.doubts))

    def _include(self, pattern: str, where: _Place, depth: int) -> None:
        """A pattern that finds nothing is nothing where the folder is there; what is not there may have held
        anything."""
        if depth >= DEEPEST or "${" in pattern:
            self.open = True
            return
        path = paths.join(self._folder, pattern)
        if glob.has_wildcards(path):
            try:
                found = glob.matches(self.root, path)
            except glob.NoSuchFolder:
                found, self.open = [], self.open or not self.root.complete
        elif self.root.is_folder(path):
            found = [f"{path}/{name}" for name in self.root.names(path) if self.root.is_file(f"{path}/{name}")]
        else:
            found = [path]
        for one in found:
            try:
                self._file(one, where, depth + 1)
            except Unreadable:
                self.open = True

    def _filled(self, text: str) -> str:
        """``${NAME}`` as Define and the environment have it; what nothing sets stays."""
        done = ""
        while "${" in text:
            before, _, rest = text.partition("${")
            name, close, after = rest.partition("}")
            if not close:
                break
            done += before + self._defined.get(name, f"${{{name}}}")
            text = after
        return done + text


def _names(module: str) -> Iterator[str]:
    """How IfModule may call a module that LoadModule calls ``dbd_module``, ``mpm_event_module``."""
    yield module
    stem = module.removesuffix("_module")
    yield f"{stem.removeprefix('mpm_')}.c" if stem.startswith("mpm_") else f"mod_{stem}.c"


def _environment(root: Root, folder: str) -> dict[str, str]:
    """What Debian's envvars exports, plain values alone."""
    try:
        text = root.read(f"{folder}/envvars").text
    except Unreadable:
        return {}
    found: dict[str, str] = {}
    for line in text.splitlines():
        name, sign, value = line.strip().removeprefix("export ").partition("=")
        if sign and name.isidentifier():
            found[name] = value.strip("'\"").replace("$SUFFIX", "")
    return {name: value for name, value in found.items() if "$" not in value and "`" not in value}
