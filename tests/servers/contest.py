"""We against a real server: the same files to both, and what the answers have against each other."""

from __future__ import annotations

import contextlib
import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pgfpmlint.catalog.version import ServerVersion, parse
from pgfpmlint.resolve import fpm, hba, ident
from pgfpmlint.resolve import pgbouncer as pgbouncer_ini
from pgfpmlint.resolve import postgres as postgresql_conf
from pgfpmlint.resolve.pgbouncer import hba as pgbouncer_hba
from pgfpmlint.resolve.pgbouncer import ident as pgbouncer_ident
from pgfpmlint.resolve.pgbouncer import userlist as auth_file
from pgfpmlint.resolve.settings import PLACEHOLDERS, Reading
from pgfpmlint.source.disk import DiskRoot
from servers import cage, matches, pgbouncer, php_fpm, postgres
from servers.answer import Answer
from servers.found import Server
from servers.hba import HbaJudge
from servers.inputs.words import Files
from servers.postgres import Cluster
from servers.verdict import OF_THE_BUILD, Ours, Verdict, verdict

Encoded = dict[str, "bytes | None"]


Judge = Callable[[Files], Verdict]


def version_of(server: Server) -> ServerVersion:
    product = {"php-fpm": "php"}.get(server.product, server.product)
    return parse(product, f"{server.version} (Debian)" if server.debian else server.version, "the server under test")


def machine() -> DiskRoot:
    """The machine itself: what a file names is looked for where the server looks."""
    return DiskRoot("machine", "/", where="/", complete=True)


@contextlib.contextmanager
def contest(kind: str, server: Server, folder: Path) -> Iterator[Judge]:
    """The judge of a kind of files. ``folder`` is its own, and empty."""
    with _CONTESTS[kind](server, folder) as compare:

        def judge(files: Files) -> Verdict:
            encoded: Encoded = {name: text.replace("<dir>", str(folder)).encode("utf-8", "surrogateescape")
                                for name, text in files.items()}  # fmt: skip
            try:
                answer = compare(encoded)
            except AssertionError:
                raise
            except Exception:
                return Verdict(False, [f"exception: {traceback.format_exc()}"])
            # Those of PostgreSQL are read as what a repository may hold: text that a template fills in is not known.
            marks = PLACEHOLDERS if kind.startswith(("postgresql.conf", "pg_")) else ()
            is_template = any(mark in text for text in files.values() for mark in marks if mark != "${")
            return answer._replace(differences=[]) if is_template else answer

        yield judge


def _ours(reading: Reading, values: Mapping[str, Any], folder: Path) -> Ours:
    refused = (problem for problem in reading.problems if problem.refuses and not problem.behind)
    refusals = [problem.says.replace(str(folder), "<dir>") for problem in refused]
    return Ours(reading.accepted, values, refusals)


Compare = Callable[[Encoded], Verdict]


def _settings(server: Server, main: Path) -> Ours:
    """What the files set; a server is asked about each value, so not about all that they don't."""
    reading = postgresql_conf.read(machine(), str(main), version_of(server))
    written = {setting.name for setting in reading.settings.values()}
    written.discard("data_directory")  # the server shows where it was started
    shown = {name: value for name, value in postgresql_conf.values(reading).items() if name in written}
    return _ours(reading.reading, shown, main.parent)


@contextlib.contextmanager
def _postgresql_conf(server: Server, folder: Path) -> Iterator[Compare]:
    """The server's own parse decides; where we see further, in what settings do to each other, a real start does."""
    cluster: list[Cluster] = []

    def compare(files: Encoded) -> Verdict:
        cage.clear(folder)
        cage.write(files, folder)
        mine = _settings(server, folder / "postgresql.conf")
        answer = postgres.parse(server, folder, mine.values if mine.accepted else ())
        if answer.accepted and not mine.accepted:
            if not cluster:
                scratch = folder.parent / f"{folder.name}-cluster"
                scratch.mkdir()
                scratch.chmod(0o755)
                cluster.append(Cluster(server, scratch))
            answer = cluster[0].start(files, ())
        return verdict(mine, answer)

    yield compare


# What a start may fail for that no file tells: memory, names that nobody can look up, sockets, certificates, locales.
_NOT_IN_FILES = (
    "shared memory", "huge pages", "out of memory", "could not load server certificate", "could not create",
    "could not translate", "could not bind", "could not resize", "locale", "could not open", "could not access",
    "is not supported by this build", "too many open files", "insufficient", "could not reserve", "Cannot allocate",
)  # fmt: skip


