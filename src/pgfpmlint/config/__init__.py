"""What ``.pgfpmlint.yaml`` may say, as frozen values that know the line they stand on.

A run without a configuration file loads this module and lookup.py, no YAML parser. Rules, node names and kinds are only
carried here; whoever knows them checks them, and says where the wrong word stands.
"""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Place

NOWHERE: Mapping[str, Place] = {}


class ConfigError(Exception):
    """The configuration can't be meant as it stands. The message begins with file and line and says what to do."""


class Word(NamedTuple):
    """One word of the configuration and where it stands."""

    text: str
    place: Place


class HostConfig(NamedTuple):
    """``machines`` identical ones (``count:``). Sizes are bytes. ``root`` is the folder that holds their files, a shown
    path; None where the tree has none. ``place`` covers the name, ``places`` the values by key."""

    name: str
    place: Place
    root: str | None = None
    machines: int = 1
    memory: int | None = None
    cpus: int | None = None
    addresses: tuple[str, ...] = ()
    worker_memory: int | None = None
    places: Mapping[str, Place] = NOWHERE


class LinkConfig(NamedTuple):
    """``from_`` connects to ``to``. What is None is not declared. ``place`` covers the whole entry."""

    from_: str
    to: str
    place: Place
    database: str | None = None
    user: str | None = None
    connections_per_worker: int | None = None
    persistent: bool | None = None
    places: Mapping[str, Place] = NOWHERE


class ConsumerConfig(NamedTuple):
    """Something outside the tree that holds ``connections`` on ``to``. ``place`` covers the whole entry."""

    name: str
    to: str
    connections: int
    place: Place
    places: Mapping[str, Place] = NOWHERE


class PoolerConfig(NamedTuple):
    """A pooler without a file of its own in the tree. ``on`` is the host that it runs on; without one it is a machine
    by itself, known by ``addresses``. ``mode`` is ``session``, ``transaction`` or ``statement``; ``server_connections``
    are those of one of what ``per`` says: ``all`` together, ``database``, ``user``, or ``pool``, which is each pair of
    the two. ``databases`` are those that clients name, when they are known. What is None is not declared."""

    name: str
    place: Place
    to: tuple[Word, ...]
    on: Word | None = None
    addresses: tuple[str, ...] = ()
    port: int = 5432
    mode: str | None = None
    clients: int | None = None
    server_connections: int | None = None
    per: str = "all"
    databases: tuple[str, ...] = ()
    prepared_statements: bool | None = None
    places: Mapping[str, Place] = NOWHERE


class Overlap(NamedTuple):
    """How new and old workers overlap in a deployment: ``rolling`` by ``batch`` machines, ``blue-green``, ``none``."""

    kind: str
    batch: int
    place: Place


class Policy(NamedTuple):
    """``headroom`` is the percentage of max_connections that is to stay free; ``overlap`` is None if not declared."""

    headroom: int = 20
    overlap: Overlap | None = None
    places: Mapping[str, Place] = NOWHERE


class RulesConfig(NamedTuple):
    """Unchecked rule ids and families. ``severity`` maps an id to ``error``, ``warning`` or ``info``; ``params`` maps
    an id to names and values as written; ``extra`` are folders, shown paths. ``strict``: every suppression must give
    its reason; ``forbidden`` is where all of them are forbidden, if they are. ``preview``: rules on trial run, too.
    ``overrides`` say what is otherwise in a part of the tree; of several that fit a place and speak of the same rule
    the last one counts. ``places`` are those of the ids under ``severity`` and ``params``."""

    select: tuple[Word, ...] = ()
    ignore: tuple[Word, ...] = ()
    severity: Mapping[str, Word] = {}
    params: Mapping[str, Mapping[str, Word]] = {}
    extra: tuple[Word, ...] = ()
    strict: bool = False
    forbidden: Place | None = None
    preview: bool = False
    overrides: tuple[Override, ...] = ()
    places: Mapping[str, Place] = NOWHERE


class Override(NamedTuple):
    """What ``rules`` say (`config.reading.CHOICES`) for findings in files that one of ``paths`` fits, patterns as in
    FilesConfig, or in files of one of ``hosts``."""

    place: Place
    paths: tuple[Word, ...] = ()
    hosts: tuple[Word, ...] = ()
    rules: RulesConfig = RulesConfig()


class FilesConfig(NamedTuple):
    """Patterns as in .gitignore (see pgfpmlint.source.patterns), relative to the configuration file's folder.
    ``kinds`` pairs a pattern with the kind of the files that it fits; of several that fit, the last one counts."""

    exclude: tuple[Word, ...] = ()
    kinds: tuple[tuple[Word, Word], ...] = ()


class Config(NamedTuple):
    """All of it; without a file, the defaults. ``path`` is the file's shown path, ``folder`` the folder that relative
    paths and patterns in it start from: a shown path too. ``versions`` is keyed by product."""

    path: str | None = None
    folder: str = ""
    versions: Mapping[str, ServerVersion] = {}
    hosts: tuple[HostConfig, ...] = ()
    links: tuple[LinkConfig, ...] = ()
    consumers: tuple[ConsumerConfig, ...] = ()
    poolers: tuple[PoolerConfig, ...] = ()
    policy: Policy = Policy()
    rules: RulesConfig = RulesConfig()
    files: FilesConfig = FilesConfig()
