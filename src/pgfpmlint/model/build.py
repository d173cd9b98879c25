"""From readings to a deployment: every server gets its host, its name and its links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pgfpmlint.config import Config, ConsumerConfig, HostConfig
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.linking import connect, fits, named
from pgfpmlint.model.nodes import (
    Client,
    ClientPool,
    FpmMaster,
    HbaFile,
    Host,
    Instance,
    Kernel,
    Pool,
    Pooler,
    Proxy,
    Server,
    WebServer,
    Workers,
)
from pgfpmlint.record import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pgfpmlint.model.nodes import Scripts
    from pgfpmlint.model.proxies import ProxyFiles
    from pgfpmlint.resolve.application import Served
    from pgfpmlint.resolve.fpm import FpmReading
    from pgfpmlint.resolve.hba import HbaReading
    from pgfpmlint.resolve.ident import IdentReading
    from pgfpmlint.resolve.nginx import NginxReading
    from pgfpmlint.resolve.pgbouncer import BouncerReading
    from pgfpmlint.resolve.pgbouncer.hba import PoolerHbaReading
    from pgfpmlint.resolve.pgbouncer.ident import PoolerIdentReading
    from pgfpmlint.resolve.pgbouncer.userlist import UserlistReading
    from pgfpmlint.resolve.php_ini import PhpIniReading
    from pgfpmlint.resolve.postgres import PostgresReading
    from pgfpmlint.resolve.settings import Effective
    from pgfpmlint.resolve.sql.facts import SqlReading
    from pgfpmlint.resolve.sysctl import SysctlReading
    from pgfpmlint.resolve.systemd import UnitReading
    from pgfpmlint.resolve.workers import WorkersReading


class PostgresFiles(NamedTuple):
    """What was read of one PostgreSQL server. ``cluster`` names it on its host: ``16-main``. Without a
    postgresql.conf in the tree, ``postgres`` is None and only the access files count."""

    host: str
    cluster: str
    postgres: PostgresReading | None
    hba: HbaReading | None = None
    ident: IdentReading | None = None
    fragment: bool = False
    unit: UnitReading | None = None


class BouncerFiles(NamedTuple):
    """What was read of one PgBouncer; ``service`` names it on its host."""

    host: str
    service: str
    bouncer: BouncerReading | None
    userlist: UserlistReading | None = None
    fragment: bool = False
    hba: PoolerHbaReading | None = None
    ident: PoolerIdentReading | None = None
    unit: UnitReading | None = None


class FpmFiles(NamedTuple):
    """What was read of one FPM master; ``service`` names it on its host where there are several. ``served`` are the
    applications of its pools, by their names."""

    host: str
    service: str
    fpm: FpmReading
    fragment: bool = False
    speaks_postgres: bool | None = None
    php: PhpIniReading | None = None
    served: Mapping[str, Served] = {}
    unit: UnitReading | None = None
    environment: Mapping[str, Effective] = {}


class ScriptFiles(NamedTuple):
    """Scripts of SQL that run one after the other, and the host that they lie on."""

    host: str
    scripts: SqlReading


class NginxFiles(NamedTuple):
    """What was read of one nginx. ``complete``: the tree holds all files of its machine."""

    host: str
    service: str
    nginx: NginxReading
    complete: bool = False


class KernelFiles(NamedTuple):
    """What the files of one machine set of its kernel."""

    host: str
    kernel: SysctlReading


class WorkerFiles(NamedTuple):
    """One group of processes that connect to PostgreSQL and are no PHP-FPM."""

    host: str
    workers: WorkersReading


class Readings(NamedTuple):
    """All servers of a tree, the scripts that set them up, and the hosts of which manifests tell more than a name."""

    postgres: Sequence[PostgresFiles] = ()
    bouncers: Sequence[BouncerFiles] = ()
    fpm: Sequence[FpmFiles] = ()
    scripts: Sequence[ScriptFiles] = ()
    nginx: Sequence[NginxFiles] = ()
    kernels: Sequence[KernelFiles] = ()
    hosts: Sequence[Host] = ()
    workers: Sequence[WorkerFiles] = ()
    proxies: Sequence[ProxyFiles] = ()


def build(found: Readings, config: Config, *, whole: bool = True, hidden: Sequence[str] = ()) -> Deployment:
    """The deployment that ``found`` forms. ConfigError where the configuration names nodes that aren't there; where
    ``found`` is not the ``whole`` of what it speaks of, they are left out.
    ``hidden`` are the files of servers that can't be read, so that nobody knows which servers there are."""
    hosts = _hosts(found, config.hosts)
    instances = _instances(found.postgres, hosts)
    scripts: tuple[Scripts, ...] = ()
    if found.scripts:
        from pgfpmlint.model.scripts import placed, with_scripts

        scripts = placed([(files.host, files.scripts) for files in found.scripts], instances)
        instances = with_scripts(instances, scripts)
    poolers = _poolers(found.bouncers, hosts)
    proxies: tuple[Proxy, ...] = ()
    if found.proxies or config.poolers:
        from pgfpmlint.model.proxies import proxies_of

        names = unique(f"{files.host}/{files.service}" for files in found.proxies)
        proxies, config = proxies_of(found.proxies, names, config, hosts)
    masters = _masters(found.fpm, hosts)
    pools = _pools(masters)
    servers: list[Server] = [*(instance for instance in instances if not instance.fragment), *poolers, *proxies]
    agents = frozenset(consumer.name for consumer in config.consumers)
    taken = {pool.name for own in pools.values() for pool in own}
    workers = _workers([one for one in found.workers if not _is_declared(one.workers, agents)], hosts, taken)
    clients: list[Pool] = [*(pool for own in pools.values() for pool in own), *workers]
    left_out: tuple[str, ...] = ()
    if not whole:
        consumed: list[Server] = [*instances, *poolers, *proxies]
        config, left_out = _of_part(config, [*clients, *poolers, *proxies], servers, consumed)
    consumers = _consumers(config.consumers, instances, [*poolers, *proxies])
    return Deployment(
        hosts=tuple(hosts.values()),
        instances=instances,
        poolers=poolers,
        masters=masters,
        pools_by_master=pools,
        hba_files=_hba_files(found.postgres, instances),
        ident_files=tuple(files.ident for files in found.postgres if files.ident is not None),
        userlists=tuple(files.userlist for files in found.bouncers if files.userlist is not None),
        links=connect(clients, servers, config.links, hidden, frozenset(consumers)),
        consumers=consumers,
        policy=config.policy,
        left_out=left_out,
        application_hosts=frozenset(
            [
                *(master.host.name for master in masters),
                *(one.host.name for one in workers if one.workers.deployed),
            ]
        ),
        scripts=scripts,
        web_servers=_web_servers(found.nginx, hosts),
        kernels=tuple(Kernel(hosts[files.host], files.kernel) for files in found.kernels),
        workers=workers,
        proxies=proxies,
    )


