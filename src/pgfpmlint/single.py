"""One server's file on this machine, read on its own: what ``pgfpmlint effective`` answers."""

from __future__ import annotations

import os

from pgfpmlint.catalog import version as versions
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.discover.discovery import discover
from pgfpmlint.discover.found import Options
from pgfpmlint.discover.versions import PRODUCTS, version_of
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.source import paths
from pgfpmlint.source.disk import DiskTree
from pgfpmlint.source.tree import Root, Unreadable

if TYPE_CHECKING:
    from pgfpmlint.resolve.fpm import FpmReading
    from pgfpmlint.resolve.hba import HbaReading
    from pgfpmlint.resolve.ident import IdentReading
    from pgfpmlint.resolve.pgbouncer import BouncerReading
    from pgfpmlint.resolve.postgres import PostgresReading
    from pgfpmlint.resolve.userlist import UserlistReading

    AnyReading = PostgresReading | HbaReading | IdentReading | FpmReading | BouncerReading | UserlistReading


def read_one(path: str, kind: str | None, server_version: str | None) -> AnyReading:
    """The file ``path`` with everything that it includes, as ``kind`` (a key of FORMATS; None: told from the file).

    What it refers to is looked up where the server would: on this machine, or below the host root that the file lies
    in. `Unreadable` when the file can't be read; ValueError when its kind or the version can't be told.
    """
    root, inner, found_kind = _located(path, kind)
    product = PRODUCTS[found_kind]
    if server_version is None:
        version = version_of(found_kind, root, inner, ())
    else:
        version = versions.parse(product, server_version, "--server-version")
    return _read(root, inner, found_kind, version)


def _located(path: str, kind: str | None) -> tuple[Root, str, str]:
    tree = DiskTree([path])
    unreadable = next((entry.unreadable for entry in tree.files() if entry.unreadable), None)
    if unreadable:
        raise Unreadable(unreadable)
    full = paths.normal(os.path.abspath(path).replace(os.sep, "/"))
    files = discover(tree, options=Options(kind=kind)).files
    file = next((file for file in files if paths.join(tree.where, file.shown) == full), None)
    if file is None or file.kind not in PRODUCTS:
        raise ValueError(f"{path}: its kind can't be told; say it with --as, one of {', '.join(PRODUCTS)}")
    if "/etc/" in file.path and file.host.prefix not in ("", "/"):
        return tree.root(file.host.name, file.host.prefix, complete=True), file.path, file.kind
    return tree.root(file.host.name, "/", complete=True), full, file.kind


def _read(root: Root, path: str, kind: str, version: ServerVersion) -> AnyReading:
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

        return fpm.read(root, (path,), version, environment=os.environ)
    if kind == "pgbouncer.ini":
        from pgfpmlint.resolve import pgbouncer

        # As if started here: the working directory is what relative names count from.
        return pgbouncer.read(root, path, version, started_in=os.getcwd().replace(os.sep, "/") if root.live else "")
    from pgfpmlint.resolve import userlist

    return userlist.read(root, path, version)


def _postgres(root: Root, path: str, version: ServerVersion) -> PostgresReading:
    """A server with a pg_hba.conf that it can't load does not start either, so one that lies there is judged too."""
    from pgfpmlint.resolve import hba, postgres

    found = postgres.read(root, path, version)
    named = found.setting("hba_file")
    beside = paths.join(paths.folder(path), named.value if named.is_written and named.value else "pg_hba.conf")
    if not root.is_file(beside):
        return found
    access = hba.read(root, beside, version, oauth_validators=None)
    refusals = tuple(problem for problem in access.reading.problems if problem.refuses)
    return found._replace(reading=found.reading._replace(problems=found.reading.problems + refusals))
