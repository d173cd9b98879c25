"""What belongs to one server connection, asked of a pooler that gives every transaction another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import ClientPool
from pgfpmlint.model.pool_mode import entry_for
from pgfpmlint.model.shared_server import shared_by
from pgfpmlint.model.world import World

PREPARED, EXTRA = "max_prepared_statements", "track_extra_parameters"
OTHERWISE = {
    "pdo": "set PDO::ATTR_EMULATE_PREPARES to true",
    "pgsql": "write pg_query_params, which sends the values along",
}
PLAIN_PATHS = ('"$user", public', '"$user",public', "$user,public", "public", '"public"', "")
"""What a new connection has anyway: https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATH"""


def native_prepares_behind_transaction_pooling(link: Link, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Statements are prepared on one server connection and executed on another, which doesn't know them."""
    shared = shared_by(link)
    said = link.dsn.native_prepares if link.dsn is not None else None
    if shared is None or said is None:
        return
    version, prepared = shared.pooler.bouncer.reading.version, shared.pooler.bouncer.setting(PREPARED)
    labels = shared.labels
    if version.at_least(1, 21):
        if prepared.number != 0:
            return
        why = f"does not follow them with {PREPARED} = 0"
        if prepared.is_written and prepared.place is not None:
            labels += (Label(prepared.place, "prepared statements are not followed"),)
    else:
        why = f"does not follow them before 1.21 (this is {version})"
    values = {
        "pool": link.client.name,
        "pooler": shared.pooler.name,
        "mode": shared.mode.value,
        "why": why,
        "instead": OTHERWISE.get(link.dsn.driver if link.dsn is not None else "", OTHERWISE["pdo"]),
        "assumption": link.assumption,
    }
    yield Hit(said.place, values, (*labels, *_others(link, said)), certain=link.is_certain)


def deallocate_behind_transaction_pooling(link: Link, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """PgBouncer follows statements that are prepared by the protocol, and PHP before 8.4 frees them by SQL."""
    shared = shared_by(link)
    dsn = link.dsn
    if shared is None or dsn is None or dsn.native_prepares is None or dsn.driver != "pdo":
        return
    if not isinstance(shared.pool, ClientPool):
        return  # which PHP runs it is not known
    php, bouncer = shared.pool.master.fpm.reading.version, shared.pooler.bouncer
    follows = bouncer.reading.version.at_least(1, 21) and (bouncer.setting(PREPARED).number or 0) > 0
    if not follows or php.assumed or php.at_least(8, 4):
        return
    values = {"pool": link.client.name, "pooler": shared.pooler.name, "php": str(php), "assumption": link.assumption}
    place = dsn.native_prepares.place
    yield Hit(place, values, (*shared.labels, *_others(link, dsn.native_prepares)), certain=link.is_certain)


def search_path_behind_transaction_pooling(link: Link, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A SET at the start of a connection holds for whichever server connection it met."""
    shared = shared_by(link)
    path = link.dsn.search_path if link.dsn is not None else None
    if shared is None or path is None or path.value.strip() in PLAIN_PATHS:
        return
    tracked = (shared.pooler.bouncer.setting(EXTRA).value or "").lower()
    entry = entry_for(shared.pooler, link.database)
    if "search_path" in tracked or entry is None or entry.parameter("connect_query") is not None:
        return
    values = {
        "pool": link.client.name,
        "pooler": shared.pooler.name,
        "mode": shared.mode.value,
        "path": path.value,
        "assumption": link.assumption,
    }
    yield Hit(path.label.place, values, (*shared.labels, *_others(link, path.label)), certain=link.is_certain)


def _others(link: Link, said: Label) -> tuple[Label, ...]:
    return tuple(label for label in link.evidence if label.place != said.place)
