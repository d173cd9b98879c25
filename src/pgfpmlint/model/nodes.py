"""What a deployment is made of: hosts, and the servers and client pools that run on them.

Names are what the configuration, the messages and the JSON call a node: ``db/16-main``, ``edge/pgbouncer``,
``web/www``. They are unique within a deployment, so maps are keyed by name.
"""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.source.text import Place

# A run loads only the readings of the products that it meets, so nothing in this package imports them for their types.
if TYPE_CHECKING:
    from pgfpmlint.resolve.application import Served
    from pgfpmlint.resolve.fpm import FpmPool, FpmReading
    from pgfpmlint.resolve.hba import HbaReading
    from pgfpmlint.resolve.ident import IdentReading
    from pgfpmlint.resolve.nginx import NginxReading
    from pgfpmlint.resolve.pgbouncer import BouncerReading
    from pgfpmlint.resolve.pgbouncer.hba import PoolerHbaReading
    from pgfpmlint.resolve.pgbouncer.ident import PoolerIdentReading
    from pgfpmlint.resolve.pgbouncer.userlist import UserlistReading
    from pgfpmlint.resolve.php_ini import PhpIniReading
    from pgfpmlint.resolve.postgres import PostgresReading
    from pgfpmlint.resolve.proxy import ProxyReading
    from pgfpmlint.resolve.settings import Effective
    from pgfpmlint.resolve.sql.facts import SqlReading
    from pgfpmlint.resolve.sysctl import SysctlReading
    from pgfpmlint.resolve.systemd import UnitReading
    from pgfpmlint.resolve.workers import WorkersReading


class Host(NamedTuple):
    """One machine, or ``machines`` identical ones. Sizes are bytes; None where nothing declares them.

    ``place`` is the declaration in the configuration, ``machines_place`` the line that says how many. ``network`` names
    what its addresses mean something within: those of a compose file's services only to each other.
    """

    name: str
    machines: int = 1
    memory: int | None = None
    cpus: int | None = None
    worker_memory: int | None = None
    addresses: tuple[str, ...] = ()
    place: Place | None = None
    machines_place: Place | None = None
    network: str = ""


class Instance(NamedTuple):
    """A PostgreSQL server. ``fragment``: only a part of its configuration lies in the tree, its main file doesn't.
    ``scripts`` of SQL set up its roles and databases, in no known order; what they say is asked of `model.roles`.
    ``unit`` is what systemd starts it with, as far as the tree holds it; so it is for the other servers."""

    name: str
    host: Host
    postgres: PostgresReading
    hba: HbaReading | None = None
    ident: IdentReading | None = None
    fragment: bool = False
    scripts: tuple[Scripts, ...] = ()
    unit: UnitReading | None = None


class HbaFile(NamedTuple):
    """A pg_hba.conf and the server that reads it; None where the tree doesn't show one."""

    reading: HbaReading
    instance: Instance | None


class Scripts(NamedTuple):
    """Scripts of SQL, and the server that they set up, as its own files have it; None where nothing tells which one.
    Unless ``certain``, it is taken to be that one because there is no other."""

    reading: SqlReading
    instance: Instance | None
    certain: bool

    @property
    def assumption(self) -> str:
        """What a message must add when the server was assumed."""
        if self.certain or self.instance is None:
            return ""
        return f" (assumed: {self.instance.name} is the only PostgreSQL that {self.path} could be for)"

    @property
    def path(self) -> str:
        """The shown path of the first script."""
        return self.reading.reading.main.source.path


class Pooler(NamedTuple):
    """A PgBouncer. ``hba`` and ``ident`` are its own access files, where it reads them (auth_type hba)."""

    name: str
    host: Host
    bouncer: BouncerReading
    userlist: UserlistReading | None = None
    fragment: bool = False
    unit: UnitReading | None = None
    hba: PoolerHbaReading | None = None
    ident: PoolerIdentReading | None = None


class Proxy(NamedTuple):
    """A pooler other than PgBouncer: one with a file of its own, or one that the configuration declares (``place``)."""

    name: str
    host: Host
    proxy: ProxyReading
    place: Place | None = None


class FpmMaster(NamedTuple):
    """One FPM master process and its pools.

    ``speaks_postgres``: whether its PHP loads pgsql or pdo_pgsql; None where the tree doesn't show what it loads.
    ``php`` is its php.ini with conf.d; None where the tree holds none of it. ``served`` are the applications of its
    pools, by their names. ``environment`` is what the master itself is started with, as far as a manifest says.
    """

    name: str
    host: Host
    fpm: FpmReading
    fragment: bool = False
    speaks_postgres: bool | None = None
    php: PhpIniReading | None = None
    served: Mapping[str, Served] = {}
    unit: UnitReading | None = None
    environment: Mapping[str, Effective] = {}


class ClientPool(NamedTuple):
    """One FPM pool: ``pm.max_children`` processes that may each hold connections. ``served`` is the application that
    they run, where anything tells of one."""

    name: str
    master: FpmMaster
    pool: FpmPool
    served: Served | None = None

    @property
    def host(self) -> Host:
        """The host that the pool's workers run on."""
        return self.master.host


class Workers(NamedTuple):
    """Processes that connect to PostgreSQL and are no PHP-FPM: Apache's, a supervisor's, a pool of Node."""

    name: str
    host: Host
    workers: WorkersReading

    @property
    def kind(self) -> str:
        """What runs them: ``supervisor``, ``mod_dbd``."""
        return self.workers.kind


class WebServer(NamedTuple):
    """An nginx, or an Apache in nginx's terms. ``complete``: files that its machine holds and the tree doesn't, there
    are none."""

    name: str
    host: Host
    nginx: NginxReading
    complete: bool = False

    @property
    def software(self) -> str:
        """What people call it."""
        return "Apache" if self.nginx.reading.kind == "apache" else "nginx"


class Kernel(NamedTuple):
    """What the files of a machine set of its kernel."""

    host: Host
    sysctl: SysctlReading


Server = Instance | Pooler | Proxy
Pool = ClientPool | Workers
"""Clients that connect for themselves; a pooler does it for others."""
Client = Pool | Pooler | Proxy
