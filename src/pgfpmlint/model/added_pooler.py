"""What would be if a PgBouncer stood between some client pools and the instances that they connect to themselves.

``web=edge:pool_size=20``: the pools of web connect to the PgBouncer of edge, one that is there or a new one, and it
holds a [databases] line for each database that they use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pgfpmlint.catalog.version import PGBOUNCER, ServerVersion, newest
from pgfpmlint.config import Config
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.link import DECLARED, Link, Links
from pgfpmlint.model.nodes import Client, Host, Instance, Pooler, Server
from pgfpmlint.model.what_if import WhatIfError, lines_of, nearest_of, none_such
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.resolve.replaced import NewValue, in_entry, in_pgbouncer
from pgfpmlint.resolve.settings import Written
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from pgfpmlint.resolve.pgbouncer import BouncerEntry

ADD = "--add-pooler"
FORM = "write --add-pooler web=edge:pool_size=20"


class NewPooler(NamedTuple):
    """``clients`` are a host or a pool, ``at`` a host or a pooler. ``values`` are keys of its [databases] lines, or for
    a new one parameters of [pgbouncer]. ``to`` is the only instance that it stands before, where that is said;
    ``clients`` are then whoever connects there."""

    clients: str
    at: str
    values: tuple[NewValue, ...]
    place: Place
    to: str | None = None

    @property
    def text(self) -> str:
        return f"{ADD} {self.place.text}"


def asked_for(options: Sequence[str]) -> list[NewPooler]:
    """What the texts of ``--add-pooler`` ask for."""
    found = []
    for option, place in lines_of(ADD, options):
        clients, equals, rest = option.partition("=")
        at, _, listed = rest.partition(":")
        values = []
        for pair in filter(None, listed.split(",")):
            key, sign, value = pair.partition("=")
            if not sign:
                raise WhatIfError(f"{ADD} {option}: {FORM}")
            values.append(NewValue(key.strip(), Written(place, place, value.strip())))
        if not equals or not clients or not at or "\n" in option:
            raise WhatIfError(f"{ADD} {option}: {FORM}")
        found.append(NewPooler(clients.strip(), at.strip(), tuple(values), place))
    return found


def with_poolers(deployment: Deployment, config: Config, wanted: Iterable[NewPooler]) -> Deployment:
    """The deployment with all of them. WhatIfError where one can't be meant."""
    for one in wanted:
        deployment = _with(deployment, config, one)
    return deployment


def _with(deployment: Deployment, config: Config, wanted: NewPooler) -> Deployment:
    moved = _direct_links(deployment, wanted)
    known = [pooler for pooler in deployment.poolers if wanted.at in (pooler.name, pooler.host.name)]
    if len(known) > 1:
        listed = ", ".join(pooler.name for pooler in known)
        raise WhatIfError(f"{wanted.text}: {wanted.at!r} names several poolers; write one of: {listed}")
    pooler = known[0] if known else _new(deployment, config, wanted)
    entry_values = wanted.values
    if not known:
        pooler, entry_values = _settled(pooler, wanted)
    entries: dict[tuple[str, str | None], BouncerEntry] = {}
    for link in moved:
        if (link.server.name, link.database) not in entries:
            entry = _entry(pooler, link, wanted, entry_values, deployment.links)
            entries[link.server.name, link.database] = entry
            kept = tuple(line for line in pooler.bouncer.databases if line.name != entry.name)
            pooler = pooler._replace(bouncer=pooler.bouncer._replace(databases=(*kept, entry)))
    between = Label(wanted.place, f"puts {pooler.name} between")
    links: list[Link] = []
    for link in deployment.links.known:
        if any(link is one for one in moved):
            entry = entries[link.server.name, link.database]
            evidence = (between, *link.evidence)
            links.append(
                link._replace(server=pooler, certainty=DECLARED, evidence=evidence, database=entry.name, dsn=None)
            )
        else:
            links.append(_renewed(link, pooler))
    led = {link.entry.name for link in links if link.client.name == pooler.name and link.entry is not None}
    for (name, database), entry in entries.items():
        if entry.name not in led:
            server: Server = next(one for one in deployment.instances if one.name == name)
            links.append(Link(pooler, server, DECLARED, (between,), entry=entry, database=database))
    others = tuple(one for one in deployment.poolers if one.name != pooler.name)
    hosts = deployment.hosts
    if pooler.host not in hosts:
        hosts = (*hosts, pooler.host)
    return deployment._replace(
        poolers=(*others, pooler),
        hosts=hosts,
        links=Links(links, list(deployment.links.unknown), deployment.links.shared),
    )


