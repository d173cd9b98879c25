"""From what was found in a tree to what every server would run with."""

from __future__ import annotations

from pgfpmlint.catalog.version import OLDEST, ServerVersion
from pgfpmlint.console import steps
from pgfpmlint.discover.found import Discovery, Main
from pgfpmlint.discover.names import PROXIES
from pgfpmlint.discover.php_ini import is_main, speaks_postgres
from pgfpmlint.model.build import (
    BouncerFiles,
    FpmFiles,
    KernelFiles,
    NginxFiles,
    PostgresFiles,
    Readings,
    ScriptFiles,
    WorkerFiles,
)
from pgfpmlint.model.nodes import Host
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.resolve.settings import Reading

if TYPE_CHECKING:
    from pgfpmlint.discover.found import Application
    from pgfpmlint.finding.problem import Problem
    from pgfpmlint.manifests.machine import Told
    from pgfpmlint.model.proxies import ProxyFiles
    from pgfpmlint.resolve.nginx import Passing
    from pgfpmlint.resolve.pgbouncer import BouncerReading
    from pgfpmlint.resolve.pgbouncer.hba import PoolerHbaReading
    from pgfpmlint.resolve.pgbouncer.ident import PoolerIdentReading
    from pgfpmlint.resolve.php_ini import PhpIniReading
    from pgfpmlint.resolve.postgres import PostgresReading
    from pgfpmlint.resolve.systemd import UnitReading
    from pgfpmlint.source.text import Source
    from pgfpmlint.worker_reading import Applications, Clients


class ReadTree(NamedTuple):
    """The servers of a tree, and their readings one by one."""

    servers: Readings
    readings: tuple[Reading, ...]


def read_tree(found: Discovery) -> ReadTree:
    """Read every server that was found, with the files that it refers to."""
    postgres: list[PostgresFiles] = []
    bouncers: list[BouncerFiles] = []
    fpm: list[FpmFiles] = []
    masters: list[Main] = []
    nginx: list[NginxFiles] = []
    passed: list[tuple[str, Passing]] = []
    others: list[Reading] = []
    scripts: list[ScriptFiles] = []
    kernels: list[KernelFiles] = []
    for main in steps(found.mains, lambda number: _so_far(found, number)):
        if main.kind in ("postgresql.conf", "pg_hba.conf", "pg_ident.conf"):
            postgres.append(_postgres(main))
        elif main.kind in ("pgbouncer.ini", "userlist.txt", "pgbouncer-hba", "pgbouncer-ident"):
            bouncers.append(_bouncer(main))
        elif main.kind == "php-fpm":
            fpm.append(_fpm(main))
            masters.append(main)
        elif main.kind == "nginx":
            nginx.append(_nginx(main))
            passed += [(main.host.prefix, passing) for passing in nginx[-1].nginx.passings]
        elif main.kind == "php.ini":
            others.append(_php_ini(main, main.paths).reading)
        elif main.kind == "sql":
            scripts.append(_scripts(main))
        elif main.kind == "sysctl.conf":
            kernels.append(_kernel(main))
    read: Applications = {}
    clients = _clients([main for main in found.mains if main.reader])
    others += [client.reading for _, client in clients]
    nginx += _fronts(clients)
    passed += [(main.host.prefix, one) for main, client in clients for front in client.fronts for one in front.passings]
    if found.applications:
        fpm = _with_applications(masters, fpm, found.applications, passed, read)
    workers = _workers(clients, found.applications, read)
    others += [one.reading for one in read.values()]
    readings: list[Reading] = []
    for server in postgres:
        readings += [part.reading for part in (server.postgres, server.hba, server.ident) if part is not None]
    for pooler in bouncers:
        readings += [
            part.reading for part in (pooler.bouncer, pooler.userlist, pooler.hba, pooler.ident) if part is not None
        ]
    readings += [master.fpm.reading for master in fpm]
    readings += [master.php.reading for master in fpm if master.php is not None]
    readings += [server.nginx.reading for server in nginx]
    readings += others
    readings += [one.scripts.reading for one in scripts]
    units = [*(one.unit for one in postgres), *(one.unit for one in bouncers), *(one.unit for one in fpm)]
    readings += [unit.reading for unit in units if unit is not None]
    readings += [one.kernel.reading for one in kernels]
    proxies, of_proxies = _proxies(found)
    readings += of_proxies
    hosts = _told(found)
    readings += _manifests(found)
    return ReadTree(
        Readings(postgres, bouncers, fpm, scripts, nginx, kernels, hosts, workers, proxies), tuple(readings)
    )


