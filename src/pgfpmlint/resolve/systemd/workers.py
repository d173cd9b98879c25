"""Units of systemd that run a worker: one process each, a template as many as it has instances.

Instances are told by the links that ``systemctl enable worker@1`` makes (``multi-user.target.wants/worker@1.service``)
and by what other units want (``Wants=worker@1.service``). See systemd.unit(5) and systemd.service(5).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.catalog.version import SYSTEMD, ServerVersion
from pgfpmlint.formats.systemd_unit import KIND, parse
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.settings import Effective, Reading, Written
from pgfpmlint.resolve.workers import ClientReading, WorkersReading, of_command
from pgfpmlint.source import paths
from pgfpmlint.source.tree import Root, Unreadable
from pgfpmlint.syntax.document import Assignment, Document, Section

VERSION = ServerVersion(SYSTEMD, (), "")
PREFIXES = "@-:+!|"
"""Signs before a command: https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Command%20lines"""

FOLDERS = (".wants", ".requires")
WANTING = ("Wants", "Requires", "Upholds", "BindsTo")


class Said(NamedTuple):
    """``key=value`` of a unit."""

    text: str
    document: Document
    node: Assignment


def read(root: Root, files: Sequence[str]) -> ClientReading | None:
    """``files`` are units of one machine that look as if they ran a worker."""
    documents: list[Document] = []
    workers: list[WorkersReading] = []
    for path in files:
        if paths.folder(path).endswith(FOLDERS):
            continue  # a link that enables a unit
        own = list(_documents(root, path))
        found = _worker(root, path, own) if own else None
        if found is not None:
            documents += own
            workers.append(found)
    return ClientReading(Reading(KIND, VERSION, tuple(documents), ()), tuple(workers)) if workers else None


def _documents(root: Root, path: str) -> Iterator[Document]:
    """The unit, then its drop-ins."""
    for name in (path, *(f"{path}.d/{name}" for name in _names(root, f"{path}.d") if name.endswith(".conf"))):
        try:
            yield parse(root.read(name), name)
        except Unreadable:
            continue


def _worker(root: Root, path: str, documents: Sequence[Document]) -> WorkersReading | None:
    service = _section(documents, "Service")
    commands = service.get("ExecStart", [])
    kind = service.get("Type", [])
    if not commands or (kind and kind[-1].text == "oneshot"):
        return None  # what ends at once holds no connection for long
    command = commands[-1]
    name = paths.name(path).removesuffix(".service")
    folder = service.get("WorkingDirectory", [])
    user = service.get("User", [])
    place = command.document.node_place(command.node)
    one = of_command(
        KIND,
        name.removesuffix("@"),
        command.text.lstrip(PREFIXES),
        place,
        ("instances", _instances(root, path, name), place) if name.endswith("@") else ("process", 1, place),
        folder=folder[-1].text.lstrip("-") if folder else "",
        environment=_environment(service.get("Environment", [])),
    )
    if one is None or not (one.framework or one.folder):
        return None
    return one._replace(user=_effective("user", user[-1]) if user else None)


def _section(documents: Sequence[Document], wanted: str) -> dict[str, list[Said]]:
    """What the files say in that section; an empty value takes back what was said before."""
    found: dict[str, list[Said]] = {}
    for document in documents:
        section = ""
        for node in document.parts:
            if isinstance(node, Section):
                section = node.name.text
            elif isinstance(node, Assignment) and node.value is not None and section == wanted:
                if node.value.text:
                    found.setdefault(node.key.text, []).append(Said(node.value.text, document, node))
                else:
                    found.pop(node.key.text, None)
    return found


def _instances(root: Root, path: str, name: str) -> int | None:
    """How many instances of a template anything here asks for; None where nothing does."""
    folder = paths.folder(path)
    found: set[str] = set()
    for one in _names(root, folder):
        if one.endswith(FOLDERS):
            found.update(each for each in _names(root, f"{folder}/{one}") if each.startswith(name))
        elif one.endswith((".target", ".service")) and f"{folder}/{one}" != path:
            unit = _section(list(_documents(root, f"{folder}/{one}")), "Unit")
            words = [word for key in WANTING for said in unit.get(key, []) for word in said.text.split()]
            found.update(word for word in words if word.startswith(name))
    return len({one for one in found if one.partition("@")[2] not in ("", ".service")}) or None


def _names(root: Root, folder: str) -> list[str]:
    try:
        return root.names(folder)
    except Unreadable:
        return []


def _environment(said: Sequence[Said]) -> dict[str, Effective]:
    """``Environment="A=1" B=2``."""
    from shlex import split

    found: dict[str, Effective] = {}
    for one in said:
        try:
            words = split(one.text)
        except ValueError:
            continue
        for word in words:
            name, sign, value = word.partition("=")
            if sign:
                found[name] = _effective(name, one, value)
    return found


def _effective(name: str, said: Said, text: str | None = None) -> Effective:
    value = text if text is not None else said.text
    assert said.node.value is not None
    place = said.document.node_place(said.node)
    return Effective(name, value, Written(place, said.document.place(said.node.value), value))
