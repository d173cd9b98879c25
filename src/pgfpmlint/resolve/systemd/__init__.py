"""What a server's unit says of its limits: the unit itself, then its drop-ins, of which the last word counts.

See systemd.unit(5): of files with one name the one in the foremost folder counts, and drop-ins are read in the order
of their names, whatever folder they lie in. An empty value takes back what was said before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pgfpmlint.catalog.version import SYSTEMD, ServerVersion
from pgfpmlint.finding.problem import Problem
from pgfpmlint.formats.systemd_unit import KIND, parse
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.settings import Effective, Reading, Unknown, Written
from pgfpmlint.resolve.systemd.values import READ
from pgfpmlint.source.text import Place
from pgfpmlint.source.tree import Root, Unreadable
from pgfpmlint.syntax.document import Assignment, Document, Malformed, Section

VERSION = ServerVersion(SYSTEMD, (), "")

OF_MANAGER = {"DefaultLimitNOFILE": "LimitNOFILE", "DefaultTasksMax": "TasksMax"}
"""https://www.freedesktop.org/software/systemd/man/latest/systemd-system.conf.html"""

TEMPLATE = "postgresql@.service"

UNSAID = "the unit does not say"


class UnitReading(NamedTuple):
    """``name`` is that of the unit, ``settings`` what its [Service] sets of `READ`. ``whole``: the unit itself is
    among the files, not drop-ins alone. ``broken``: a file of it is one that systemd does not load. ``anchor`` is the
    first [Service], for what none of them says."""

    reading: Reading
    name: str
    settings: Mapping[str, Effective]
    whole: bool
    broken: bool = False
    anchor: Place | None = None

    def setting(self, name: str) -> Effective:
        """None is its value where nothing says it, and where nobody can tell."""
        if self.broken or name not in self.settings:
            return Effective(name, None, Unknown(UNSAID, None))
        return self.settings[name]


def read(root: Root, name: str, files: Sequence[str], *, whole: bool, idle: Sequence[str] = ()) -> UnitReading:
    """``files`` are machine paths: the manager's, the unit's own where it is ``whole``, then the drop-ins in their
    order. What the ``idle`` ones set concerns no server."""
    found: dict[str, Effective] = {}
    documents: list[Document] = []
    problems: list[Problem] = []
    broken = False
    for path in files:
        try:
            document = parse(root.read(path), path)
        except Unreadable:
            broken = True
            continue
        documents.append(document)
        broken |= _take(document, found, problems)
    for path in idle:
        other: dict[str, Effective] = {}
        try:
            document = parse(root.read(path), path)
        except Unreadable:
            continue
        documents.append(document)
        _take(document, other, [])
        problems += [_of_umbrella(setting, name, path) for setting in other.values()]
    reading = Reading(KIND, VERSION, tuple(documents), tuple(problems))
    return UnitReading(reading, name, found, whole, broken, _service(documents))


def _service(documents: Sequence[Document]) -> Place | None:
    for document in documents:
        for node in document.parts:
            if isinstance(node, Section) and node.name.text == "Service":
                return document.node_place(node)
    return None


def _take(document: Document, found: dict[str, Effective], problems: list[Problem]) -> bool:
    """Add what a file sets; whether systemd refuses it as a whole."""
    section = None
    for node in document.parts:
        if isinstance(node, Section):
            section = node.name.text
        elif isinstance(node, Malformed) and node.says.startswith("Invalid section header"):
            return True
        elif isinstance(node, Assignment) and node.value is not None:
            key, text = node.key.text, node.value.text
            place = document.node_place(node)
            if section == "Manager":
                key, section = OF_MANAGER.get(key, ""), "Service"
            if key not in READ:
                continue
            if section != "Service":
                says = f"Unknown key '{key}' in section [{section}]" if section else "Assignment outside of section"
                problems.append(_problem(place, says, f"[{section}]" if section else "no section"))
                continue
            value = READ[key](text) if text else ""
            if value is None:
                problems.append(_problem(place, f"Failed to parse {text!r}", "[Service]"))
                continue
            before = found.pop(key, None)
            shadowed = (*before.shadowed, before.origin) if before and isinstance(before.origin, Written) else ()
            if value:
                written = Written(place, document.place(node.value), text)
                found[key] = Effective(key, value, written, shadowed)
    return False


def _of_umbrella(setting: Effective, name: str, path: str) -> Problem:
    assert isinstance(setting.origin, Written)
    place = setting.origin.place
    other = path.rpartition("/")[0].rpartition("/")[2].removesuffix(".d")
    values = {"text": place.text.partition("\n")[0], "other": other, "unit": name, "template": TEMPLATE}
    return Problem(
        "capacity/limit-of-unit-that-starts-nothing", place, "it starts nothing", refuses=False, values=values
    )


def _problem(place: Place, says: str, section: str) -> Problem:
    better = "write it in [Service]" if says[:6] != "Failed" else "write a number, like 65536 or 4G, or infinity"
    values = {"text": place.text.partition("\n")[0], "section": section, "advice": better}
    return Problem("capacity/unit-limit-passed-over", place, says, refuses=False, values=values)
