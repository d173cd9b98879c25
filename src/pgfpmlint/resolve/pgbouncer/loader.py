"""Reads a pgbouncer.ini and what it includes, in the order in which PgBouncer does."""

from __future__ import annotations

from pgfpmlint.catalog.pgbouncer import load as catalog
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.fix import SAFE, UNSAFE, Fix, line_above, without_lines, written
from pgfpmlint.formats import pgbouncer_ini
from pgfpmlint.resolve.pgbouncer import start
from pgfpmlint.resolve.pgbouncer.entries import DATABASES, PEERS, RESERVED, USERS, Entries, Line
from pgfpmlint.resolve.pgbouncer.machine import BouncerMachine
from pgfpmlint.resolve.pgbouncer.objections import Objections
from pgfpmlint.resolve.pgbouncer.reading import BouncerReading
from pgfpmlint.resolve.pgbouncer.settings import Settings
from pgfpmlint.resolve.pgbouncer.template import is_open
from pgfpmlint.resolve.pgbouncer.userlist import UserlistReading
from pgfpmlint.resolve.pgbouncer.userlist import read as read_userlist
from pgfpmlint.resolve.pgbouncer.value import shown
from pgfpmlint.resolve.settings import Reading, Unread
from pgfpmlint.source import paths
from pgfpmlint.source.machine import Machine
from pgfpmlint.source.text import Place, Source
from pgfpmlint.source.tree import Root, Unreadable
from pgfpmlint.syntax.document import Assignment, Document, Include, Malformed, Section

MAIN = "pgbouncer"
_DEEPEST = 10  # MAX_INCLUDE in cfparser.c
_MOST_FILES = 1000  # ours: ten levels that include each other twice are a thousand files already


def load(
    root: Root, path: str, version: ServerVersion, fragment: bool, started_in: str, marks: tuple[str, ...]
) -> BouncerReading:
    return _Loader(root, path, version, fragment, started_in, marks).load()


