"""SQL that PgBouncer takes from its configuration and sends without ever having parsed it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.model.nodes import Pooler
from pgfpmlint.model.world import World
from pgfpmlint.resolve.settings import Effective, Written

QUERIES = ("auth_query", "server_check_query", "server_reset_query")


def query_is_no_sql(pooler: Pooler, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A configured query that PostgreSQL's own parser refuses."""
    for name in QUERIES:
        if name != "server_reset_query" or _resets(pooler):
            yield from _judge(pooler.bouncer.setting(name))
    for entry in pooler.bouncer.databases:
        for name in ("auth_query", "connect_query"):
            query = entry.parameter(name)
            if query is not None:
                yield from _judge(query)


def _resets(pooler: Pooler) -> bool:
    """Whether server_reset_query is ever run: after a session, unless it is wanted after every transaction
    (https://www.pgbouncer.org/config.html#server_reset_query)."""
    bouncer = pooler.bouncer
    if bouncer.setting("server_reset_query_always").value != "0":
        return True
    own = [line.parameter("pool_mode") for line in (*bouncer.databases, *bouncer.users)]
    modes = [bouncer.setting("pool_mode"), *[mode for mode in own if mode is not None]]
    return any(mode.value not in ("transaction", "statement") for mode in modes)


def _judge(query: Effective) -> Iterator[Hit]:
    # <empty> is how PgBouncer's own documentation and SHOW CONFIG spell "none" for server_check_query.
    if not isinstance(query.origin, Written) or not query.value or query.value == "<empty>":
        return
    # PostgreSQL's own grammar; imported here because most runs meet no written query.
    from pglast import parser

    try:
        parser.parse_sql_json(query.value)
    except parser.ParseError as refused:
        # Without auth_query nobody logs in; of the others PgBouncer 1.18 logs the error, or opens another connection.
        breaks_logins = query.name == "auth_query"
        yield Hit(query.origin.value_place, {"name": query.name, "says": refused.args[0]}, certain=breaks_logins)