@contextlib.contextmanager
def _started(server: Server, folder: Path) -> Iterator[Compare]:
    """A real start, with all that it looks at beyond the values."""
    cluster = Cluster(server, folder)

    def compare(files: Encoded) -> Verdict:
        real = cluster.start(files, ())
        mine = _settings(server, cluster.data / "postgresql.conf")
        if mine.accepted and not real.accepted and any(words in real.says for words in _NOT_IN_FILES):
            return Verdict(False, [])
        return verdict(mine._replace(values={}), real)

    yield compare


@contextlib.contextmanager
def _access(server: Server, folder: Path) -> Iterator[Compare]:
    """pg_hba.conf or pg_ident.conf: every row of the view, good and bad, and whether the file is taken."""
    with HbaJudge(server, folder).running() as judge:
        version = version_of(server)

        def compare(files: Encoded) -> Verdict:
            name = next(iter(files))
            real = judge.load(files, rows=True)
            path = str(judge.data / name)
            if name == "pg_hba.conf":
                records = hba.read(machine(), path, version, oauth_validators=())
                mine = _ours(records.reading, hba.values(records), judge.data)
            else:
                maps = ident.read(machine(), path, version)
                mine = _ours(maps.reading, ident.values(maps), judge.data)
            shows = name == "pg_hba.conf" or version.at_least(15)
            # Host names of RADIUS servers are looked up as the file is read, which no file tells.
            if "could not translate RADIUS server name" in real.says:
                return Verdict(real.accepted, [])
            # The server reads a circle ten times before it stops, and shows the rows as often.
            circle = not real.accepted and "maximum nesting depth exceeded" in real.says
            if mine.accepted == real.accepted and shows and not circle:
                (kind, rows), (_, wanted) = *mine.values.items(), *real.values.items()
                shown = _row_differences(rows, wanted, str(judge.data))
                return Verdict(real.accepted, [f"{kind}: {one}" for one in shown], verdict(mine, real).other_words)
            return verdict(mine._replace(values={}), real._replace(values={}))

        yield compare


def _row_differences(ours: list[dict[str, Any]], real: list[dict[str, Any]], data: str) -> Iterator[str]:
    if len(ours) != len(real):
        yield f"we have {len(ours)} rows, the server {len(real)}: {ours} {real}"
        return
    for mine, row in zip(ours, real):
        here, there = _plain(mine, data), _plain(row, data)
        error, is_good = str(row.get("error", "")), "method" in row or "map" in row
        if any(words in error for words in OF_THE_BUILD):
            continue
        if is_good:  # a warning, not an error
            there.pop("error", None)
        elif "error" in here and (not error or "record cannot match because" in error):
            continue  # of some errors the view keeps silent, and only the log tells
        if "*" * 8 in here.get("error", ""):  # it quotes what may be a secret
            there["error"] = here["error"]
        if here != there:
            yield f"we have {here}, the server {there}"


def _plain(row: dict[str, Any], data: str) -> dict[str, Any]:
    """The row without the name of the test's folder, and without secrets."""
    shown = {name: value.replace(data, "<datadir>") if isinstance(value, str) else value for name, value in row.items()}
    if "options" in row:
        secret = "radiussecrets=", "ldapbindpasswd="
        shown["options"] = [f"{one.partition('=')[0]}=…" if one.startswith(secret) else one for one in row["options"]]
    return shown


@contextlib.contextmanager
def _matches(server: Server, folder: Path) -> Iterator[Compare]:
    """The record that decides about a connection, as `pgfpmlint match` tells it."""
    with matches.judge(server, folder) as compare:
        yield lambda files: Verdict(*compare(files))


@contextlib.contextmanager
def _php_fpm(server: Server, folder: Path) -> Iterator[Compare]:
    version = version_of(server)
    environment = {**cage.ENVIRONMENT, **php_fpm.VARIABLES}

    def compare(files: Encoded) -> Verdict:
        cage.clear(folder)
        cage.write(files, folder)
        main = str(folder / "php-fpm.conf")
        reading = fpm.read(machine(), (main,), version, environment=environment, marks=())
        mine = _ours(reading.reading, fpm.values(reading), folder)
        return verdict(mine, php_fpm.dry_run(server, folder), lambda name: True)

    yield compare


# What the account that PgBouncer runs as may not do there, addresses that are not the machine's, names for others.
_OF_THE_PLACE = (
    "Operation not permitted", "Permission denied", "cannot listen on", "Temporary failure in name",
    "Cannot open logfile",
)  # fmt: skip