def _told(found: Discovery) -> list[Host]:
    """The machines that manifests make, as these describe them."""
    return [_host(host.name, host.told) for host in found.hosts if host.told is not None]


def _host(name: str, told: Told) -> Host:
    size = (told.machines, told.memory, told.cpus, None)
    return Host(name, *size, told.addresses, told.place, told.machines_place, told.network)


def _manifests(found: Discovery) -> list[Reading]:
    """The manifests that hold comments to us, or that there is something to object to."""
    if all(host.told is None for host in found.hosts):
        return []
    from pgfpmlint.engine import MARK
    from pgfpmlint.formats import manifest
    from pgfpmlint.source.excerpt import Excerpt

    unversioned = ServerVersion("manifest", (), "")
    sources: dict[str, Source] = {}
    problems: dict[str, list[Problem]] = {}
    for host in found.hosts:
        for problem in host.told.problems if host.told is not None else ():
            sources.setdefault(problem.place.source.identity, problem.place.source)
            problems.setdefault(problem.place.source.identity, []).append(problem)
    for file in found.linted:
        source = file.host.root.read(file.path) if file.host.told is not None else None
        if isinstance(source, Excerpt) and MARK in source.outer.text:
            sources.setdefault(source.outer.identity, source.outer)
    return [
        Reading(
            "manifest",
            unversioned,
            (manifest.parse(source, source.path, unversioned),),
            tuple(problems.get(identity, ())),
        )
        for identity, source in sources.items()
    ]


# The readings of a product are imported when a file of that product is in play.


def _so_far(found: Discovery, number: int) -> str:
    """How much is read after that many servers, which are sorted by their hosts."""
    hosts = {main.host.name for main in found.mains[:number]}
    linted = found.linted
    files = sum(file.host.name in hosts for file in linted)
    return f"reading: {len(hosts)} of {len(found.hosts)} hosts, {files} of {len(linted)} files"


def _postgres(main: Main) -> PostgresFiles:
    version = _known(main.version)
    settings = None
    hba, ident = main.hba, main.ident
    if main.kind == "postgresql.conf":
        from pgfpmlint.resolve import postgres

        settings = postgres.read(main.root, main.path, version, fragment=main.fragment, options=main.options)
    elif main.kind == "pg_hba.conf":
        hba = main.path
    else:
        ident = main.path
    records = mappings = None
    if hba is not None:
        from pgfpmlint.resolve import hba as access

        records = access.read(main.root, hba, version, oauth_validators=_oauth_validators(settings))
    if ident is not None:
        from pgfpmlint.resolve import ident as maps

        mappings = maps.read(main.root, ident, version)
    return PostgresFiles(main.host.name, main.service, settings, records, mappings, main.fragment, _unit(main))


def _oauth_validators(settings: PostgresReading | None) -> tuple[str, ...] | None:
    """The entries of oauth_validator_libraries (18+), without which method oauth is refused; None if not known."""
    if settings is None or settings.setting("oauth_validator_libraries").value is None:
        return None
    listed = settings.setting("oauth_validator_libraries").value or ""
    return tuple(part.strip() for part in listed.split(",") if part.strip())


def _bouncer(main: Main) -> BouncerFiles:
    version = _known(main.version)
    settings = users = None
    userlist = main.path if main.kind == "userlist.txt" else main.userlist
    if main.kind == "pgbouncer.ini":
        from pgfpmlint.resolve import pgbouncer

        settings = pgbouncer.read(main.root, main.path, version, fragment=main.fragment)
    if userlist is not None:
        from pgfpmlint.resolve.pgbouncer import userlist as auth_file

        users = auth_file.read(main.root, userlist, version)
    hba, ident = _pooler_access(main, settings)
    return BouncerFiles(main.host.name, main.service, settings, users, main.fragment, hba, ident, _unit(main))


def _pooler_access(
    main: Main, settings: BouncerReading | None
) -> tuple[PoolerHbaReading | None, PoolerIdentReading | None]:
    """PgBouncer's own access files, where it reads them: with auth_type = hba."""
    hba = main.path if main.kind == "pgbouncer-hba" else main.hba
    ident = main.path if main.kind == "pgbouncer-ident" else main.ident
    if (hba is None and ident is None) or (settings is not None and settings.setting("auth_type").value != "hba"):
        return None, None
    version = _known(main.version)
    records = mappings = None
    maps: frozenset[str] | None = None
    if settings is not None and settings.setting("auth_ident_file").value == "":
        maps = frozenset()
    if ident is not None:
        from pgfpmlint.resolve.pgbouncer import ident as pgbouncer_ident

        mappings = pgbouncer_ident.read(main.root, ident, version)
        maps = mappings.maps
    if hba is not None:
        from pgfpmlint.resolve.pgbouncer import hba as pgbouncer_hba

        records = pgbouncer_hba.read(main.root, hba, version, maps)
    return records, mappings