def _direct_links(deployment: Deployment, wanted: NewPooler) -> list[Link]:
    """Links of the named pools straight to instances."""
    if wanted.to is not None:
        return [
            link for pool in deployment.clients for link in deployment.links.of(pool) if link.server.name == wanted.to
        ]
    clients = [pool for pool in deployment.clients if wanted.clients in (pool.name, pool.host.name)]
    if not clients:
        names = sorted({name for pool in deployment.clients for name in (pool.name, pool.host.name)})
        raise WhatIfError(f"{wanted.text}: {none_such(wanted.clients, names)}")
    found = [link for pool in clients for link in deployment.links.of(pool) if isinstance(link.server, Instance)]
    if not found:
        raise WhatIfError(f"{wanted.text}: no pool of {wanted.clients} connects straight to an instance")
    return found


def _new(deployment: Deployment, config: Config, wanted: NewPooler) -> Pooler:
    from pgfpmlint.resolve.pgbouncer import BouncerReading
    from pgfpmlint.resolve.settings import Reading

    host_name, _, service = wanted.at.rpartition("/")
    if not host_name:
        host_name, service = wanted.at, "pgbouncer"
    hosts: Mapping[str, Host] = {host.name: host for host in deployment.hosts}
    if wanted.at in hosts:
        host_name, service = wanted.at, "pgbouncer"
    host = hosts.get(host_name, Host(host_name, place=wanted.place))
    reading = Reading("pgbouncer.ini", _version(deployment, config), (), ())
    return Pooler(f"{host_name}/{service}", host, BouncerReading(reading, {}, (), (), (), anchor=wanted.place))


def _version(deployment: Deployment, config: Config) -> ServerVersion:
    """That of the PgBouncers that are there, or the one declared, or the newest."""
    for pooler in deployment.poolers:
        return pooler.bouncer.reading.version
    return config.versions.get(PGBOUNCER, newest(PGBOUNCER))


def _settled(pooler: Pooler, wanted: NewPooler) -> tuple[Pooler, tuple[NewValue, ...]]:
    """A new pooler with the parameters of [pgbouncer] that are given, and what is left for its [databases] lines."""
    from pgfpmlint.catalog.pgbouncer import load

    left = []
    for value in wanted.values:
        if value.name in load().databases:
            left.append(value)
            continue
        if value.name not in load().parameters:
            near = nearest_of(value.name, [*load().databases, *load().parameters])
            raise WhatIfError(f"{wanted.text}: PgBouncer has no setting {value.name!r}{near}")
        try:
            pooler = pooler._replace(bouncer=in_pgbouncer(pooler.bouncer, value))
        except ValueError as error:
            raise WhatIfError(f"{wanted.text}: {error}") from None
    return pooler, tuple(left)


def _entry(pooler: Pooler, link: Link, wanted: NewPooler, values: Sequence[NewValue], links: Links) -> BouncerEntry:
    """The [databases] line that serves ``link``: one that leads there already, or a new one."""
    from pgfpmlint.resolve.pgbouncer import BouncerEntry

    name = link.database or link.server.host.name.rpartition("/")[2]
    leads = {one.entry.name: one for one in links.of(pooler) if one.entry is not None}
    line = next((entry for entry in pooler.bouncer.databases if entry.name == name), None)
    if line is not None and not (name in leads and leads[name].server.name == link.server.name):
        name = f"{name}-{link.server.host.name.rpartition('/')[2]}"
        line = None
    if line is None:
        line = BouncerEntry(name, wanted.place, {})
    for value in values:
        try:
            line = in_entry(line, "databases", value, pooler.bouncer.reading.version)
        except ValueError as error:
            raise WhatIfError(f"{wanted.text}: {error}") from None
    return line


def _renewed(link: Link, pooler: Pooler) -> Link:
    """The link with the pooler as it is now, where it starts or ends there."""
    is_client = isinstance(link.client, Pooler) and link.client.name == pooler.name
    client: Client = pooler if is_client else link.client
    server: Server = pooler if link.server.name == pooler.name else link.server
    entry = link.entry
    if client is pooler and entry is not None:
        entry = next((line for line in pooler.bouncer.databases if line.name == entry.name), entry)
    return link._replace(client=client, server=server, entry=entry)
