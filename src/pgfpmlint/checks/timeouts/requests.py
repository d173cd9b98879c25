"""What a request waits for, against how long it may take: PHP-FPM, PgBouncer and PostgreSQL in one path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Fix, Hit
from pgfpmlint.model.capacity import pool_demand
from pgfpmlint.model.connection_path import ConnectionPath
from pgfpmlint.model.nodes import ClientPool, Pooler
from pgfpmlint.model.pool_mode import entry_for
from pgfpmlint.model.pooler_bound import entry_bound
from pgfpmlint.model.time_limits import (
    Limit,
    below,
    difference,
    of_file,
    of_fpm,
    of_hop,
    on_path,
    pointing,
    whole_on_path,
)
from pgfpmlint.model.world import World

REQUEST = "request_terminate_timeout"


def statement_outlives_request(path: ConnectionPath, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """The worker is killed while its statement may go on. A request starts before its statements, so that equal limits
    end the request first."""
    request, statement = of_fpm(path.pool, REQUEST), on_path(path, "statement_timeout")
    if not request or not statement or path.instance is None or not 0 < request.micros <= statement.micros:
        return
    if not whole_on_path(path, request):
        return
    check = on_path(path, "client_connection_check_interval")
    looks = path.instance.postgres.reading.version.at_least(14) and (check is None or check.micros > 0)
    pooled = [of_hop(hop, "query_timeout") for hop in path.hops]
    if looks or any(limit is None or limit.micros > 0 for limit in pooled):
        return  # the server notices, or the pooler decides
    at, labels = pointing(statement, request)
    if at is not None:
        yield Hit(
            at,
            {
                "pool": path.pool.name,
                "instance": path.instance.name,
                "statement": statement.seconds,
                "request": request.seconds,
                "fitting": below(request),
                "assumption": path.assumption,
            },
            (*labels, *path.evidence),
            (difference(statement, request) + " that the statement may run on",),
            of_file(path, statement, below(request)),
            certain=path.is_certain,
        )


def query_wait_outlives_request(path: ConnectionPath, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A worker that waits for a free server connection is killed before PgBouncer tells it that there is none. Where
    nobody wrote how long it waits, only if there are fewer of these than workers."""
    for pooler, request, wait in _unreached(path, "query_wait_timeout"):
        if not wait.is_written and not _queues(path, world):
            continue
        values = {
            "pooler": pooler.name,
            "wait": wait.seconds,
            "fitting": max(1, request.micros // 4_000_000),
            "default": "" if wait.is_written else " (the default)",
        }
        yield from _ends_first(path, request, wait, values, wait.setting.rewritten(f"{values['fitting']}"))


def _queues(path: ConnectionPath, world: World) -> bool:
    """Whether all workers that share the first pooler's entry surely want more than it has."""
    hop, links = path.hops[0], world.deployment.links
    if hop.entry is None:
        return False
    sharing = [link for link in links.pools_to(hop.pooler) if entry_for(hop.pooler, link.database) == hop.entry]
    wanted, bound = pool_demand(sharing), entry_bound(hop.pooler, hop.entry, links)
    return not (bound.unlimited or bound.unknown or bound.at_least) and wanted.total > bound.total


def query_timeout_outlives_request(path: ConnectionPath, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """PgBouncer's limit on a query is never reached: the worker is killed first, and takes its connection along."""
    for pooler, request, query in _unreached(path, "query_timeout"):
        yield from _ends_first(path, request, query, {"pooler": pooler.name, "query": query.seconds})


def _unreached(path: ConnectionPath, name: str) -> Iterator[tuple[Pooler, Limit, Limit]]:
    """The PgBouncer that the workers meet, their request's limit, and the limit ``name`` that it is no longer than."""
    request = of_fpm(path.pool, REQUEST)
    for hop in path.hops[:1]:
        limit = of_hop(hop, name)
        if request is not None and limit is not None and 0 < request.micros <= limit.micros:
            yield hop.pooler, request, limit


def _ends_first(
    path: ConnectionPath, request: Limit, limit: Limit, values: Mapping[str, object], fix: Fix | None = None
) -> Iterator[Hit]:
    at, labels = pointing(limit, request)
    if at is not None:
        yield Hit(
            at,
            {"pool": path.pool.name, "request": request.seconds, "assumption": path.assumption, **values},
            (*labels, *path.evidence),
            (f"{request.words} ≤ {limit.words}",),
            fix,
            certain=path.is_certain,
        )


def nothing_bounds_a_query(path: ConnectionPath, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """No layer ends a statement that takes for ever: not PostgreSQL, not a pooler, and no request limit that
    PostgreSQL would notice."""
    statement, whole = on_path(path, "statement_timeout"), on_path(path, "transaction_timeout")
    pooled = [of_hop(hop, "query_timeout") for hop in path.hops]
    if statement is None or path.instance is None or any(limit is None or limit.micros for limit in pooled):
        return
    request, check = of_fpm(path.pool, REQUEST), on_path(path, "client_connection_check_interval")
    noticed = request is None or (request.micros and check is not None and check.micros)
    if statement.micros or (whole is not None and whole.micros) or noticed:
        return
    sections = path.pool.pool.sections if isinstance(path.pool, ClientPool) else ()
    at = statement.place or (sections[0] if sections else None)
    if at is not None:
        limits = [statement, *(limit for limit in pooled if limit is not None), *([request] if request else [])]
        yield Hit(
            at,
            {"pool": path.pool.name, "instance": path.instance.name, "assumption": path.assumption},
            tuple(label for limit in limits[1:] for label in limit.labels),
            tuple(limit.words for limit in limits),
            certain=path.is_certain,
        )
