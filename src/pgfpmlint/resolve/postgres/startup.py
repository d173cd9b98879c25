"""What several settings say against each other: each is fine alone, and the server does not start.

The order is that of the server: first what it checks while it takes the values in one by one (guc.c's hooks), then
what it checks before it opens its doors (postmaster.c, xlog.c). Only what the files alone decide is judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pgfpmlint.catalog.guc_list import BadText, split_list
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.fix import SAFE, Fix, written
from pgfpmlint.finding.problem import Label, Problem
from pgfpmlint.resolve.postgres.given import INVALID, Judged, bad_value
from pgfpmlint.resolve.postgres.judge import Judge
from pgfpmlint.resolve.settings import Effective, Written
from pgfpmlint.source.text import Place

CONFLICT = "postgres/startup-conflict"
RESERVED = "capacity/reserved-exceed-max-connections"
WAL_LEVEL = "postgres/wal-level-too-low"

MAX_BACKENDS = 0x3FFFF
"""The server's MAX_BACKENDS: bits of a shared-memory word (src/include/postmaster/postmaster.h, procnumber.h)."""

WAL_SEGMENT_MB = 16
"""initdb's default --wal-segsize: a file does not tell which one a cluster was made with."""

_STAGE_STATS = ("log_parser_stats", "log_planner_stats", "log_executor_stats")


def while_reading(lines: Sequence[Judged], judge: Judge, *, whole: bool) -> list[Problem]:
    """Objections to values in reading order. In a ``whole`` configuration also to those that do not go with what was
    taken before them; a second recovery target ends the reading."""
    problems: list[Problem] = []
    taken: dict[str, Judged] = {}
    for one in lines:
        problem = bad_value(one)
        if problem is None and whole and not one.line.condition:
            problem = _stats(one, taken) or _processes(one, taken, judge) or _targets(one, taken)
        if problem is None:
            if not one.line.condition:
                taken[one.key] = one
        else:
            problems.append(problem)
            if problem.says == _SEVERAL_TARGETS:
                break
    return problems


def _stats(one: Judged, taken: Mapping[str, Judged]) -> Problem | None:
    """https://www.postgresql.org/docs/current/runtime-config-statistics.html#GUC-LOG-STATEMENT-STATS"""
    if one.value != "on":
        return None
    against: tuple[str, ...] = ()
    if one.key == "log_statement_stats":
        against = _STAGE_STATS
    elif one.key in _STAGE_STATS:
        against = ("log_statement_stats",)
    others = [taken[name] for name in against if name in taken and taken[name].value == "on"]
    if not others:
        return None
    says = f'invalid value for parameter "{one.key}": 1'
    what = f"{one.key} = on does not go with {others[0].key} = on"
    return _conflict(one.line.place, says, what, f"set {others[0].key} = off, or {one.key} = off", others)


def _processes(one: Judged, taken: Mapping[str, Judged], judge: Judge) -> Problem | None:
    """Before 18 the number of processes is checked with each value that counts; the others may still be defaults."""
    names = _process_names(judge.version)
    if one.key not in names or not judge.strict or judge.version.at_least(18) or one.value is None:
        return None
    counts = {name: _number(taken.get(name), name, judge) for name in names}
    counts[one.key] = int(one.value)
    if None in counts.values() or sum(filter(None, counts.values())) + 1 <= MAX_BACKENDS:
        return None
    says = f'invalid value for parameter "{one.key}": {one.value}'
    what = f"{_sum(counts)} and 1 launcher are more than {MAX_BACKENDS} processes"
    return _conflict(
        one.line.place, says, what, "lower max_connections", [taken[name] for name in names if name in taken]
    )


def _number(one: Judged | None, name: str, judge: Judge) -> int | None:
    if one is not None:
        return int(one.value) if one.value is not None else None
    setting = judge.catalog.setting(name)
    return int(setting.default) if setting is not None and setting.default is not None else None


def _process_names(version: ServerVersion) -> tuple[str, ...]:
    autovacuum = "autovacuum_worker_slots" if version.at_least(18) else "autovacuum_max_workers"
    return "max_connections", autovacuum, "max_worker_processes", "max_wal_senders"


