"""PgBouncer's limits against those of the servers that it connects to, and against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.fix import removed
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import Instance, Pooler
from pgfpmlint.model.time_limits import Limit, difference, of_instance, of_pooler, pointing
from pgfpmlint.model.world import World

Hits = Iterator[Hit]

CHECK = "client_connection_check_interval"


def _servers(pooler: Pooler, world: World) -> Iterator[tuple[Instance, Link]]:
    """Each instance that it connects to, once, with the first line that says so."""
    seen: dict[str, None] = {}
    for link in world.deployment.links.of(pooler):
        if isinstance(link.server, Instance) and link.server.name not in seen:
            seen[link.server.name] = None
            yield link.server, link


def _hit(pooler: Pooler, link: Link, limits: tuple[Limit, Limit], arithmetic: str) -> Hits:
    at, labels = pointing(*limits)
    if at is not None:
        values = {"pooler": pooler.name, "server": link.server.name, "assumption": link.assumption}
        values |= {"first": limits[0].seconds, "second": limits[1].seconds}
        yield Hit(at, values, (*labels, *link.evidence), (arithmetic,), certain=link.is_certain)


def query_timeout_before_statement_timeout(pooler: Pooler, world: World, params: Mapping[str, object]) -> Hits:
    """PgBouncer drops both connections, and PostgreSQL goes on with the statement."""
    query = of_pooler(pooler, "query_timeout")
    if query is None or not query.micros or not query.is_written:
        return
    for instance, link in _servers(pooler, world):
        statement, check = (of_instance(instance, name) for name in ("statement_timeout", CHECK))
        if statement is None or (check is not None and check.micros):
            continue
        if not statement.micros:
            yield from _hit(pooler, link, (query, statement), f"{query.words}, and no statement_timeout")
        elif statement.micros > query.micros:
            yield from _hit(pooler, link, (query, statement), difference(statement, query))


def idle_transaction_ended_by_server(pooler: Pooler, world: World, params: Mapping[str, object]) -> Hits:
    """PostgreSQL ends the session before PgBouncer does: the client is told that the server crashed."""
    own = of_pooler(pooler, "idle_transaction_timeout")
    for instance, link in _servers(pooler, world) if own is not None and own.micros else ():
        theirs = of_instance(instance, "idle_in_transaction_session_timeout")
        if theirs is not None and own is not None and 0 < theirs.micros < own.micros:
            yield from _hit(pooler, link, (theirs, own), difference(own, theirs))


def idle_session_ended_under_pooler(pooler: Pooler, world: World, params: Mapping[str, object]) -> Hits:
    """PostgreSQL ends idle connections of the pool before PgBouncer would."""
    own = of_pooler(pooler, "server_idle_timeout")
    for instance, link in _servers(pooler, world) if own is not None else ():
        theirs = of_instance(instance, "idle_session_timeout")
        if theirs is None or own is None or not theirs.micros or 0 < own.micros < theirs.micros:
            continue
        words = difference(own, theirs) if own.micros else f"{theirs.words}, and PgBouncer keeps idle connections"
        yield from _hit(pooler, link, (theirs, own), words)


def login_timeout_before_connect_timeout(pooler: Pooler, world: World, params: Mapping[str, object]) -> Hits:
    """The first clients of a database are turned away before a connection attempt has been given up."""
    yield from _within(pooler, "client_login_timeout", "server_connect_timeout", least=1)


def connect_timeout_outlives_query_wait(pooler: Pooler, world: World, params: Mapping[str, object]) -> Hits:
    """Clients are turned away before a connection attempt has been given up."""
    yield from _within(pooler, "query_wait_timeout", "server_connect_timeout", least=1)


def lifetime_ends_idle_connections_first(pooler: Pooler, world: World, params: Mapping[str, object]) -> Hits:
    """server_idle_timeout is never reached: a connection is closed for its age first."""
    lifetime, idle = of_pooler(pooler, "server_lifetime"), of_pooler(pooler, "server_idle_timeout")
    if lifetime is not None and idle is not None and lifetime.is_written and idle.is_written and lifetime.micros:
        yield from _within(pooler, "server_lifetime", "server_idle_timeout")


def keepalive_settings_unused(pooler: Pooler, world: World, params: Mapping[str, object]) -> Hits:
    """PgBouncer looks at the times of TCP keepalives only where it is to send any."""
    switch = pooler.bouncer.setting("tcp_keepalive")
    if switch.value != "0" or not switch.is_written or switch.place is None:
        return
    for name in ("tcp_keepidle", "tcp_keepintvl", "tcp_keepcnt"):
        setting = pooler.bouncer.setting(name)
        if setting.is_written and setting.place is not None and setting.value != "0":
            values = {"pooler": pooler.name, "name": name}
            yield Hit(setting.place, values, (Label(switch.place, "sends none"),), fix=removed(setting.place))


def transaction_timeout_hides_pooler_limit(pooler: Pooler, world: World, params: Mapping[str, object]) -> Hits:
    """PgBouncer 1.25 ends a whole transaction before one of its statements, or its idling, is too long."""
    if pooler.bouncer.reading.version.at_least(1, 25):
        for name in ("query_timeout", "idle_transaction_timeout"):
            yield from _within(pooler, "transaction_timeout", name)


def _within(pooler: Pooler, shorter: str, longer: str, least: int = 0) -> Hits:
    """Both limits are on, somebody wrote at least one of them, and ``longer`` is so many microseconds longer."""
    short, long_ = of_pooler(pooler, shorter), of_pooler(pooler, longer)
    if short is None or long_ is None or not 0 < short.micros <= long_.micros - least:
        return
    at, labels = pointing(short, long_)
    if at is not None:
        values = {"pooler": pooler.name, "first": short.seconds, "second": long_.seconds, "name": longer}
        values["default"] = "" if short.is_written and long_.is_written else " (the default)"
        yield Hit(at, values, labels, (difference(long_, short),))
