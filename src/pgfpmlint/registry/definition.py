"""What a rule says about itself: rules/<family>/<slug>.yaml, compiled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pgfpmlint.record import NamedTuple

FAMILIES = {
    "files": "the files themselves, whatever their kind",
    "postgres": "postgresql.conf",
    "hba": "pg_hba.conf and pg_ident.conf",
    "fpm": "PHP-FPM and its pools",
    "php": "php.ini, and php.ini values set in pools",
    "pooler": "PgBouncer",
    "sql": "SQL that sets roles, databases and limits",
    "manifest": "Patroni, operators and other manifests that make a server's files",
    "capacity": "connections and memory, counted across files",
    "pooling": "what goes through a pooler and what survives there",
    "tls": "encryption between the parts",
    "auth": "who may log in where, with which secret",
    "timeouts": "limits of time that depend on each other",
    "reach": "whether one part can reach the other at all",
}
"""Every family, with what its rules look at."""

ACROSS = ("capacity", "pooling", "tls", "auth", "timeouts", "reach")
"""Families that look across files; the others look at one file or one server."""

SUBJECTS = {
    "file": "file",
    "postgres": "postgresql.conf",
    "hba": "pg_hba.conf",
    "ident": "pg_ident.conf",
    "fpm": "PHP-FPM master",
    "pool": "PHP-FPM pool",
    "pooler": "PgBouncer",
    "proxy": "pooler other than PgBouncer",
    "userlist": "userlist.txt",
    "sql": "SQL script",
    "instance": "PostgreSQL instance",
    "link": "connection path",
    "leg": "step of a connection path",
    "passage": "connection path",
    "path": "path from a client to its database",
    "nginx": "nginx that passes requests to PHP-FPM",
    "gateway": "nginx that passes requests to a known PHP-FPM pool",
    "proxied": "nginx before another nginx",
    "unit": "server with a unit of systemd",
    "kernel": "machine with files of sysctl",
    "manifest": "manifest",
    "client": "PHP-FPM pool or other client",
    "workers": "client that is no PHP-FPM",
    "deployment": "deployment",
}
"""What a rule may look at, one at a time, with the words for "there is none here"."""

LEVELS = {
    "default": "",
    "pedantic": "with --pedantic only",
    "preview": "on trial, with --preview only",
}
"""What decides whether a rule runs that is not selected by its id, with what readers are told of it."""

PARAM_TYPES = ("integer", "percent", "string")

READING, PYTHON = "reading", "python"

UNEXPLAINED = "files/unexplained-suppression"
"""The rule that ``rules: {strict: true}`` switches on."""

FORBIDDEN = "files/forbidden-suppression"
"""The rule that ``rules: {suppressions: forbidden}`` and ``--no-suppressions`` switch on."""


class Definition(NamedTuple):
    """One rule, as far as a run needs it.

    ``check`` is ``reading`` (its findings are a reading's own problems), ``python`` (the function named like the
    slug in ``pgfpmlint.checks.<family>.<module>``) or a key of declarative.KINDS, with its ``arguments``.
    ``when`` are settings, or words of model.mentions.FACTS, without any of which the rule has nothing to say: unless a
    file holds one, its check is not even loaded.
    ``only`` narrows a declarative check: ``name`` is a pattern of node names (``web/api-*``), ``since`` and ``before``
    are versions of the server, ``where`` are values that other settings of it have.
    ``params`` maps a parameter's name to ``{"type", "default"}`` and optionally ``"min"``, ``"max"``.
    ``url`` is where a reader finds out more, or empty. ``fix`` is how safe its fixes are at best (one of SAFETIES),
    or empty.
    """

    id: str
    title: str
    message: str
    severity: str
    subject: str
    check: str
    since: str = ""
    help: str = ""
    level: str = "default"
    needs: Sequence[str] = ()
    when: Sequence[str] = ()
    module: str = ""
    arguments: Mapping[str, object] = {}
    only: Mapping[str, object] = {}
    params: Mapping[str, Mapping[str, object]] = {}
    aliases: Sequence[str] = ()
    url: str = ""
    fix: str = ""

    @property
    def family(self) -> str:
        return self.id.partition("/")[0]

    @property
    def slug(self) -> str:
        return self.id.partition("/")[2]


class Example(NamedTuple):
    """A small tree that shows the rule: texts by their paths, paths that can't be read, with why, and the texts that
    the rule's fix changes, as they are then."""

    name: str
    files: Mapping[str, str]
    unreadable: Mapping[str, str] = {}
    fixed: Mapping[str, str] = {}


class Page(NamedTuple):
    """What only a reader of the rule needs: never loaded by a run.

    ``proof`` is a test in tests/servers/proofs or ``vectors``, ``unproved`` why there is none; both are empty for most
    that are no errors."""

    rationale: str
    references: Sequence[str]
    bad: Sequence[Example]
    good: Sequence[Example]
    proof: str = ""
    unproved: str = ""
