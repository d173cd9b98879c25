"""What discovery finds."""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.source.text import Place
from pgfpmlint.source.tree import Root

if TYPE_CHECKING:
    from pgfpmlint.manifests.machine import Told
    from pgfpmlint.resolve.application.files import ApplicationFiles


class Options(NamedTuple):
    """What the command line says about files. ``root`` is a shown path (``--root``), ``kind`` holds for the files
    given by name (``--as``), ``versions`` is keyed by product."""

    root: str | None = None
    kind: str | None = None
    versions: Mapping[str, ServerVersion] = {}


class Host(NamedTuple):
    """One machine. ``prefix`` is the shown path of the folder that stands for its ``/``; a host that only a folder's
    name tells shares that with others. ``place`` is its declaration, ``told`` what the manifest that makes it says of
    it."""

    name: str
    prefix: str
    root: Root
    place: Place | None = None
    told: Told | None = None


class FoundFile(NamedTuple):
    """One file of the tree that means something here. ``path`` is the machine's own path, ``shown`` the people's.

    ``kind`` is a key of FORMATS, one of the kinds that are recognised but not linted, or empty; ``why`` says how that
    is known. ``skipped`` says why it is not linted, ``unreadable`` why it can't be read. ``named``: the user named this
    very file. ``language`` is that of a template.
    """

    shown: str
    host: Host
    path: str
    kind: str
    why: str
    skipped: str = ""
    unreadable: str = ""
    named: bool = False
    language: str = ""

    @property
    def reason(self) -> str:
        """How its kind is known, and how it is read."""
        return f"{self.why}, a template: {self.language}" if self.language else self.why


class Main(NamedTuple):
    """One server to read, or a file on its own: what `resolve` is called with.

    ``kind`` tells which reading; ``paths`` are machine paths, several only for pool files without their php-fpm.conf.
    ``fragment``: only a part of the server's configuration lies in the tree; of SQL: nothing but its words tells that
    it is for PostgreSQL. ``service`` names it on its host: ``16-main``, ``pgbouncer``, ``php8.3-fpm``. ``hba`` and
    ``ident`` are machine paths of the access files of a server that are in the tree, ``userlist`` that of a
    PgBouncer's auth_file, ``php`` those of the php.ini files that an FPM master's PHP reads, in their order. ``unit``
    is what systemd starts the server with, ``options`` the machine path of what PostgreSQL's command line sets.
    ``reader`` is the module that reads a client that is no PHP-FPM.
    """

    kind: str
    host: Host
    paths: tuple[str, ...]
    version: ServerVersion
    service: str
    fragment: bool = False
    hba: str | None = None
    ident: str | None = None
    userlist: str | None = None
    php: tuple[str, ...] = ()
    unit: Unit | None = None
    options: str | None = None
    reader: str = ""

    @property
    def root(self) -> Root:
        return self.host.root

    @property
    def path(self) -> str:
        return self.paths[0]


class Unit(NamedTuple):
    """A unit of systemd: machine paths of the manager's own files with defaults for all units, of the unit's file,
    where the tree holds it (``whole``), and of its drop-ins. ``idle`` are drop-ins of the unit that people take for
    this one."""

    name: str
    files: tuple[str, ...]
    whole: bool
    idle: tuple[str, ...] = ()


class Application(NamedTuple):
    """``prefix`` is the shown path of the root that the files lie below; ``shown`` is what people call the folder."""

    prefix: str
    root: Root
    shown: str
    files: ApplicationFiles


class Discovery(NamedTuple):
    """Everything found: ``files`` sorted by shown path, ``mains`` sorted by host and path. ``closed`` are folders that
    can't be listed and may hold anything, with reasons. ``applications`` may belong to FPM's pools."""

    hosts: tuple[Host, ...]
    files: tuple[FoundFile, ...]
    mains: tuple[Main, ...]
    closed: tuple[tuple[str, str], ...] = ()
    applications: tuple[Application, ...] = ()

    @property
    def linted(self) -> list[FoundFile]:
        return [file for file in self.files if not file.skipped and not file.unreadable]

    @property
    def skipped(self) -> list[FoundFile]:
        return [file for file in self.files if file.skipped]

    @property
    def unreadable(self) -> list[FoundFile]:
        return [file for file in self.files if file.unreadable]