def _fpm(main: Main) -> FpmFiles:
    from pgfpmlint.resolve import fpm

    reading = fpm.read(main.root, main.paths, _known(main.version), fragment=main.fragment)
    php = _php_ini(main, main.php) if main.php else None
    speaks = speaks_postgres(main.root, main.path)
    own = main.host.told.variables if main.host.told is not None else {}
    return FpmFiles(
        main.host.name, main.service, reading, main.fragment, speaks, php, unit=_unit(main), environment=own
    )


def _with_applications(
    masters: list[Main],
    fpm: list[FpmFiles],
    found: tuple[Application, ...],
    passed: list[tuple[str, Passing]],
    read: Applications,
) -> list[FpmFiles]:
    """FPM masters with the applications that their pools serve; of other applications nothing is ``read``."""
    from pgfpmlint.discover.serving import serve
    from pgfpmlint.resolve import application as applications
    from pgfpmlint.worker_reading import application

    listed = [(str(at), main.host.prefix, files.fpm.pools) for at, (main, files) in enumerate(zip(masters, fpm))]
    served: dict[str, dict[str, applications.Served]] = {}
    for (master, pool), one in serve(listed, found, passed).items():
        version = _known(masters[int(master)].version)
        reading = application(one.application, version, read) if one.application is not None else None
        served.setdefault(master, {})[pool] = applications.Served(reading, one.evidence, one.why)
    return [files._replace(served=served.get(str(at), {})) for at, files in enumerate(fpm)]


def _clients(mains: list[Main]) -> Clients:
    """The readings of clients that are no PHP-FPM."""
    if not mains:
        return []
    from pgfpmlint.worker_reading import clients_of

    return clients_of(mains)


def _fronts(clients: Clients) -> list[NginxFiles]:
    """The web servers among them."""
    return [
        NginxFiles(main.host.name, main.kind, front, main.root.complete)
        for main, client in clients
        for front in client.fronts
    ]


def _workers(clients: Clients, found: tuple[Application, ...], read: Applications) -> list[WorkerFiles]:
    if not clients:
        return []
    from pgfpmlint.worker_reading import with_served

    return with_served(clients, found, read)


def _nginx(main: Main) -> NginxFiles:
    from pgfpmlint.resolve import nginx

    reading = nginx.read(main.root, main.path, fragment=main.fragment)
    return NginxFiles(main.host.name, main.service, reading, main.root.complete)


def _proxies(found: Discovery) -> tuple[list[ProxyFiles], list[Reading]]:
    """Poolers other than PgBouncer."""
    if not any(main.kind in PROXIES for main in found.mains):
        return [], []
    from pgfpmlint.proxy_reading import proxies_of

    files = proxies_of(found, _known)
    return files, [one.proxy.reading for one in files if one.proxy.reading is not None]


def _unit(main: Main) -> UnitReading | None:
    if main.unit is None:
        return None
    from pgfpmlint.resolve import systemd

    return systemd.read(main.root, main.unit.name, main.unit.files, whole=main.unit.whole, idle=main.unit.idle)


def _kernel(main: Main) -> KernelFiles:
    from pgfpmlint.resolve import sysctl

    return KernelFiles(main.host.name, sysctl.read(main.root, main.paths))


def _php_ini(main: Main, files: tuple[str, ...]) -> PhpIniReading:
    from pgfpmlint.resolve import php_ini

    whole = main.root.complete or is_main(files[0])
    return php_ini.read(main.root, files, _known(main.version), whole=whole)


def _scripts(main: Main) -> ScriptFiles:
    from pgfpmlint.discover.scripts import in_init_folder
    from pgfpmlint.resolve import sql

    reading = sql.read(
        main.root, main.paths, _known(main.version), init=in_init_folder(main.path), sure=not main.fragment
    )
    return ScriptFiles(main.host.name, reading)


def _known(version: ServerVersion) -> ServerVersion:
    """The version itself, or the oldest that the catalogs know, taken as an assumption."""
    oldest = OLDEST[version.product]
    if version.at_least(*oldest):
        return version
    shown = ".".join(map(str, oldest))
    why = f"{version} ({version.why}) is older than {shown}, the oldest known, which is taken"
    return version._replace(number=oldest, why=why, assumed=True, instead_of=version.number)