class _Loader:
    """``_section`` is the section that a key belongs to: None before the first one, "" where nobody knows."""

    def __init__(
        self, root: Root, path: str, version: ServerVersion, fragment: bool, started_in: str, marks: tuple[str, ...]
    ) -> None:
        self._marks = marks
        self._root = root
        self._path = paths.normal(path)
        self._version = version
        self._fragment = fragment
        self._started_in = started_in
        self._objections = Objections(version)
        self._settings = Settings(self._objections)
        self._entries = {name: Entries(name, self._objections, marks) for name in (DATABASES, USERS, PEERS)}
        self._documents: dict[str, Document] = {}
        self._unread: list[Unread] = []
        self._section: str | None = None
        self._has_main = False
        self._template = False
        self._files = 0

    def load(self) -> BouncerReading:
        main = self._read(self._path, self._root.read(self._path))
        if self._fragment:
            self._section = _guess(main)
        self._follow(main, ())
        if any(document.source.is_made for document in self._documents.values()):
            self._settings.settle()
        self._objections.muted = False
        if not self._fragment:
            self._whole(main)
        settings = self._settings.finish()
        reading = Reading(
            "pgbouncer.ini",
            self._version,
            tuple(self._documents.values()),
            self._objections.found,
            tuple(self._unread),
        )
        databases, users, peers = (self._entries[name].found() for name in (DATABASES, USERS, PEERS))
        return BouncerReading(
            reading,
            settings,
            databases,
            users,
            peers,
            self._userlist(),
            self._settings.anchor,
            self._settings.uncertain,
            frozenset(self._entries[DATABASES].accounts),
        )

    def _whole(self, main: Document) -> None:
        """What only a whole configuration can lack or contradict."""
        if not self._has_main and not self._template and self._section != "":
            first = next((node for node in main.statements if isinstance(node, (Section, Assignment))), None)
            place = main.node_place(first) if first else Place(main.source, 0, 0)
            self._objections.add(
                "pooler/no-main-section", place, "load_init_file: main section missing from config file"
            )
        start.check(self._settings, self._objections)
        if not self._unread and not self._template:
            BouncerMachine(Machine(self._root), self._started_in, self._settings, self._objections).check()

    def _read(self, path: str, source: Source) -> Document:
        self._files += 1
        if path not in self._documents:
            self._documents[path] = pgbouncer_ini.parse(source, path, self._version)
        return self._documents[path]

    def _follow(self, document: Document, above: tuple[str, ...]) -> None:
        above = (*above, document.path)
        self._settings.leave_run()
        wild = list(document.source.wild)
        for node in document.statements:
            while wild and wild[0] < node.start:
                self._wait(document, document.source.place(wild[0], wild[0] + 1))
                del wild[0]
            if isinstance(node, Assignment):
                self._assign(document, node)
            elif isinstance(node, Section):
                self._enter(document, node)
            elif isinstance(node, Include):
                self._include(document, node, above)
            elif isinstance(node, Malformed):
                self._malformed(document, node)
        for offset in wild:
            self._wait(document, document.source.place(offset, offset + 1))

    def _enter(self, document: Document, node: Section) -> None:
        name, place = node.name.text, Place(document.source, node.name.start - 1, node.name.end + 1)
        known = [MAIN, DATABASES, USERS, *((PEERS,) if self._objections.since(1, 19) else ())]
        self._objections.muted = False
        self._section = name
        self._settings.leave_run()
        if name == MAIN:
            self._has_main = True
            self._settings.restart(place)
        elif is_open(name, self._marks):
            self._wait(document, place)
        elif name not in known:
            from pgfpmlint.resolve.pgbouncer import advice

            self._section = ""
            self._has_main = self._has_main or advice.meant(name, known) == MAIN
            values = {"name": name, "version": self._version, **advice.section(name, known)}
            says = f'invalid section "{name}" in configuration'
            fix = written(place, str(values["meant"])) if values.get("meant") else None
            self._objections.add("pooler/unknown-section", place, says, values, fix=fix)

    def _assign(self, document: Document, node: Assignment) -> None:
        assert node.value is not None
        section, name, text = self._section, node.key.text, node.value.text
        if section == MAIN:
            place, line = document.place(node.value), document.node_place(node)
            parameter = catalog().parameters.get(name)
            known = parameter is not None and (self._version.assumed or parameter.known_to(self._version))
            if parameter is None or not known:
                self._unknown(document.place(node.key), name, text)
            elif name == "auth_dbname" and text == RESERVED and self._objections.since(1, 20):
                says = f'cannot use the reserved "{RESERVED}" database as an auth_dbname'
                self._objections.add("pooler/reserved-database-name", place, says, {"name": text, "where": name})
            elif is_open(text, self._marks):
                self._settings.wait(name, line)
            else:
                self._settings.assign(parameter, text, place, line)
        elif section in self._entries:
            self._entries[section].add(Line(section, document.source, node.key, node.value))
        elif section is None and not self._fragment:
            says = f"load_init_file: value without section: {name}"
            place = document.place(node.key)
            fix = _headed(document, place) if name in catalog().parameters and not self._objections.found else None
            self._objections.add("pooler/value-without-section", place, says, {"name": name}, fix=fix)

    def _unknown(self, place: Place, name: str, text: str) -> None:
        if self._version.is_beyond:
            return  # it may have come with that version
        from pgfpmlint.resolve.pgbouncer import advice

        says = f"unknown parameter: {MAIN}/{name}"
        values = {"name": name, "version": self._version, **advice.parameter(name, text, self._version)}
        meant = catalog().parameters.get(str(values.get("meant", "")))
        fix = None
        if meant is not None and shown(meant, text, self._version) is not None:
            fix = written(place, meant.name, UNSAFE if self._settings.current(meant.name).is_written else SAFE)
        self._objections.add("pooler/unknown-parameter", place, says, values, fix=fix)

    def _malformed(self, document: Document, node: Malformed) -> None:
        place = Place(document.source, node.at, node.until)
        if is_open(document.node_place(node).text if document.source.is_made else place.text, self._marks):
            self._wait(document, place)
            return
        from pgfpmlint.resolve.pgbouncer import advice

        values = {"reason": advice.syntax(place.text)}
        self._objections.add("pooler/syntax-error", place, node.says, values, sure=True, fix=advice.readable(place))
        if place.text.startswith("["):  # what was meant to be a section: nobody knows where the keys below it belong
            self._section, self._has_main, self._objections.muted = "", True, True

    def _wait(self, document: Document, place: Place) -> None:
        """A line that a template replaces: what it becomes may be anything, and choose between the lines around it."""
        path = document.source.path
        if document.source.is_made:
            if self._section in (MAIN, "", None):
                self._settings.doubt("a template may set it")
            self._section = self._section or ""
        if not any(unread.path == path for unread in self._unread):
            self._unread.append(Unread(path, "is a template: it holds placeholders", place))
        self._template = True
        self._settings.leave_run()
        for entries in self._entries.values():
            entries.leave_run()

    def _include(self, document: Document, node: Include, above: tuple[str, ...]) -> None:
        place, target = document.place(node.target), node.target.text
        if not target:
            place = document.place(node.directive)
        path = self._target(document, target)
        if is_open(target, self._marks):
            self._skip(Unread(target, "is a template's placeholder", place))
            return
        if path in above or len(above) > _DEEPEST:
            says = "include nesting level too deep, stopping loading"
            self._objections.add("pooler/include-too-deep", place, says, {"target": target, "deepest": _DEEPEST})
            return
        if target.endswith("/") and path is not None and self._root.is_file(path):
            values = {"target": target, "hint": "; the / at its end makes it a folder's name"}
            says = f'could not load file "{target}": Not a directory'
            says = says if self._objections.since(1, 16) else "cannot load config file"
            self._objections.add("pooler/include-missing", place, says, values)
            return
        if self._files >= _MOST_FILES:
            self._skip(Unread(target, f"more than {_MOST_FILES} files are included", place))
            return
        try:
            if path is None:
                raise Unreadable("No such file or directory", missing=True)
            included = self._read(path, self._root.read(path))
        except Unreadable as error:
            if path is not None and self._root.is_folder(path):
                return  # PgBouncer reads a folder as an empty file
            from pgfpmlint.resolve.pgbouncer import advice

            hint = advice.never_there(target)
            known = self._started_in or (target.startswith("/") and self._root.complete)
            if error.missing and (hint or known):
                says = f'could not load file "{target}": No such file or directory'
                if not self._objections.since(1, 16):
                    says = "cannot load config file"
                self._objections.add("pooler/include-missing", place, says, {"target": target, "hint": hint})
                self._objections.muted = True
                return
            shown = self._root.shown(path) if path is not None else target
            self._skip(Unread(shown, error.why, place, there=not error.missing and not error.is_device))
            return
        self._follow(included, above)
        self._settings.leave_run()

    def _target(self, document: Document, target: str) -> str | None:
        """The path of an included file; None where it is not in the tree. A relative one counts from the working
        directory of the process; where that is not known, it is looked for beside the file, then beside the main one.
        """
        if target.startswith("/") or (target and self._started_in):
            return paths.join(self._started_in, target)
        beside = [paths.join(paths.folder(path), target) for path in (document.path, self._path)] if target else []
        return next((path for path in beside if self._root.is_file(path)), None)

    def _skip(self, unread: Unread) -> None:
        self._unread.append(unread)
        if self._section in (MAIN, None, ""):
            self._settings.doubt(f"{unread.path} may set it, and can't be read here")
        if self._section is None:
            self._section = ""
        # The file may have opened another section, so nothing is sure about the keys that follow.
        self._objections.muted = True

    def _userlist(self) -> UserlistReading | None:
        """auth_file, where auth_type makes PgBouncer read it."""
        file, method = self._settings.current("auth_file"), self._settings.current("auth_type")
        if not file.value or method.value in (None, "any", "pam"):
            return None
        try:
            folder = self._started_in or paths.folder(self._path)
            return read_userlist(self._root, paths.join(folder, file.value), self._version, self._marks)
        except Unreadable:
            return None


def _headed(document: Document, first: Place) -> Fix:
    """[pgbouncer] above the ``first`` key that has no section, in the stead of a [pgbouncer] that comes next."""
    edits = [line_above(first, f"[{MAIN}]")]
    section = next((node for node in document.statements if isinstance(node, Section)), None)
    if section is not None and section.name.text == MAIN:
        edits.append(without_lines(document.node_place(section)))
    return Fix(SAFE, tuple(edits))


def _guess(main: Document) -> str | None:
    """The section that a fragment continues: what its keys before any section look like."""
    from pgfpmlint.resolve.pgbouncer import advice

    for node in main.statements:
        if isinstance(node, Section):
            return None
        if isinstance(node, Assignment) and node.value is not None:
            if node.key.text in catalog().parameters:
                return MAIN
            if advice.looks_like_database(node.value.text):
                return DATABASES
    return None
