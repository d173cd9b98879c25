"""One server's file on this machine, read on its own: what ``pgfpmlint effective`` answers."""

from __future__ import annotations

import os

from pgfpmlint.catalog import version as versions
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.discover import names
from pgfpmlint.discover.discovery import discover
from pgfpmlint.discover.found import Discovery, FoundFile, Options
from pgfpmlint.discover.versions import PRODUCTS, version_of
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.resolve.settings import PLACEHOLDERS
from pgfpmlint.source import paths
from pgfpmlint.source.disk import DiskTree
from pgfpmlint.source.tree import Root, Unreadable

if TYPE_CHECKING:
    from pgfpmlint.resolve.application import ApplicationReading
    from pgfpmlint.resolve.application.files import ApplicationFiles
    from pgfpmlint.resolve.fpm import FpmReading
    from pgfpmlint.resolve.hba import HbaReading
    from pgfpmlint.resolve.ident import IdentReading
    from pgfpmlint.resolve.pgbouncer import BouncerReading
    from pgfpmlint.resolve.pgbouncer.hba import PoolerHbaReading
    from pgfpmlint.resolve.pgbouncer.ident import PoolerIdentReading
    from pgfpmlint.resolve.pgbouncer.userlist import UserlistReading
    from pgfpmlint.resolve.php_ini import PhpIniReading
    from pgfpmlint.resolve.postgres import PostgresReading
    from pgfpmlint.resolve.sql.facts import SqlReading

    AnyReading = (
        PostgresReading
        | HbaReading
        | IdentReading
        | FpmReading
        | PhpIniReading
        | BouncerReading
        | SqlReading
        | UserlistReading
        | ApplicationReading
        | PoolerHbaReading
        | PoolerIdentReading
    )


def read_one(path: str, kind: str | None, server_version: str | None) -> AnyReading:
    """The file ``path`` with everything that it includes, as ``kind`` (a key of FORMATS; None: told from the file).

    ``path`` may be the folder of one server. What it refers to is looked up where the server would: on this machine,
    or below the host root that the file lies in. `Unreadable` when the file can't be read; ValueError when its kind
    or the version can't be told, or the folder holds no server, or several.
    """
    tree = DiskTree([path])
    found = discover(tree, options=Options(kind=kind))
    file, version = _of_folder(path, found) if os.path.isdir(path) else _given(path, tree, found)
    product = PRODUCTS[file.kind]
    if server_version is not None:
        version = versions.parse(product, server_version, "--server-version")
    if file.language:  # where that will lie, nobody knows
        root, inner = file.host.root, file.path
    elif "/etc/" in file.path and file.host.prefix not in ("", "/"):
        root, inner = tree.root(file.host.name, file.host.prefix, complete=True), file.path
    else:
        full = paths.normal(paths.join(tree.where, file.shown))
        root, inner = tree.root(file.host.name, "/", complete=True), full
    return _read(root, inner, file.kind, version or version_of(file.kind, root, inner, ()))


def _given(path: str, tree: DiskTree, found: Discovery) -> tuple[FoundFile, ServerVersion | None]:
    """The file that was given, among those that it leads to."""
    (entry,) = tree.files()
    file = next((file for file in found.files if file.shown == entry.path), None)
    why = entry.unreadable or (file.unreadable if file else "")
    if why:
        raise Unreadable(why)
    if file is None or file.kind not in PRODUCTS:
        raise ValueError(f"{path}: its kind can't be told; say it with --as, one of {', '.join(PRODUCTS)}")
    return file, next((main.version for main in found.mains if (main.host, main.path) == (file.host, file.path)), None)


