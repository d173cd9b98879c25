"""Poolers other than PgBouncer: those with files of their own, and those that the configuration declares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.config import Config, ConfigError, LinkConfig, PoolerConfig
from pgfpmlint.model.nodes import Host, Proxy
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.proxy import ANY, DATABASE, LANE, POOL, USER, Figure, Lane, ProxyReading
from pgfpmlint.resolve.settings import Effective, Unknown, Written


class ProxyFiles(NamedTuple):
    """What was read of one pooler other than PgBouncer; ``service`` names it on its host."""

    host: str
    service: str
    proxy: ProxyReading


def proxies_of(
    found: Sequence[ProxyFiles], names: Sequence[str], config: Config, hosts: dict[str, Host]
) -> tuple[tuple[Proxy, ...], Config]:
    """All of them, those with files by ``names``, and the configuration with a link for each server that a declared one
    connects to. Adds machines of their own to ``hosts``.

    ConfigError where one is said to run on a host that isn't there, or has another's name."""
    proxies = [Proxy(name, hosts[files.host], files.proxy) for name, files in zip(names, found)]
    links: list[LinkConfig] = []
    for declared in config.poolers:
        host = _host(declared, hosts)
        name = f"{host.name}/{declared.name}" if declared.on is not None else declared.name
        if any(one.name == name for one in proxies):
            where = f"{declared.place.path}:{declared.place.line}"
            raise ConfigError(f"{where}: there is another pooler {name}; give this one a name of its own")
        proxies.append(Proxy(name, host, _reading(declared), declared.place))
        links += (LinkConfig(name, end.text, end.place) for end in declared.to)
    return tuple(proxies), config._replace(links=(*config.links, *links))


def _host(declared: PoolerConfig, hosts: dict[str, Host]) -> Host:
    if declared.on is None:
        known = hosts.get(declared.name, Host(declared.name, place=declared.place))
        hosts[declared.name] = known._replace(addresses=(*known.addresses, *declared.addresses))
        return hosts[declared.name]
    name, place = declared.on
    if name not in hosts:
        listed = ", ".join(sorted(hosts)) or "none"
        raise ConfigError(f"{place.path}:{place.line}: on: {name!r} is no host of this tree; there are: {listed}")
    hosts[name] = hosts[name]._replace(addresses=(*hosts[name].addresses, *declared.addresses))
    return hosts[name]


def _reading(declared: PoolerConfig) -> ProxyReading:
    return ProxyReading(
        declared.name,
        (("*", declared.port),),
        tuple(_lanes(declared)),
        _figure(declared, "clients"),
        anchor=declared.place,
    )


def _lanes(declared: PoolerConfig) -> Iterator[Lane]:
    """One for all databases, or one for each where each has connections of its own."""
    size = _figure(declared, "server_connections")
    unknown = "" if size is not None else "nothing declares its server_connections"
    per = {"all": LANE, "user": USER, "database": DATABASE, "pool": POOL}[declared.per]
    apart = len(declared.databases) == 1 or (declared.databases and per in (DATABASE, POOL))
    mode = _said(declared, "mode") or Effective("mode", None, Unknown("nothing declares it", declared.place))
    kept = _said(declared, "prepared_statements")
    for name in declared.databases if apart else (ANY,):
        yield Lane(name, None, declared.place, (), mode, size, per, unknown=unknown, prepares=kept)


def _figure(declared: PoolerConfig, name: str) -> Figure | None:
    amount = getattr(declared, name)
    return None if amount is None else Figure(amount, f"{amount} {name}", (declared.places[name],))


def _said(declared: PoolerConfig, name: str) -> Effective | None:
    value = getattr(declared, name)
    if value is None:
        return None
    text = str(value).lower()
    return Effective(name, text, Written(declared.places[name], declared.places[name], text))
