"""Which other files a file names.

Only the lines that can name one are parsed, each on its own, which the formats allow: nothing in them spans lines but
continued records. What a path means is the same as in resolve/; where the server's working directory would decide,
files are looked for where resolve/ looks for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.discover.names import BOUNCER, BOUNCER_HBA, BOUNCER_IDENT, FPM, HBA, IDENT, POSTGRES, USERLIST
from pgfpmlint.formats import parse
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.glob import NoSuchFolder, matches
from pgfpmlint.source import paths
from pgfpmlint.source.text import Source
from pgfpmlint.source.tree import Root, Unreadable
from pgfpmlint.syntax.document import Assignment, Include, Node

# Words that a line begins with, in any case, when it names files; and the kind of what a setting names.
SETTINGS = {
    POSTGRES: {"hba_file": HBA, "ident_file": IDENT, "data_directory": ""},
    BOUNCER: {"auth_file": USERLIST, "auth_hba_file": BOUNCER_HBA, "auth_ident_file": BOUNCER_IDENT},
}
INCLUDES = {POSTGRES: "include", HBA: "include", IDENT: "include", FPM: "include", BOUNCER: "%include"}

DEEPEST = 10  # the deepest that any of the servers goes; cycles end there, too


class Naming(NamedTuple):
    """A setting that names a file or folder: what is written, and where (``db/postgresql.conf:42``)."""

    written: str
    where: str


class Reach(NamedTuple):
    """What one file leads to: the files it includes, each with the words that say so, in reading order and without
    itself; and the last setting of each name that names files."""

    included: dict[str, str]
    settings: dict[str, Naming]


class References:
    """Reads what files name; each file is looked through once, however many lead to it."""

    def __init__(self) -> None:
        self._namings: dict[tuple[Root, str, str], list[tuple[Node, str]]] = {}

    def direct(self, root: Root, path: str, kind: str, version: ServerVersion) -> set[str]:
        """The files that the file ``path`` itself includes, without itself."""
        nodes = [node for node, _ in self._read(root, path, kind, version) if isinstance(node, Include)]
        return {target for node in nodes for target in _targets(root, path, path, kind, node)} - {path}

    def reach(self, root: Root, path: str, kind: str, version: ServerVersion) -> Reach:
        """Everything that the file ``path`` of ``kind`` names, directly or through what it includes."""
        found = Reach({}, {})
        self._follow(root, path, path, kind, version, found, 0)
        found.included.pop(path, None)
        return found

    def _follow(
        self, root: Root, path: str, main: str, kind: str, version: ServerVersion, found: Reach, depth: int
    ) -> None:
        for node, where in self._read(root, path, kind, version):
            if isinstance(node, Assignment):
                if node.value is not None and node.value.text:
                    found.settings[node.key.text.lower()] = Naming(node.value.text, where)
            elif isinstance(node, Include) and depth < DEEPEST:
                for target in _targets(root, path, main, kind, node):
                    if target not in found.included and root.is_file(target):
                        found.included[target] = f"included by {where}"
                        self._follow(root, target, main, kind, version, found, depth + 1)

    def _read(self, root: Root, path: str, kind: str, version: ServerVersion) -> list[tuple[Node, str]]:
        """The nodes that name files, each with the words for its place, in the file's order."""
        key = (root, path, kind)
        if key not in self._namings:
            try:
                self._namings[key] = list(_namings(root.read(path), path, kind, version))
            except Unreadable:
                self._namings[key] = []
        return self._namings[key]


def _namings(source: Source, path: str, kind: str, version: ServerVersion) -> Iterator[tuple[Node, str]]:
    words = (INCLUDES[kind], *SETTINGS.get(kind, ()))
    text = source.text
    line, counted = 1, 0
    for start in sorted(_lines_with(words, text.lower() if kind == POSTGRES else text, len(text))):
        line, counted = line + text.count("\n", counted, start), start
        end = text.find("\n", start) + 1 or len(text)
        for node in parse(kind, Source(source.path, text[start:end]), path, version).nodes:
            if isinstance(node, Include) or (isinstance(node, Assignment) and node.key.text.lower() in words):
                yield node, f"{source.path}:{line}"


def _lines_with(words: Iterable[str], text: str, size: int) -> set[int]:
    """Where the lines start that begin with one of ``words``. Nothing where lower case has moved offsets, as it does
    for a capital that becomes two letters: a file of ours that holds one is told by less."""
    starts: set[int] = set()
    for word in words if len(text) == size else ():
        at = text.find(word)
        while at >= 0:
            start = text.rfind("\n", 0, at) + 1
            if not text[start:at].strip():
                starts.add(start)
            end = text.find("\n", at)
            at = text.find(word, end) if end > 0 else -1
    return starts


def _targets(root: Root, path: str, main: str, kind: str, node: Include) -> list[str]:
    """Machine paths of the files that the directive reads, whether they are there or not."""
    target = node.target.text
    if not target:
        return []
    if kind == FPM:
        from pgfpmlint.resolve.fpm.paths import include_pattern

        try:
            return matches(root, include_pattern(target, path))
        except NoSuchFolder:
            return []
    beside = paths.join(paths.folder(path), target)
    if kind == BOUNCER:
        return [beside] if root.is_file(beside) else [paths.join(paths.folder(main), target)]
    if node.directive.text.lower() != "include_dir":
        return [beside]
    try:
        names = root.names(beside)
    except Unreadable:
        return []
    return [paths.join(beside, name) for name in names if name.endswith(".conf") and not name.startswith(".")]