def _sum(counts: Mapping[str, int | None]) -> str:
    return " + ".join(f"{name} {count}" for name, count in counts.items())


_TARGETS = ("recovery_target", "recovery_target_lsn", "recovery_target_name", "recovery_target_time",
            "recovery_target_xid")  # fmt: skip


_SEVERAL_TARGETS = "multiple recovery targets specified"


def _targets(one: Judged, taken: Mapping[str, Judged]) -> Problem | None:
    """https://www.postgresql.org/docs/current/runtime-config-wal.html#RUNTIME-CONFIG-WAL-RECOVERY-TARGET

    An empty target after another one is refused too."""
    if one.key not in _TARGETS or one.value is None:
        return None
    others = [taken[name] for name in _TARGETS if name in taken and taken[name].value and name != one.key]
    if not others:
        return None
    what = f"{one.key} is a second recovery target beside {others[0].key}"
    return _conflict(
        one.line.place, _SEVERAL_TARGETS, what, f"remove the line of {one.key}, or that of {others[0].key}", others
    )


class Start:
    """What a server looks at before it opens its doors. ``anchor`` is where a finding goes that no line causes."""

    def __init__(self, settings: Mapping[str, Effective], judge: Judge, anchor: Place) -> None:
        self._settings = settings
        self._judge = judge
        self._version = judge.version
        self._anchor = anchor

    def objections(self) -> Iterator[Problem]:
        yield from self._reserved()
        yield from self._wal_level()
        yield from self._lists()
        yield from self._wal_size()
        yield from self._sockets()
        yield from self._too_many_processes()

    def _value(self, name: str) -> str | None:
        """The value in force; None where the version knows no such setting or nothing tells its value."""
        found = self._settings.get(name)
        if found is not None:
            return found.value
        setting = self._judge.catalog.setting(name)
        return setting.default if setting is not None else None

    def _count(self, name: str) -> int | None:
        value = self._value(name)
        return int(value) if value is not None else None

    def _place(self, *names: str) -> Place:
        """The line that sets the first of the names that any line sets."""
        for name in names:
            found = self._settings.get(name)
            if found is not None and isinstance(found.origin, Written):
                return found.origin.place
        return self._anchor

    def _labels(self, at: Place, *names: str) -> tuple[Label, ...]:
        """The lines that set the names, save the one at ``at``."""
        found = [(name, self._settings[name].origin) for name in names if name in self._settings]
        return tuple(
            Label(origin.place, f"{name} = {self._value(name)}")
            for name, origin in found
            if isinstance(origin, Written) and origin.place != at
        )

    def _named(self, name: str) -> str:
        """A name as the version quotes it in its messages: bare before 17."""
        return f'"{name}"' if self._version.at_least(17) else name

    def _reserved(self) -> Iterator[Problem]:
        """https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-SUPERUSER-RESERVED-CONNECTIONS"""
        names = ("superuser_reserved_connections", "reserved_connections", "max_connections")
        superuser, reserved, most = (self._count(name) for name in names)
        if superuser is None or most is None or superuser + (reserved or 0) < most:
            return
        first, second, last = map(self._named, names)
        plus = f" plus {second} ({reserved})" if self._version.at_least(16) else ""
        says = f"{first} ({superuser}){plus} must be less than {last} ({most})"
        at = self._place(*names)
        taken = f"{names[0]} = {superuser}" + (f" and {names[1]} = {reserved}" if reserved else "")
        values = {"taken": taken, "reserved": superuser + (reserved or 0), "max_connections": most}
        yield Problem(RESERVED, at, says, True, values, self._labels(at, *names))

    def _wal_level(self) -> Iterator[Problem]:
        """https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-WAL-LEVEL"""
        if self._value("wal_level") != "minimal":
            return
        level = self._named("wal_level")
        archive, senders = self._value("archive_mode"), self._count("max_wal_senders")
        if archive not in (None, "off"):
            yield self._too_low("archive_mode", "off", f'WAL archival cannot be enabled when {level} is "minimal"')
        if senders is not None and senders > 0:
            wanted = 'to be "replica" or "logical"' if self._version.at_least(17) else '"replica" or "logical"'
            says = f"WAL streaming ({self._named('max_wal_senders')} > 0) requires {level} {wanted}"
            yield self._too_low("max_wal_senders", "0", says)
        if self._value("summarize_wal") == "on":
            yield self._too_low("summarize_wal", "off", f'WAL cannot be summarized when {level} is "minimal"')
        if self._value("sync_replication_slots") == "on" and self._version.at_least(19):
            what = 'replication slot synchronization ("sync_replication_slots" = on)'
            yield self._too_low(
                "sync_replication_slots", "off", f'{what} requires {level} to be "replica" or "logical"'
            )

    def _too_low(self, name: str, off: str, says: str) -> Problem:
        at = self._place("wal_level", name)
        values = {"name": name, "value": self._value(name), "off": off}
        fix = self._rewritten("wal_level", "replica")
        return Problem(WAL_LEVEL, at, says, True, values, self._labels(at, name), fix=fix)

    def _lists(self) -> Iterator[Problem]:
        """Lists that are split at start only; a folder's name may hold blanks, an address may not."""
        for name in ("listen_addresses", "unix_socket_directories"):
            text = self._value(name) or ""
            try:
                split_list(text.replace(" ", "_") if name == "unix_socket_directories" and text.strip() else text)
            except BadText:
                says = f'invalid list syntax in parameter "{name}"'
                wants = "its entries stand between commas, none of them empty"
                listed = f"'{', '.join(text.replace(',', ' ').split())}'"
                values = {"name": name, "value": text, "wants": wants, "advice": f"write {name} = {listed}", "hint": ""}
                yield Problem(INVALID, self._place(name), says, True, values, fix=self._rewritten(name, listed))

    def _rewritten(self, name: str, text: str, safety: str = SAFE) -> Fix | None:
        """Another value in the line that sets ``name``, if one does."""
        found = self._settings.get(name)
        if found is None or not isinstance(found.origin, Written):
            return None
        return written(found.origin.value_place, text, safety)

    def _wal_size(self) -> Iterator[Problem]:
        """https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-MIN-WAL-SIZE"""
        for name in ("min_wal_size", "max_wal_size"):
            size = self._count(name)
            if size is not None and size < 2 * WAL_SEGMENT_MB:
                says = f'"{name}" must be at least twice "wal_segment_size"'
                what = f"{name} = {size}MB is less than two WAL segments of {WAL_SEGMENT_MB}MB"
                yield _conflict(self._place(name), says, what, f"write {name} = {2 * WAL_SEGMENT_MB}MB or more")

    def _sockets(self) -> Iterator[Problem]:
        names = ("listen_addresses", "unix_socket_directories")
        if all((self._value(name) or "x").isspace() or self._value(name) == "" for name in names):
            at = self._place(*names)
            what = "listen_addresses and unix_socket_directories are both empty: nobody can connect"
            related = self._labels(at, *names)
            values = {
                "what": what,
                "advice": "set listen_addresses = 'localhost', or unix_socket_directories = '/run/postgresql'",
            }
            yield Problem(CONFLICT, at, "no socket created for listening", True, values, related)

    def _too_many_processes(self) -> Iterator[Problem]:
        """From 18 on the sum is checked once, at start; two further places are kept for special workers."""
        if not self._judge.strict or not self._version.at_least(18):
            return
        names = _process_names(self._version)
        counts = {name: self._count(name) for name in names}
        if None in counts.values() or sum(filter(None, counts.values())) < MAX_BACKENDS - 1:
            return
        at = self._place(*names)
        values = {
            "what": f"{_sum(counts)} must stay below {MAX_BACKENDS - 1} processes",
            "advice": "lower max_connections",
        }
        yield Problem(CONFLICT, at, "too many server processes configured", True, values, self._labels(at, *names))


def _conflict(at: Place, says: str, what: str, advice: str, others: Sequence[Judged] = ()) -> Problem:
    related = tuple(Label(other.line.place, f"{other.key} = {other.value}") for other in others)
    return Problem(CONFLICT, at, says, True, {"what": what, "advice": advice}, related)
