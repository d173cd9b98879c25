"""Connections that workers keep between requests, against those who end what is idle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.connection_path import ConnectionPath, Hop
from pgfpmlint.model.nodes import ClientPool
from pgfpmlint.model.pool_mode import pool_mode
from pgfpmlint.model.time_limits import Limit, of_fpm, of_hop, on_path
from pgfpmlint.model.world import World
from pgfpmlint.resolve.settings import Effective


def idle_limit_ends_kept_connection(path: ConnectionPath, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """The server ends connections that a worker still holds for its next request."""
    kept = path.links[0].persistent
    if kept is None or not isinstance(path.pool, ClientPool):
        return
    for node, limit in _idle(path):
        if limit is None or not limit.micros or limit.place is None:
            continue
        words = {"pool": path.pool.name, "server": node, "name": limit.name, "idle": limit.seconds}
        yield Hit(
            limit.place,
            {**words, "assumption": path.assumption},
            (kept, *(label for label in path.evidence if label.place != kept.place)),
            certain=path.is_certain,
        )


def _idle(path: ConnectionPath) -> Iterator[tuple[str, Limit | None]]:
    """Who looks at how long the workers' own connections are idle. In session mode PgBouncer gives each client a server
    connection, and passes over those that have one; PostgreSQL then ends the session of both."""
    modes = {mode.value if mode is not None else None for mode in map(_mode, path.hops)}
    if path.hops and modes <= {"transaction", "statement"}:
        yield path.hops[0].pooler.name, of_hop(path.hops[0], "client_idle_timeout")
    elif path.instance is not None and modes <= {"session"}:
        yield path.instance.name, on_path(path, "idle_session_timeout")


def _mode(hop: Hop) -> Effective | None:
    return pool_mode(hop.pooler, hop.entry.name if hop.entry is not None else None, hop.user)


def idle_workers_drop_kept_connections(
    path: ConnectionPath, world: World, params: Mapping[str, object]
) -> Iterator[Hit]:
    """pm = ondemand ends idle workers, and with each the connections that it kept."""
    if not isinstance(path.pool, ClientPool):
        return
    kept, pm = path.links[0].persistent, path.pool.pool.setting("pm")
    idle = of_fpm(path.pool, "pm.process_idle_timeout")
    if kept is None or pm.value != "ondemand" or pm.place is None or idle is None:
        return
    yield Hit(
        pm.place,
        {"pool": path.pool.name, "idle": idle.seconds, "assumption": path.assumption},
        (*idle.labels, Label(kept.place, kept.words)),
        certain=path.is_certain,
    )
