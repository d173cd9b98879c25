"""php-fpm.conf with every pool file it includes, as one FPM master would run with it."""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.catalog import php_fpm as catalog
from pgfpmlint.catalog.php_fpm import Directive
from pgfpmlint.catalog.version import PHP, ServerVersion, newest
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.fpm import paths as fpm_paths
from pgfpmlint.resolve.fpm.checks import check
from pgfpmlint.resolve.fpm.effective import array_items, global_settings, pool_settings
from pgfpmlint.resolve.fpm.machine import FpmMachine
from pgfpmlint.resolve.fpm.reader import Reader
from pgfpmlint.resolve.fpm.repeats import repeats
from pgfpmlint.resolve.fpm.sizes import sizes
from pgfpmlint.resolve.fpm.surprises import surprises
from pgfpmlint.resolve.settings import PLACEHOLDERS, Default, Effective, Reading, Unknown
from pgfpmlint.source.machine import Machine
from pgfpmlint.source.text import HOLE, Place
from pgfpmlint.source.tree import Root

UNDEFINED = "undefined"
"""What ``php-fpm -tt`` prints for a directive that nothing sets and that has no default."""


class FpmPool(NamedTuple):
    """One pool, all its sections merged. ``sections`` are the places of its ``[name]`` headers, oldest first.

    ``settings`` holds what the files set, by lower-case directive. ``arrays`` holds ``env``, ``php_value``,
    ``php_admin_value`` … (flags under ``php_value``/``php_admin_value`` as FPM itself does): name to index to the
    entry that wins at run time, which for arrays is the first. ``derived`` are defaults that FPM works out from what
    the files set.
    """

    name: str
    sections: tuple[Place, ...]
    settings: Mapping[str, Effective]
    arrays: Mapping[str, Mapping[str, Effective]]
    derived: Mapping[str, str] = {}
    version: ServerVersion = newest(PHP)

    def setting(self, name: str) -> Effective:
        """Written, or the default of the version in play."""
        if name in self.settings:
            return self.settings[name]
        anchor = self.sections[0] if self.sections else None
        if name in self.derived:
            return Effective(name, self.derived[name], Default(self.version, anchor))
        return _default(name, catalog.load().pool, self.version, anchor)

    def entry(self, array: str, index: str) -> Effective | None:
        """``entry("env", "DB_HOST")``; None where the pool sets no such entry."""
        return self.arrays.get(array, {}).get(index)


class FpmReading(NamedTuple):
    reading: Reading
    globals: Mapping[str, Effective]
    pools: tuple[FpmPool, ...]

    def setting(self, name: str) -> Effective:
        """A directive of ``[global]``."""
        return self.globals.get(name) or _default(name, catalog.load().globals, self.reading.version, None)


def read(
    root: Root,
    paths: tuple[str, ...],
    version: ServerVersion,
    *,
    fragment: bool = False,
    environment: Mapping[str, str] | None = None,
    marks: tuple[str, ...] = PLACEHOLDERS,
) -> FpmReading:
    """Read ``paths`` one after the other as one master's configuration: php-fpm.conf alone, which includes the rest,
    or, as a fragment, the pool files of one folder whose php-fpm.conf is not in the tree.

    ``environment`` is that of FPM, where it is known; without it what depends on a ``${NAME}`` is unknown.
    ``marks``: see PLACEHOLDERS.
    """
    reader = Reader(root, version, environment, fragment=fragment, marks=marks)
    for path in paths:
        reader.start(path)
    main = paths[0] if paths else ""
    prefix, state = fpm_paths.prefix(main), fpm_paths.state_folder(main)
    drafts = list(reader.pools.values())
    sections = [reader.globals, *drafts]
    for section in sections:
        section.partial = reader.partial
    problems = list(reader.problems)
    twice = [problem for section in sections for problem in repeats(section)]
    if any(document.source.is_made for document in reader.documents):
        for section in sections:
            section.settle()
    if reader.documents:
        machine = FpmMachine(Machine(root), prefix, state)
        problems += check(reader.globals, drafts, prefix, reader.nowhere, machine)
    problems += twice
    for section in sections:
        problems += sizes(section)
    for document in reader.documents:
        problems += surprises(document, version)
    problems = [
        problem for problem in problems if problem.place.path not in reader.templates and HOLE not in problem.place.text
    ]
    reading = Reading("php-fpm", version, tuple(reader.documents), tuple(problems), tuple(reader.unread))
    pools = []
    for draft in drafts:
        settings, derived = pool_settings(draft, prefix)
        items = array_items(draft, prefix)
        pools.append(FpmPool(draft.name, tuple(draft.headers), settings, items, derived, version))
    return FpmReading(reading, global_settings(reader.globals, state), tuple(pools))


def values(found: FpmReading) -> dict[str, object]:
    """``section.directive`` to value as ``php-fpm -tt`` prints it, and ``pools``."""
    known, version = catalog.load(), found.reading.version
    shown: dict[str, object] = {"pools": [pool.name for pool in found.pools]}
    for name, directive in known.globals.items():
        if directive.known_to(version):
            _show(shown, f"global.{name}", found.setting(name))
    for pool in found.pools:
        for name, directive in known.pool.items():
            if directive.known_to(version) and directive.build not in ("freebsd", "apparmor"):
                _show(shown, f"{pool.name}.{name}", pool.setting(name))
        for array, items in pool.arrays.items():
            for index, item in items.items():
                if item.value is not None:
                    label = f"{array}[]" if array == "access.suppress_path" else f"{array}[{index}]"
                    shown.setdefault(f"{pool.name}.{label}", _line(item.value))
    return shown


def _show(shown: dict[str, object], label: str, setting: Effective) -> None:
    """What is unknown is not shown: it hangs on the environment that FPM is started in."""
    if not isinstance(setting.origin, Unknown):
        shown[label] = UNDEFINED if setting.value is None else _line(setting.value)


def _line(value: str) -> str:
    """A value on its line: a $ at the end of one takes the line feed with it."""
    return value.partition("\n")[0]


def _default(name: str, directives: Mapping[str, Directive], version: ServerVersion, anchor: Place | None) -> Effective:
    directive = directives.get(name)
    return Effective(name, directive.default(version) if directive else None, Default(version, anchor))
