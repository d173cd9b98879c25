"""Reads the files of one PHP-FPM master, includes followed, into sections.

FPM stops at its first objection; this reader goes on, so that one run shows all that can be known. The functions of
https://github.com/php/php-src/blob/master/sapi/fpm/fpm/fpm_conf.c that it follows are fpm_conf_load_ini_file() and
fpm_conf_ini_parser_section(), _entry(), _array() and _include().
"""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.catalog import php_fpm as catalog
from pgfpmlint.catalog.php_fpm import Directive
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.problem import Problem
from pgfpmlint.formats import php_fpm as format_
from pgfpmlint.formats.zend_ini import expanded
from pgfpmlint.resolve import glob
from pgfpmlint.resolve.fpm import paths as fpm_paths
from pgfpmlint.resolve.fpm.openings import TEMPLATE, first_word, leave_open, placeholder
from pgfpmlint.resolve.fpm.sections import Entry, SectionDraft
from pgfpmlint.resolve.fpm.value import Refused, boolean, reads_part_of_a_time, shown
from pgfpmlint.resolve.settings import FILLED_IN, Marks, Unread, Written
from pgfpmlint.source import paths
from pgfpmlint.source.text import HOLE, Place
from pgfpmlint.source.tree import Root, Unreadable
from pgfpmlint.syntax.document import Assignment, Document, Include, Malformed, Section, Value

DEEPEST = 5
"""Files that FPM has open at once, the first one included."""

NO_VALUE = "value is NULL for a ZEND_INI_PARSER_ENTRY"


