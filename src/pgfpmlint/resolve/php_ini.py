"""php.ini and the files of its conf.d, as one PHP reads them.

See php_init_config() and php_ini_parser_cb() in https://github.com/php/php-src/blob/master/main/php_ini.c: files are
read one after the other, later settings win, and a file ends where it can't be understood, with a message and no more.
"""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.catalog.php_ini import DEFAULTS, REMOVED, UNEMPTY
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.fix import removed
from pgfpmlint.finding.problem import Label, Problem
from pgfpmlint.formats import php_ini as format_
from pgfpmlint.formats.zend_ini import expanded, integer
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.php_sizes import mended, misread
from pgfpmlint.resolve.settings import DEPENDS, FILLED_IN, Default, Effective, Reading, Unknown, Unread, Written
from pgfpmlint.source.text import HOLE, Place
from pgfpmlint.source.tree import Root, Unreadable
from pgfpmlint.syntax.document import Assignment, Document, Malformed, Node, Section, Value

EXTENSIONS = ("extension", "zend_extension")
"""Directives that add to a list instead of setting something."""

NO_MAIN = "the tree does not hold the php.ini that goes with it"


class PhpIniReading(NamedTuple):
    """What one PHP is given. ``settings`` are by name, as written: case matters to PHP.

    ``sometimes`` are names that a ``[PATH=…]`` or ``[HOST=…]`` section sets, for requests that fit. ``extensions`` are
    loaded ones, without path and suffix. ``whole``: what is not set has its default.
    """

    reading: Reading
    settings: Mapping[str, Effective]
    sometimes: Mapping[str, Place]
    extensions: tuple[str, ...]
    whole: bool = True

    def setting(self, name: str) -> Effective:
        """Written, the default, or unknown: where the files leave it open, or a request decides."""
        found = self.settings.get(name)
        if name in self.sometimes:
            return Effective(name, None, Unknown("php.ini sets it for some requests", self.sometimes[name]))
        if found is not None:
            return found
        if not self.whole:
            return Effective(name, None, Unknown(NO_MAIN, None))
        return Effective(name, DEFAULTS.get(name), Default(self.reading.version, None))


