"""The deployment: every node and every link of one tree."""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.config import ConsumerConfig, Policy
from pgfpmlint.model.link import Links
from pgfpmlint.model.nodes import (
    ClientPool,
    FpmMaster,
    HbaFile,
    Host,
    Instance,
    Kernel,
    Pool,
    Pooler,
    Proxy,
    Scripts,
    WebServer,
    Workers,
)
from pgfpmlint.record import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pgfpmlint.resolve.ident import IdentReading
    from pgfpmlint.resolve.pgbouncer.userlist import UserlistReading


class Deployment(NamedTuple):
    """Hosts, servers, pools and links. ``consumers`` are the declared ones by the name of the server they use.
    ``left_out`` says what the configuration declares of nodes that are not in this part of its tree.
    ``workers`` may connect somewhere, or have nothing to do with PostgreSQL: links tell.
    ``application_hosts`` are the names of those that run client pools, and are replaced when the application is."""

    hosts: tuple[Host, ...]
    instances: tuple[Instance, ...]
    poolers: tuple[Pooler, ...]
    masters: tuple[FpmMaster, ...]
    pools_by_master: Mapping[str, tuple[ClientPool, ...]]
    hba_files: tuple[HbaFile, ...]
    ident_files: tuple[IdentReading, ...]
    userlists: tuple[UserlistReading, ...]
    links: Links
    consumers: Mapping[str, tuple[ConsumerConfig, ...]]
    policy: Policy
    left_out: tuple[str, ...] = ()
    application_hosts: frozenset[str] = frozenset()
    scripts: tuple[Scripts, ...] = ()
    web_servers: tuple[WebServer, ...] = ()
    kernels: tuple[Kernel, ...] = ()
    proxies: tuple[Proxy, ...] = ()
    workers: tuple[Workers, ...] = ()

    @property
    def pools(self) -> tuple[ClientPool, ...]:
        """All pools of PHP-FPM."""
        return tuple(pool for own in self.pools_by_master.values() for pool in own)

    @property
    def clients(self) -> tuple[Pool, ...]:
        """All that may connect for themselves."""
        return (*self.pools, *self.workers)
