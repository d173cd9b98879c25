"""postgresql.conf with everything it includes, as PostgreSQL would run with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.catalog.postgresql import catalog
from pgfpmlint.catalog.version import OLDEST, POSTGRESQL, ServerVersion
from pgfpmlint.finding.problem import Problem
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.postgres import given, recovery, startup
from pgfpmlint.resolve.postgres.duplicates import duplicates
from pgfpmlint.resolve.postgres.files import Files, Line
from pgfpmlint.resolve.postgres.given import Judged
from pgfpmlint.resolve.postgres.judge import Judge
from pgfpmlint.resolve.settings import Default, Effective, Reading, Unknown
from pgfpmlint.source import paths
from pgfpmlint.source.text import Place
from pgfpmlint.source.tree import Root

AUTO_CONF = "postgresql.auto.conf"

NOTHING: Mapping[str, str] = {}


class PostgresReading(NamedTuple):
    """A server's settings. ``settings`` holds what the files set, by lower-case name; an old name's setting stands
    under the new name (``sort_mem`` under ``work_mem``). A value that the server refuses is None."""

    reading: Reading
    settings: Mapping[str, Effective]
    fragment: bool = False

    def setting(self, name: str) -> Effective:
        """The setting as the server would run with it: written, or the default of the version in play.

        Unknown where a file that may set it can't be read here, in a fragment, and where the version has no such
        setting.
        """
        version = self.reading.version
        known = catalog(version)
        found = self.settings.get(known.canonical(name))
        if found is not None:
            return found
        setting, anchor = known.setting(name), self._anchor
        shown = name if setting is None else setting.name
        if setting is None:
            return Effective(shown, None, Unknown(f"PostgreSQL {version} has no such setting", anchor))
        if self.fragment:
            return Effective(shown, None, Unknown("another file sets it, or none does", anchor))
        if self.reading.unread:
            missing = self.reading.unread[0]
            return Effective(shown, None, Unknown(f"{missing.path}: {missing.why}", anchor))
        return Effective(shown, setting.default, Default(version, anchor))

    @property
    def _anchor(self) -> Place:
        return self.reading.main.source.line_place(1)


def read(
    root: Root,
    path: str,
    version: ServerVersion,
    *,
    fragment: bool = False,
    command_line: Mapping[str, str] = NOTHING,
    options: str | None = None,
) -> PostgresReading:
    """Read ``path`` as the main file of a server. A fragment is a file that some main file elsewhere includes:
    what only a whole configuration can lack or contradict is then not held against it. ``command_line`` holds the
    settings given with ``-c``, which win over all files; where a manifest holds these, ``options`` is the path of what
    it makes of them. `Unreadable` when ``path`` itself can't be read."""
    files, judge = Files(root, version), Judge(version)
    files.read(path)
    data = _data_directory(files.lines, path)
    if not fragment and not files.problems and data is not None and paths.name(path) != AUTO_CONF:
        files.read_if_there(paths.join(data, AUTO_CONF), _data_line(files.lines))
    if options is not None:
        files.read(options)
    found = given.judged(files.lines, judge)
    settings = given.effective(found, command_line, judge, files.open)
    problems = files.problems or given.unknown_names(found, judge)
    if problems:
        problems = [*problems, *_behind(files, found, judge)]
    else:
        whole = not fragment and not files.unread and version.major >= OLDEST[POSTGRESQL][0]
        problems = startup.while_reading(given.last_ones(found), judge, whole=whole)
        if whole and not problems:
            anchor = files.documents[0].source.line_place(1)
            problems = list(startup.Start(settings, judge, anchor).objections())
            if not problems and data is not None and judge.strict:
                problems = recovery.objections(root, data, settings.get("restore_command"), anchor, version)
            if root.live:
                from pgfpmlint.resolve.postgres import machine
                from pgfpmlint.source.machine import Machine

                problems += machine.objections(Machine(root), settings, version)
    problems = [*problems, *duplicates(found)]
    reading = Reading("postgresql.conf", version, tuple(files.documents), tuple(_once(problems)), tuple(files.unread))
    return PostgresReading(reading, settings, fragment)


def _behind(files: Files, found: list[Judged], judge: Judge) -> Iterator[Problem]:
    """What is wrong with names and values that the server does not look at before the first faults are mended. Values
    of parameters that a broken line may set anew are left alone."""
    broken = " ".join(problem.place.source.line_of(problem.place.start).text for problem in files.problems)
    if files.problems:
        yield from (problem._replace(behind=True) for problem in given.unknown_names(found, judge))
    for one in given.last_ones(found):
        problem = given.bad_value(one)
        if problem is not None and one.name not in broken:
            yield problem._replace(behind=True)


def _data_directory(lines: list[Line], path: str) -> str | None:
    """The data directory: where the file says, else the file's own folder; None where a relative path leaves it to
    the working directory of whoever starts the server."""
    told = [line.text for line in lines if line.node.key.text.lower() == "data_directory"]
    if not told:
        return paths.folder(path)
    return told[-1] if told[-1].startswith("/") else None


def _data_line(lines: list[Line]) -> Place | None:
    return next((line.place for line in reversed(lines) if line.node.key.text.lower() == "data_directory"), None)


def _once(problems: list[Problem]) -> list[Problem]:
    """Without what a file that is included twice says twice."""
    seen: dict[tuple[str, str, int], Problem] = {}
    for problem in problems:
        seen.setdefault((problem.rule, problem.place.path, problem.place.start), problem)
    return list(seen.values())


def values(found: PostgresReading) -> dict[str, object]:
    """Name to value as ``pg_settings.setting`` shows it, in the server's own numbers (``log_file_mode`` is 416, not
    0640): what the files set, and the defaults of the version in play where they are certain."""
    known = catalog(found.reading.version)
    certain = found.reading.accepted and not (found.fragment or found.reading.unread or found.reading.version.assumed)
    shown: dict[str, object] = dict(known.defaults()) if certain else {}
    for key, setting in found.settings.items():
        if "." in key or known.is_listed(key):
            shown[setting.name] = setting.value
    return {name: value for name, value in sorted(shown.items()) if value is not None}
