"""Settings of a pooler that PHP's way to talk to PostgreSQL does not survive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.address import AddressBook
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import Pooler, Proxy
from pgfpmlint.model.pool_mode import pool_mode
from pgfpmlint.model.replication import Standby, standbys
from pgfpmlint.model.world import World
from pgfpmlint.record import TYPE_CHECKING

if TYPE_CHECKING:
    from pgfpmlint.resolve.pgbouncer import BouncerEntry

Params = Mapping[str, object]

SEVERAL_HOSTS = (1, 17)
"""Since when host= may be a list (https://www.pgbouncer.org/changelog.html#pgbouncer-117x)."""


def transactions_in_statement_mode(link: Link, world: World, params: Params) -> Iterator[Hit]:
    """Workers whose pooler refuses every BEGIN."""
    pooler = link.server
    if isinstance(link.client, (Pooler, Proxy)) or not isinstance(pooler, Pooler) or not link.is_certain:
        return
    mode = pool_mode(pooler, link.database, link.user)
    if mode is not None and mode.value == "statement" and mode.is_written and mode.place is not None:
        yield Hit(
            mode.place,
            {"pool": link.client.name, "pooler": pooler.name},
            link.evidence,
            fix=mode.rewritten("transaction"),
        )


def simple_queries_refused(link: Link, world: World, params: Params) -> Iterator[Hit]:
    """Workers whose pooler hangs up at the first query without parameters."""
    pooler = link.server
    if isinstance(link.client, (Pooler, Proxy)) or not isinstance(pooler, Pooler):
        return
    switch = pooler.bouncer.setting("disable_pqexec")
    if switch.number == 1 and switch.is_written and switch.place is not None:
        values = {"pool": link.client.name, "pooler": pooler.name, "assumption": link.assumption}
        yield Hit(switch.place, values, link.evidence, certain=link.is_certain, fix=switch.rewritten("0"))


def connections_used_once(pooler: Pooler, world: World, params: Params) -> Iterator[Hit]:
    """A server connection for each transaction, or each session, and then another one."""
    own = [entry.parameter("server_lifetime") for entry in pooler.bouncer.databases]
    for lifetime in (pooler.bouncer.setting("server_lifetime"), *own):
        if lifetime is not None and lifetime.is_written and lifetime.place is not None and _is_zero(lifetime.value):
            yield Hit(lifetime.place, {"pooler": pooler.name}, fix=lifetime.rewritten("3600"))


def writes_reach_standby(deployment: Deployment, world: World, params: Params) -> Iterator[Hit]:
    """An entry whose hosts are a primary and its standby, one as good as the other to PgBouncer."""
    listed = [(pooler, entry) for pooler in deployment.poolers for entry in pooler.bouncer.databases if _several(entry)]
    following = standbys(deployment) if listed else []
    if not following:
        return
    book = AddressBook([one for one in deployment.instances if not one.fragment])
    for pooler, entry in listed:
        host, port = entry.parameter("host"), entry.parameter("port")
        number = port.number if port is not None else 5432
        if host is None or host.place is None or number is None or not _by_turns(pooler, entry):
            continue
        names = [name.strip() for name in (host.value or "").split(",")]
        servers = {server.name for name in names for server, _ in book.lookup(pooler.host, name, number)}
        for standby in following:
            if not standby.mutual and {standby.instance.name, standby.primary.name} <= servers:
                yield _hit(pooler, entry, standby)


def _hit(pooler: Pooler, entry: BouncerEntry, standby: Standby) -> Hit:
    host = entry.parameter("host")
    at = host.place if host is not None and host.place is not None else entry.place
    values = {
        "pooler": pooler.name,
        "entry": entry.name,
        "primary": standby.primary.name,
        "standby": standby.instance.name,
    }
    return Hit(at, values, (Label(standby.label.place, standby.label.words),))


def _several(entry: BouncerEntry) -> bool:
    host = entry.parameter("host")
    return host is not None and "," in (host.value or "")


def _by_turns(pooler: Pooler, entry: BouncerEntry) -> bool:
    """Whether PgBouncer takes one host after the other, and not the first as long as it answers."""
    own = entry.parameter("load_balance_hosts")
    in_order = own is not None and own.value == "disable"
    return pooler.bouncer.reading.version.at_least(*SEVERAL_HOSTS) and not in_order


def _is_zero(value: str | None) -> bool:
    try:
        return value is not None and float(value) == 0
    except ValueError:
        return False