def _of_part(
    config: Config, clients: Sequence[Client], servers: Sequence[Server], consumed: Sequence[Server]
) -> tuple[Config, tuple[str, ...]]:
    """``config`` without what it declares of nodes that are not here, and words that say so."""
    links = tuple(link for link in config.links if fits(link.from_, clients) and fits(link.to, servers))
    consumers = tuple(consumer for consumer in config.consumers if fits(consumer.to, consumed))
    gone = [
        *((link.place, f"the link from {link.from_} to {link.to}") for link in config.links if link not in links),
        *((one.place, f"consumer {one.name} of {one.to}") for one in config.consumers if one not in consumers),
    ]
    words = [
        f"{place.path}:{place.line}: {what} is left out: not all of it lies in the paths given" for place, what in gone
    ]
    return config._replace(links=links, consumers=consumers), tuple(words)


def _hosts(found: Readings, declared: Iterable[HostConfig]) -> dict[str, Host]:
    hosts = {host.name: host for host in found.hosts}
    hosts |= {one.name: _host(one, hosts.get(one.name)) for one in declared}
    met = [files.host for files in found.postgres]
    met += [files.host for files in found.bouncers]
    met += [files.host for files in found.fpm]
    met += [files.host for files in found.nginx]
    met += [files.host for files in found.workers]
    met += [files.host for files in found.proxies]
    for name in met:
        hosts.setdefault(name, Host(name))
    return hosts


