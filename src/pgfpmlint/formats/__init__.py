"""How each kind of file is written down: text to Document, one module per kind.

A format knows grammar, nothing of names, types or other files. Adding one touches its module and the dict below.
Modules are named, not imported, so that a run loads only the kinds that it meets.
"""

from __future__ import annotations

from importlib import import_module

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.record import Protocol
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Document


class Format(Protocol):
    def parse(self, source: Source, path: str, version: ServerVersion) -> Document:
        """Tile ``source`` with nodes as the server of that version reads it. Never raises, never loses a byte."""


FORMATS: dict[str, str] = {
    "postgresql.conf": "pgfpmlint.formats.postgresql_conf",
    "pg_hba.conf": "pgfpmlint.formats.pg_hba",
    "pg_ident.conf": "pgfpmlint.formats.pg_ident",
    "php-fpm": "pgfpmlint.formats.php_fpm",
    "php.ini": "pgfpmlint.formats.php_ini",
    "pgbouncer.ini": "pgfpmlint.formats.pgbouncer_ini",
    "userlist.txt": "pgfpmlint.formats.userlist",
    "pgbouncer-hba": "pgfpmlint.formats.pgbouncer_hba",
    "pgbouncer-ident": "pgfpmlint.formats.pgbouncer_ident",
    "sql": "pgfpmlint.formats.sql",
    "env": "pgfpmlint.formats.dotenv",
    "php": "pgfpmlint.formats.php_code",
    "doctrine": "pgfpmlint.formats.doctrine_yaml",
    "pgcat.toml": "pgfpmlint.formats.pgcat_toml",
    "pgpool.conf": "pgfpmlint.formats.pgpool_conf",
    "odyssey.conf": "pgfpmlint.formats.odyssey_conf",
}


def parse(kind: str, source: Source, path: str, version: ServerVersion) -> Document:
    """The document that ``source`` is when read as ``kind`` (a key of FORMATS)."""
    format_: Format = import_module(FORMATS[kind])
    return format_.parse(source, path, version)