class _Reader:
    def __init__(self, root: Root, version: ServerVersion, environment: Mapping[str, str] | None) -> None:
        self.root = root
        self.version = version
        self.environment = environment
        self.documents: list[Document] = []
        self.problems: list[Problem] = []
        self.unread: list[Unread] = []
        self.settings: dict[str, Effective] = {}
        self.sometimes: dict[str, Place] = {}
        self.extensions: list[str] = []

    def file(self, path: str) -> None:
        try:
            source = self.root.read(path)
        except Unreadable as error:
            there = not error.missing and not error.is_device
            self.unread.append(Unread(self.root.shown(path), error.why, None, there))
            return
        document = format_.parse(source, path, self.version)
        self.documents.append(document)
        for offset in source.wild[:1]:
            self._filled(source.place(offset, offset + 1))
        special: Place | None = None
        lost: Place | None = None
        for node in document.statements:
            if isinstance(node, Section):
                # Only another such section, or the end of the file, ends one: plain sections mean nothing to PHP.
                if node.name.text[:4].upper() in ("PATH", "HOST"):
                    special, lost = document.node_place(node), None
                elif special is not None:
                    lost = document.node_place(node)
            elif source.is_made and HOLE in document.node_place(node).text and not _is_plain(node):
                self._filled(document.node_place(node))
            elif isinstance(node, Malformed):
                self._stop(document, node)
                break
            elif isinstance(node, Assignment) and node.value is not None and node.subscript is None:
                if special is None:
                    self._take(document, node)
                else:
                    self._take_sometimes(document, node, special, lost)

    def _filled(self, place: Place) -> None:
        """A template may bring lines there that nobody knows."""
        if not any(unread.path == place.path for unread in self.unread):
            self.unread.append(Unread(place.path, "is a template: it holds placeholders", place))

    def _take(self, document: Document, node: Assignment) -> None:
        assert node.value is not None
        name = node.key.text
        written = Written(document.node_place(node), document.place(node.value), node.value.text)
        value = self._text(node.value)
        if name in EXTENSIONS:
            self.extensions.append(_extension(value or ""))
            return
        self._object(name, value, written)
        if name in UNEMPTY and value == "":
            return
        before = self.settings.get(name)
        shadowed = (*before.shadowed, _written(before)) if before is not None else ()
        origin = written if value is not None else Unknown(_why(written), written.place)
        if written.place.condition and (before is None or before.value != value):
            value, origin = None, Unknown(DEPENDS, written.place)
        self.settings[name] = Effective(name, value, origin, tuple(one for one in shadowed if one is not None))

    def _object(self, name: str, value: str | None, written: Written) -> None:
        if value is None:
            return
        misunderstood = misread(name, value)
        if misunderstood is not None:
            self.problems.append(
                Problem(
                    "fpm/size-suffix", written.value_place, "", False, misunderstood, fix=mended(written.value_place)
                )
            )
        number = self.version.instead_of or self.version.number
        if name in REMOVED and number >= REMOVED[name] and integer(value):
            says = f"Directive '{name}' is no longer available in PHP"
            values = {"name": name, "version": str(self.version)}
            doubt = f"nothing tells which PHP reads {written.place.path}" if self.version.assumed else ""
            self.problems.append(
                Problem(
                    "php/removed-directive", written.place, says, True, values, doubt=doubt, fix=removed(written.place)
                )
            )

    def _take_sometimes(self, document: Document, node: Assignment, special: Place, lost: Place | None) -> None:
        self.sometimes.setdefault(node.key.text, document.node_place(node))
        if lost is not None:
            values = {"name": node.key.text, "special": special.text, "section": lost.text}
            related = (Label(special, "begins what holds for some requests only"), Label(lost, "does not end it"))
            place = document.node_place(node)
            self.problems.append(Problem("php/section-does-not-end-path", place, "", False, values, related))

    def _text(self, value: Value) -> str | None:
        """A ``${NAME}`` is a setting of that name, else the environment's; None where neither is known."""
        if HOLE in value.text:
            return None
        if not value.variables:
            return value.text
        known = {name: one.value for name, one in self.settings.items() if one.value is not None}
        if self.environment is None and any(variable.name not in known for variable in value.variables):
            return None
        return expanded(value, {**(self.environment or {}), **known})

    def _stop(self, document: Document, node: Malformed) -> None:
        from pgfpmlint.resolve.php_syntax import meaning

        place = document.source.place(node.at, node.until)
        if not place.text.strip():
            place = document.node_place(node)
        reason, advice = meaning(node.says, place.text)
        rest = sum(isinstance(other, Assignment) and other.start > node.start for other in document.statements)
        values = {"reason": reason, "advice": advice, "rest": rest, "settings": "setting" if rest == 1 else "settings"}
        self.problems.append(Problem("php/syntax-error", place, node.says, False, values))


def read(
    root: Root,
    paths: tuple[str, ...],
    version: ServerVersion,
    *,
    whole: bool = True,
    environment: Mapping[str, str] | None = None,
) -> PhpIniReading:
    """Read ``paths`` in their order. ``whole``: they are all that this PHP reads. ``environment`` is that of PHP, where
    it is known; without it what depends on a ``${NAME}`` is unknown."""
    reader = _Reader(root, version, environment)
    for path in paths:
        reader.file(path)
    reading = Reading("php.ini", version, tuple(reader.documents), tuple(reader.problems), tuple(reader.unread))
    return PhpIniReading(
        reading, reader.settings, reader.sometimes, tuple(reader.extensions), whole and not reader.unread
    )


def values(found: PhpIniReading) -> dict[str, object]:
    """What the files set, as ``ini_get()`` shows it."""
    return {name: one.value for name, one in found.settings.items() if one.value is not None}


def _written(effective: Effective) -> Written | None:
    return effective.origin if isinstance(effective.origin, Written) else None


def _is_plain(node: Node) -> bool:
    """Whether it is an assignment whose name is known."""
    if not isinstance(node, Assignment) or HOLE in node.key.text:
        return False
    return node.subscript is None or HOLE not in node.subscript.text


def _why(written: Written) -> str:
    return FILLED_IN if HOLE in written.raw else "it depends on PHP's environment"


def _extension(value: str) -> str:
    name = value.rpartition("/")[2]
    return name.removesuffix(".so").removesuffix(".dll").removeprefix("php_")