def _of_folder(path: str, found: Discovery) -> tuple[FoundFile, ServerVersion | None]:
    """The main file of the one server in a folder, and its version."""
    whole = [main for main in found.mains if main.kind in ("postgresql.conf", "pgbouncer.ini", "php-fpm")]
    files = {(file.host, file.path): file for file in found.files}
    mains = [files[main.host, main.path] for main in whole or found.mains]
    if not mains:
        raise ValueError(f"{path}: no server's file is there")
    if len(mains) > 1:
        listed = ", ".join(file.shown for file in mains)
        raise ValueError(f"{path}: {len(mains)} servers are there; name one of {listed}")
    return mains[0], (whole or found.mains)[0].version


def _read(root: Root, path: str, kind: str, version: ServerVersion) -> AnyReading:
    # The server reads the file as it is, unless its very name says that it is filled in before.
    marks = PLACEHOLDERS if names.told(paths.name(path))[1].startswith("a template") else ()
    if kind == "postgresql.conf":
        return _postgres(root, path, version)
    if kind == "pg_hba.conf":
        from pgfpmlint.resolve import hba

        return hba.read(root, path, version, oauth_validators=())
    if kind == "pg_ident.conf":
        from pgfpmlint.resolve import ident

        return ident.read(root, path, version)
    if kind == "php-fpm":
        from pgfpmlint.resolve import fpm

        return fpm.read(root, (path,), version, environment=os.environ, marks=marks)
    if kind == "php.ini":
        from pgfpmlint.discover.php_ini import is_main, of_folder
        from pgfpmlint.resolve import php_ini

        folder = of_folder(root, paths.folder(path)) if is_main(path) else ()
        return php_ini.read(root, (path, *(one for one in folder if one != path)), version, environment=os.environ)
    if kind in ("env", "php", "doctrine"):
        from pgfpmlint.resolve import application

        return application.read(root, _application(path, kind), version)
    if kind == "sql":
        from pgfpmlint.resolve import sql

        return sql.read(root, (path,), version)
    if kind == "pgbouncer.ini":
        from pgfpmlint.resolve import pgbouncer

        # As if started here: the working directory is what relative names count from.
        started_in = os.getcwd().replace(os.sep, "/") if root.live else ""
        return pgbouncer.read(root, path, version, started_in=started_in, marks=marks)
    if kind == "pgbouncer-hba":
        from pgfpmlint.resolve.pgbouncer import hba as pgbouncer_hba

        return pgbouncer_hba.read(root, path, version, marks=marks)
    if kind == "pgbouncer-ident":
        from pgfpmlint.resolve.pgbouncer import ident as pgbouncer_ident

        return pgbouncer_ident.read(root, path, version, marks)
    from pgfpmlint.resolve.pgbouncer import userlist

    return userlist.read(root, path, version, marks)


def _application(path: str, kind: str) -> ApplicationFiles:
    from pgfpmlint.resolve.application.files import ApplicationFiles

    folder = paths.folder(path)
    if path.endswith("/config/database.php"):
        return ApplicationFiles(folder, laravel=path)
    if kind == "doctrine":
        return ApplicationFiles(folder, doctrine=(path,))
    return ApplicationFiles(folder, envs=(path,)) if kind == "env" else ApplicationFiles(folder, code=(path,))


def _postgres(root: Root, path: str, version: ServerVersion) -> PostgresReading:
    """A server with a pg_hba.conf that it can't load does not start either, so one that lies there is judged too."""
    from pgfpmlint.resolve import hba, postgres

    found = postgres.read(root, path, version)
    data = found.setting("data_directory")
    if version.assumed and data.is_written and data.value:
        told = version_of("postgresql.conf", root, path, (), data.value)
        found = found if told.assumed else postgres.read(root, path, told)
        version = told
    named = found.setting("hba_file")
    beside = paths.join(paths.folder(path), named.value if named.is_written and named.value else "pg_hba.conf")
    if not root.is_file(beside):
        return found
    access = hba.read(root, beside, version, oauth_validators=None)
    refusals = tuple(problem for problem in access.reading.problems if problem.refuses)
    return found._replace(reading=found.reading._replace(problems=found.reading.problems + refusals))