def _host(declared: HostConfig, told: Host | None) -> Host:
    """What the configuration declares, and what it leaves to the manifest that makes the host."""
    known = told or Host(declared.name)
    counted = declared.places.get("count")
    return Host(
        declared.name,
        declared.machines if counted is not None else known.machines,
        declared.memory if declared.memory is not None else known.memory,
        declared.cpus if declared.cpus is not None else known.cpus,
        declared.worker_memory,
        (*declared.addresses, *known.addresses),
        declared.place,
        counted or known.machines_place,
        known.network,
    )


def _instances(found: Sequence[PostgresFiles], hosts: dict[str, Host]) -> tuple[Instance, ...]:
    names = unique(f"{files.host}/{files.cluster}" for files in found)
    return tuple(
        Instance(name, hosts[files.host], files.postgres, files.hba, files.ident, files.fragment, unit=files.unit)
        for name, files in zip(names, found)
        if files.postgres is not None
    )


def _hba_files(found: Sequence[PostgresFiles], instances: Sequence[Instance]) -> tuple[HbaFile, ...]:
    readers = {id(instance.hba): instance for instance in instances}
    return tuple(HbaFile(files.hba, readers.get(id(files.hba))) for files in found if files.hba is not None)


def _poolers(found: Sequence[BouncerFiles], hosts: dict[str, Host]) -> tuple[Pooler, ...]:
    names = unique(f"{files.host}/{files.service}" for files in found)
    return tuple(
        Pooler(
            name, hosts[files.host], files.bouncer, files.userlist, files.fragment, files.unit, files.hba, files.ident
        )
        for name, files in zip(names, found)
        if files.bouncer is not None
    )


def _masters(found: Sequence[FpmFiles], hosts: dict[str, Host]) -> tuple[FpmMaster, ...]:
    names = unique(f"{files.host}/{files.service}" for files in found)
    return tuple(
        FpmMaster(
            name,
            hosts[one.host],
            one.fpm,
            one.fragment,
            one.speaks_postgres,
            one.php,
            one.served,
            one.unit,
            one.environment,
        )
        for name, one in zip(names, found)
    )


def _web_servers(found: Sequence[NginxFiles], hosts: dict[str, Host]) -> tuple[WebServer, ...]:
    names = unique(f"{files.host}/{files.service}" for files in found)
    return tuple(WebServer(name, hosts[files.host], files.nginx, files.complete) for name, files in zip(names, found))


def _pools(masters: Sequence[FpmMaster]) -> dict[str, tuple[ClientPool, ...]]:
    """By master: ``host/pool``; where the host runs several masters, ``host/service/pool``."""
    masters_of: dict[str, int] = {}
    for master in masters:
        masters_of[master.host.name] = masters_of.get(master.host.name, 0) + 1
    by_master = {}
    for master in masters:
        prefix = master.host.name if masters_of[master.host.name] == 1 else master.name
        by_master[master.name] = tuple(
            ClientPool(f"{prefix}/{pool.name}", master, pool, master.served.get(pool.name)) for pool in master.fpm.pools
        )
    return by_master


def _is_declared(workers: WorkersReading, consumers: frozenset[str]) -> bool:
    """Whether the configuration counts an agent among its consumers, by its name or as ``monitoring``: once is
    enough."""
    return not workers.deployed and bool(consumers & {"monitoring", workers.kind, workers.service})


def _workers(found: Sequence[WorkerFiles], hosts: dict[str, Host], taken: set[str]) -> tuple[Workers, ...]:
    """By names that no pool has: ``host/service``."""
    named = unique([*taken, *(f"{files.host}/{files.workers.service}" for files in found)])[len(taken) :]
    return tuple(Workers(name, hosts[files.host], files.workers) for name, files in zip(named, found))


def _consumers(
    declared: Iterable[ConsumerConfig], instances: Sequence[Instance], poolers: Sequence[Pooler | Proxy]
) -> dict[str, tuple[ConsumerConfig, ...]]:
    """By the name of the server that they use: on a host with both, its PostgreSQL, unless they name its pooler."""
    by_server: dict[str, tuple[ConsumerConfig, ...]] = {}
    for consumer in declared:
        where = f"{consumer.place.path}:{consumer.place.line}"
        servers: Sequence[Server] = instances if fits(consumer.to, instances) else [*instances, *poolers]
        name = named(consumer.to, servers, where).name
        by_server[name] = (*by_server.get(name, ()), consumer)
    return by_server


def unique(names: Iterable[str]) -> list[str]:
    """The names, with a number behind each that was given before."""
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return unique