class Reader:
    """``environment`` is FPM's, where it is known; else values with ``${NAME}`` in them are unknown."""

    def __init__(
        self, root: Root, version: ServerVersion, environment: Mapping[str, str] | None, *, fragment: bool, marks: Marks
    ) -> None:
        # ${…} is FPM's own, and asked of its environment.
        self._marks = tuple(mark for mark in marks if mark != "${")
        self.root = root
        self.version = version
        self.environment = environment
        self.fragment = fragment
        self.catalog = catalog.load()
        self.globals = SectionDraft("global", dict(self.catalog.globals), version)
        self.pools: dict[str, SectionDraft] = {}
        self.documents: list[Document] = []
        self.problems: list[Problem] = []
        self.unread: list[Unread] = []
        self.templates: set[str] = set()
        self.includes: list[Place] = []
        self.current = self.globals
        # Whether it is certain which section lines go to: not after a file that could not be read, which may have
        # opened another, and not at the start of a file that php-fpm.conf includes we don't know where.
        self.certain = not fragment
        self.incomplete = False

    @property
    def partial(self) -> bool:
        """Whether the master may have more sections or settings than were read."""
        return self.fragment or self.incomplete or bool(self.unread)

    @property
    def nowhere(self) -> Place:
        """Where to point at when there is no pool: what includes the pools, else the beginning."""
        source = self.documents[0].source
        return self.includes[-1] if self.includes else source.line_place(1)

    def start(self, path: str) -> None:
        """Read one of the files that were named, as if nothing but ``[global]`` had been opened."""
        self.current, self.certain = self.globals, not self.fragment
        self.file(path)

    def file(self, path: str, place: Place | None = None, depth: int = 1) -> None:
        """Read one file; ``place`` is what includes it."""
        try:
            source = self.root.read(path)
        except Unreadable as error:
            self._lost(self.root.shown(path), error.why, place, there=not error.missing and not error.is_device)
            return
        document = format_.parse(source, path, self.version)
        self.documents.append(document)
        self._look_for_placeholders(document)
        for node in document.statements:
            if isinstance(node, Section):
                self._section(document, node)
            elif isinstance(node, Assignment):
                self._assignment(document, node)
            elif isinstance(node, Include):
                self._include(document, node, depth)
            elif isinstance(node, Malformed):
                self._malformed(document, node)

    def _look_for_placeholders(self, document: Document) -> None:
        """A template is read as far as it goes; what it lacks and how it looks is not held against it."""
        place = placeholder(document, self._marks)
        if place is not None:
            self.templates.add(document.source.path)
            self.unread.append(Unread(document.path, TEMPLATE, place))
        for offset in document.source.wild[:1]:
            leave_open(self.unread, document.source.place(offset, offset + 1))

    def _lost(self, path: str, why: str, place: Place | None, *, there: bool = False) -> None:
        self.unread.append(Unread(path, why, place, there))
        self.certain = False

    def _object(self, rule: str, place: Place, says: str, *, refuses: bool = True, **values: object) -> None:
        self.problems.append(Problem(rule, place, says, refuses, values))

    def _section(self, document: Document, node: Section) -> None:
        # A name from the environment is not known; as written it is at least not another pool's.
        name = expanded(node.name, self.environment)
        if name is None or HOLE in name:
            name = document.place(node.name).surface.text
        self.certain = True
        if name.lower() == "global":
            self.current = self.globals
        else:
            if name.lower() not in self.pools:
                self.pools[name.lower()] = SectionDraft(name, dict(self.catalog.pool), self.version)
            self.current = self.pools[name.lower()]
        self.current.headers.append(document.node_place(node))

    def _malformed(self, document: Document, node: Malformed) -> None:
        place = document.source.place(node.at, node.until)
        if HOLE in document.node_place(node).text:
            leave_open(self.unread, document.node_place(node))
            return
        self._syntax_error(place if place.text.strip() else document.node_place(node), node.says)
        text = document.node_place(node).text
        if text.startswith("["):
            # Whichever section this was to be, what follows belongs to none that is known.
            self.current = SectionDraft(text, dict(self.catalog.pool), self.version)
            self.current.headers.append(document.node_place(node))
            self.certain = False
            self.incomplete = True
        else:
            self.current.doubtful.add(first_word(text.partition("=")[0]))

    def _syntax_error(self, place: Place, says: str) -> None:
        from pgfpmlint.resolve.php_syntax import meaning

        reason, advice = meaning(says, place.text)
        self._object("fpm/syntax-error", place, says, reason=reason, advice=advice)

    # Assignments

    def _assignment(self, document: Document, node: Assignment) -> None:
        if HOLE in node.key.text or (node.subscript is not None and HOLE in node.subscript.text):
            leave_open(self.unread, document.node_place(node))
        elif node.value is None:
            self.current.doubtful.add(first_word(node.key.text))
            self._syntax_error(document.place(node.key), NO_VALUE)
        elif node.subscript is not None:
            self._item(document, node, node.value, node.subscript)
        else:
            self._directive(document, node, node.value)

    def _directive(self, document: Document, node: Assignment, value: Value) -> None:
        name = node.key.text.lower()
        directive = self._known(name)
        if directive is None:
            if self.certain or not self._known(name, self.catalog.globals if self._in_pool else self.catalog.pool):
                self._unknown(document, node.key, f"unknown entry '{node.key.text}'")
            return
        entry = self._entry(document, node, value, expands_pool=directive.type == "string")
        if entry.text is not None:
            entry = entry._replace(value=self._shown(document, value, directive, entry.text))
        self.current.take(directive.name, entry)

    def _shown(self, document: Document, value: Value, directive: Directive, text: str) -> str | None:
        """The value as -tt prints it; None, with an objection, where FPM refuses it."""
        name = directive.name
        try:
            if directive.type == "string" and not self._in_pool and self.certain and "$pool" in text:
                raise Refused(
                    "Can't use '$pool' when the pool is not defined", "[global] has no pool to take $pool from"
                )
            found = shown(directive, text, self.version)
        except Refused as refused:
            self._invalid(
                document, value, name, f"unable to parse value for entry '{name}': {refused.says}", refused.wants
            )
            return None
        if directive.type == "time" and reads_part_of_a_time(text):
            place, taken = document.place(value), f"{found.removesuffix('s')} s"
            self._object("fpm/time-unit-ignored", place, "", refuses=False, name=name, value=text, taken=taken)
        return found

    @property
    def _in_pool(self) -> bool:
        return self.current is not self.globals

    def _known(self, name: str, directives: Mapping[str, Directive] | None = None) -> Directive | None:
        """The directive, if a server that may be the one in play knows it: what only some builds have, they may."""
        directive = (self.current.directives if directives is None else directives).get(name)
        if directive is None or self.version.assumed or directive.build or directive.known_to(self.version):
            return directive
        return None

    def _unknown(self, document: Document, key: Value, says: str) -> None:
        from pgfpmlint.resolve.fpm.unknown import advice

        found = advice(document.place(key), self.current, self.catalog, self.version, in_pool=self._in_pool)
        if found.meant:
            self.current.doubtful.add(found.meant)
        if self.version.is_beyond:
            return  # it may have come with that version
        section = "a pool" if self._in_pool else "[global]"
        values = {"name": key.text, "section": section, "hint": found.hint, "advice": found.advice}
        place = document.place(key)
        self.problems.append(Problem("fpm/unknown-directive", place, says, True, values, fix=found.fix))

    def _invalid(self, document: Document, value: Value, name: str, says: str, reason: str) -> None:
        place = document.place(value) if value.end > value.start else document.source.line_of(value.start)
        from pgfpmlint.resolve.fpm.refused import refused

        self.problems.append(Problem("fpm/invalid-value", place, says, True, refused(name, reason)))

    def _entry(self, document: Document, node: Assignment, value: Value, *, expands_pool: bool) -> Entry:
        written = Written(document.node_place(node), document.place(value), value.text)
        raw = written.value_place.text
        if HOLE in raw or (written.place.path in self.templates and any(mark in raw for mark in self._marks)):
            return Entry(written, None, None, FILLED_IN)
        text = expanded(value, self.environment)
        if text is None:
            return Entry(written, None, None, f"{document.place(value).text} depends on PHP-FPM's environment")
        # A name that holds $pool itself would be expanded for ever, and is by FPM.
        if expands_pool and self._in_pool and "$pool" not in self.current.name:
            text = text.replace("$pool", self.current.name)
        return Entry(written, text, None)

    def _item(self, document: Document, node: Assignment, value: Value, subscript: Value) -> None:
        array, key = self.catalog.arrays.get(node.key.text), node.key
        suppresses = key.text == "access.suppress_path" and (self.version.assumed or self.version.at_least(8, 2))
        index = expanded(subscript, self.environment)
        entry = self._entry(document, node, value, expands_pool=array is not None and array.type == "string")
        name = f"{key.text}[{subscript.text}]"
        if suppresses and index:
            says = "Keys provided to field 'access.suppress_path' are ignored"
            self._invalid(document, subscript, name, says, "it takes no key between the brackets")
        elif suppresses and entry.text is not None and not entry.text.startswith("/"):
            says = "Values provided to field 'access.suppress_path' must begin with '/'"
            self._invalid(document, value, name, says, "the path must begin with /")
        elif not suppresses and index == "":
            field = f"You must provide a key for field '{key.text}'"
            says = field if self.version.at_least(8, 2) else "Misspelled  array ?"
            self._invalid(document, key, name, says, "a name must stand between the brackets")
        elif not self._in_pool:
            if self.certain:
                self._unknown(document, key, "Array are not allowed in the global section")
        elif array is None or (array.name == "access.suppress_path" and not suppresses):
            self._unknown(document, key, f"unknown directive '{key.text}'")
        else:
            self._item_of(document, array, index, value, entry)

    def _item_of(self, document: Document, array: Directive, index: str | None, value: Value, entry: Entry) -> None:
        name = f"{array.name}[{index}]"
        if entry.text is not None:
            item = entry.text
            if array.type == "bool":
                try:
                    item = "1" if boolean(item, self.version) else "0"
                except Refused as refused:
                    self._invalid(
                        document, value, name, f"error while parsing '{name}' : {refused.says}", refused.wants
                    )
                    return
            elif array.name == "env" and not expanded(value, self.environment):  # $pool may be nothing, and is later
                self._invalid(document, value, name, "empty value", "an environment variable must not be empty")
                return
            entry = entry._replace(value=item)
        if index is not None:
            self.current.take_item(array.stored, index or entry.text or "", entry)

    # Includes

    def _include(self, document: Document, node: Include, depth: int) -> None:
        place = document.place(node.target) if node.target.text else document.node_place(node)
        self.includes.append(place)
        target = expanded(node.target, self.environment)
        if target is None:
            self._lost(place.text, "its name depends on PHP-FPM's environment", place)
            return
        if HOLE in target:
            self._lost(place.surface.text, "its name is a template's placeholder", place)
            return
        if not target:
            return  # FPM takes it for the prefix itself, which is a folder, and passes over it
        pattern = fpm_paths.include_pattern(target, document.path)
        folder = glob.fixed_folder(pattern)
        if (
            not self.root.complete
            and not self.root.is_folder(folder)
            and not fpm_paths.is_below(folder, paths.folder(document.path))
        ):
            self._lost(pattern, "the tree does not hold its folder", place)
            return
        try:
            # The glob() that PHP 8.5 brought takes a / at the end for a folder, even behind a plain name.
            folders = pattern.endswith("/") and self.version.at_least(8, 5)
            found = [] if folders else glob.matches(self.root, pattern)
        except glob.NoSuchFolder as error:
            if self.version.at_least(8, 5):  # has a glob() of its own, to which a missing folder is an empty one
                self._nothing_matches(pattern, place)
            else:
                self._no_folder(pattern, error.folder, place)
            return
        if not found:
            self._nothing_matches(pattern, place)
        for path in found:
            if depth == DEEPEST:
                word = "recursively" if self.version.at_least(8) else "recusively"
                says = f"failed to include more than {DEEPEST} files {word}"
                self._object("fpm/include-too-deep", place, says, path=path, deepest=DEEPEST)
                return
            self.file(path, place, depth + 1)

    def _no_folder(self, pattern: str, folder: str, place: Place) -> None:
        """Certain on a whole machine; in a part of one only when a folder next to it holds what the pattern wants."""
        self.incomplete = True
        if not self.root.complete:
            beside = [] if place.source.is_made else fpm_paths.siblings(self.root, folder)
            # Next to a top folder, such as the /usr that a relative pattern starts from, lies anything.
            if paths.folder(folder) == "/" or not any(
                glob.fits(name, paths.name(pattern)) for path in beside for name in self.root.names(path)
            ):
                self._lost(pattern, "the tree does not hold its folder", place)
                return
        says = f"Unable to globalize '{pattern}' (ret=2)"
        self._object("fpm/include-missing", place, says, pattern=pattern, folder=folder)

    def _nothing_matches(self, pattern: str, place: Place) -> None:
        folder = glob.fixed_folder(pattern)
        locked = fpm_paths.locked(self.root, folder)
        if locked:
            self._lost(self.root.shown(folder), locked, place, there=True)
            return
        if (
            not place.source.is_made
            and not glob.has_wildcards(pattern)
            and not self.root.is_folder(glob.plain(pattern))
        ):
            says = f"Nothing matches the include pattern '{pattern}'"
            self._object("fpm/include-matches-nothing", place, says, refuses=False, pattern=pattern)
        if not self.root.complete:
            self._lost(pattern, "the tree holds no such file", place)