@contextlib.contextmanager
def _pgbouncer(server: Server, folder: Path) -> Iterator[Compare]:
    version = version_of(server)

    def compare(files: Encoded) -> Verdict:
        cage.clear(folder)
        real = pgbouncer.start(server, files, folder)
        main = str(folder / "pgbouncer.ini")
        reading = pgbouncer_ini.read(machine(), main, version, started_in=str(folder), marks=())
        mine = _ours(reading.reading, pgbouncer_ini.values(reading), folder)
        if mine.accepted and not real.accepted and any(words in real.says for words in _OF_THE_PLACE):
            return Verdict(False, [])
        for name in [name for name in mine.values if name.endswith(".pool_size") and name[:2] == "u:"]:
            if real.values and not mine.values[name]:  # what SHOW USERS shows then is left over from the row before
                real.values[name] = ""
        return verdict(mine, real, lambda name: ":" not in name and name != "conffile")

    yield compare


@contextlib.contextmanager
def _userlist(server: Server, folder: Path) -> Iterator[Compare]:
    version = version_of(server)
    settings = f"[pgbouncer]\nauth_file = {folder}/userlist.txt\n".encode()

    def compare(files: Encoded) -> Verdict:
        cage.clear(folder)
        real = pgbouncer.start(server, {"pgbouncer.ini": settings, **files}, folder)
        whole = not any(words in real.says for words in ("broken auth file", "too long in auth file"))
        users = [name for name in real.values["users"] if name != "pgbouncer"]
        found = auth_file.read(machine(), str(folder / "userlist.txt"), version, ())
        mine = _ours(found.reading, {}, folder)
        listed = sorted((user.name for user in found.users), key=lambda name: name.encode("utf-8", "surrogateescape"))
        result = verdict(mine, Answer(whole, {}, real.says))
        if listed != users:
            result.differences.append(f"we read the users {listed}, the server {users}")
        return result

    yield compare


_IGNORED = re.compile(r"could not parse (hba|ident) config line (\d+)")


@contextlib.contextmanager
def _pgbouncer_hba(server: Server, folder: Path) -> Iterator[Compare]:
    """Which lines it passes over, and in what words. A file counts as accepted if every line does."""
    version = version_of(server)

    def compare(files: Encoded) -> Verdict:
        cage.clear(folder)
        settings = f"[pgbouncer]\nauth_type = hba\nauth_hba_file = {folder}/hba.conf\n"
        maps: frozenset[str] = frozenset()
        if version.at_least(1, 23) and "ident.conf" in files:
            settings += f"auth_ident_file = {folder}/ident.conf\n"
        real = pgbouncer.start(server, {"pgbouncer.ini": settings.encode(), **files}, folder)
        ignored: dict[str, list[int]] = {"hba": [], "ident": []}
        for which, number in _IGNORED.findall(real.says):
            ignored[which].append(int(number))
        problems = []
        mine: dict[str, list[int]] = {"hba": [], "ident": []}
        if "auth_ident_file" in settings:
            mappings = pgbouncer_ident.read(machine(), str(folder / "ident.conf"), version, ())
            maps, mine["ident"], problems = mappings.maps or maps, [*mappings.ignored], [*mappings.reading.problems]
        records = pgbouncer_hba.read(machine(), str(folder / "hba.conf"), version, maps, ())
        mine["hba"] = [*records.ignored]
        problems += [problem for problem in records.reading.problems if problem.says]
        outside = sum(problem.rule.endswith("never-matches") for problem in records.reading.problems)
        warned = real.says.count("address does not match mask")
        names = [name for name in mine if mine[name] != ignored[name]]
        found = [f"{name}: we pass over {mine[name]}, the server {ignored[name]}: {real.says}" for name in names]
        if outside != warned:
            found.append(f"{outside} addresses with more bits than their masks, the server has {warned}: {real.says}")
        other = next((problem.says for problem in problems if problem.says not in real.says), "")
        return Verdict(not ignored["hba"], found, other and f"we say {other!r}, the server {real.says!r}")

    yield compare


_CONTESTS = {
    "postgresql.conf": _postgresql_conf,
    "postgresql.conf started": _started,
    "pg_hba.conf": _access,
    "pg_hba.conf matches": _matches,
    "pg_ident.conf": _access,
    "php-fpm": _php_fpm,
    "pgbouncer.ini": _pgbouncer,
    "userlist.txt": _userlist,
    "pgbouncer-hba": _pgbouncer_hba,
}
