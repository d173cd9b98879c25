"""Programs of supervisor that connect to PostgreSQL: ``numprocs`` processes each (http://supervisord.org/configuration.html).

What a program connects to is told by its application (``directory=``, the path of artisan) or by ``environment=``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.formats.supervisor_conf import KIND, parse
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.glob import NoSuchFolder, matches
from pgfpmlint.resolve.settings import Effective, Reading, Unknown, Written
from pgfpmlint.resolve.workers import ClientReading, WorkersReading, of_command
from pgfpmlint.source import paths
from pgfpmlint.source.text import Place
from pgfpmlint.source.tree import Root, Unreadable
from pgfpmlint.syntax.document import Assignment, Document, Section, Value

VERSION = ServerVersion(KIND, (), "")
PROGRAM, INCLUDE, DAEMON = "program:", "include", "supervisord"
FALSE = ("false", "no", "off", "0", "n", "f")


class Option(NamedTuple):
    """``key=value`` as the last file that says it has it. ``text`` is the value, not expanded."""

    text: str
    document: Document
    node: Assignment

    @property
    def place(self) -> Place:
        return self.document.node_place(self.node)

    @property
    def value(self) -> Value:
        assert self.node.value is not None
        return self.node.value


class Block(NamedTuple):
    """A section, of all files together. ``place`` is its first head, ``here`` the folder of the file that has it."""

    place: Place
    here: str
    options: dict[str, Option]


Blocks = dict[str, Block]


def read(root: Root, files: Sequence[str]) -> ClientReading | None:
    """``files`` are those of one machine: a supervisord.conf with what it includes, and files that nobody includes."""
    documents: dict[str, Document] = {}
    for path in files:
        document = _parsed(root, path)
        if document is not None:
            documents[path] = document
    mains = {path: blocks for path in documents if INCLUDE in (blocks := _blocks([documents[path]]))}
    groups: list[list[Document]] = []
    taken: set[str] = set(mains)
    for path, blocks in mains.items():
        own = [documents[path]]
        for included in _included(root, path, blocks):
            taken.add(included)
            document = documents.get(included) or _parsed(root, included)
            if document is not None:
                own.append(documents.setdefault(included, document))
        groups.append(own)
    groups += [[document] for path, document in documents.items() if path not in taken]
    workers: dict[str, WorkersReading] = {}
    for group in groups:
        for one in _workers(_blocks(group)):
            # Two files with one program are two variants, for development and production: the larger one counts.
            other = workers.get(one.service)
            if other is None or _number(other) < _number(one):
                workers[one.service] = one
    reading = Reading(KIND, VERSION, tuple(documents.values()), ())
    return ClientReading(reading, tuple(workers.values())) if documents else None


def _number(one: WorkersReading) -> int:
    return one.processes[0].number or 0


def _parsed(root: Root, path: str) -> Document | None:
    try:
        return parse(root.read(path), path)
    except Unreadable:
        return None


def _blocks(documents: Sequence[Document]) -> Blocks:
    """The sections of all files; a later file adds to what an earlier one says, and the last word counts."""
    found: Blocks = {}
    for document in documents:
        current: Block | None = None
        for node in document.parts:
            if isinstance(node, Section):
                fresh = Block(document.place(node.name), paths.folder(document.path), {})
                current = found.setdefault(node.name.text, fresh)
            elif isinstance(node, Assignment) and node.value is not None and current is not None:
                current.options[node.key.text.lower()] = Option(node.value.text, document, node)
    return found


def _included(root: Root, path: str, blocks: Blocks) -> Iterator[str]:
    """What ``files=`` of [include] finds; an included file's own [include] is nothing to supervisor."""
    listed = blocks[INCLUDE].options.get("files")
    for pattern in listed.text.replace("%(here)s", paths.folder(path)).split() if listed is not None else ():
        if "%(" not in pattern:
            try:
                yield from matches(root, paths.join(paths.folder(path), pattern))
            except NoSuchFolder:
                continue


def _workers(blocks: Blocks) -> Iterator[WorkersReading]:
    general = _environment(blocks[DAEMON], "") if DAEMON in blocks else {}
    for name, block in blocks.items():
        program = name.removeprefix(PROGRAM).strip()
        said = block.options.get("command")
        if not name.startswith(PROGRAM) or not program or said is None or _is_off(block):
            continue
        known = {"program_name": program, "here": block.here, "group_name": program}
        directory = block.options.get("directory")
        user = block.options.get("user")
        one = of_command(
            KIND,
            program,
            expanded(said.text, known) or said.text,
            said.place,
            ("numprocs", *_numprocs(block)),
            folder=(expanded(directory.text, known) or "") if directory is not None else "",
            environment={**general, **_environment(block, program)},
        )
        if one is not None:
            yield one._replace(user=_effective("user", user) if user is not None else None)


def _is_off(block: Block) -> bool:
    """Whether supervisor leaves it to people to start the program."""
    said = block.options.get("autostart")
    return said is not None and said.text.strip().lower() in FALSE


def _numprocs(block: Block) -> tuple[int | None, Place | None]:
    said = block.options.get("numprocs")
    if said is None:
        return 1, None
    text = said.text.strip()
    return (int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None), said.place


def expanded(text: str, known: Mapping[str, str]) -> str | None:
    """``%(program_name)s`` filled in, ``%%`` undone; None where something is asked for that isn't known here. The
    number of a process is 0, which is that of one of them."""
    try:
        return text % {**known, "process_num": 0, "numprocs": 1, "host_node_name": "host"}
    except (KeyError, ValueError, TypeError):
        return None


def _environment(block: Block, program: str) -> dict[str, Effective]:
    """``KEY="value",KEY2="value2"``, cut up as supervisor does (``dict_of_key_value_pairs``)."""
    said = block.options.get("environment")
    if said is None:
        return {}
    from shlex import shlex

    lexer = shlex(said.text)
    lexer.wordchars += "/.+-():"
    try:
        words = list(lexer)
    except ValueError:
        return {}
    found: dict[str, Effective] = {}
    for at in range(0, len(words) - 2, 4):
        name, sign, value = words[at : at + 3]
        if sign != "=":
            break
        text = expanded(value.strip("'\""), {"program_name": program, "here": block.here, "group_name": program})
        found[name] = _effective(name, said, text, known=text is not None)
    return found


def _effective(name: str, said: Option, text: str | None = None, *, known: bool = True) -> Effective:
    place = said.place
    if known:
        value = text if text is not None else said.text
        return Effective(name, value, Written(place, said.document.place(said.value), value))
    return Effective(name, None, Unknown("supervisor fills it in", place))
