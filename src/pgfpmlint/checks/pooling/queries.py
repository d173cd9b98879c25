"""SQL that PgBouncer runs of its own: on a new connection, before it lends one out, when one comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.nodes import Pooler
from pgfpmlint.model.queries import trees
from pgfpmlint.model.world import World
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.resolve.settings import Effective

if TYPE_CHECKING:
    from pgfpmlint.resolve.sql.grammar import Tree

RESETTING = ("discard all", "reset all", "reset ")


def connect_query_undone(pooler: Pooler, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """connect_query sets what server_reset_query takes back when the first client leaves."""
    reset = pooler.bouncer.setting("server_reset_query")
    if not (reset.value or "").strip().lower().startswith(RESETTING):
        return
    if any(line.parameter("pool_mode") for line in pooler.bouncer.users):
        return
    always = pooler.bouncer.setting("server_reset_query_always")
    for entry in pooler.bouncer.databases:
        query = entry.parameter("connect_query")
        mode = entry.parameter("pool_mode") or pooler.bouncer.setting("pool_mode")
        if query is None or query.place is None or (mode.value != "session" and always.value != "1"):
            continue
        for tree in trees(query):
            if tree.kind != "VariableSetStmt" or tree.fields.get("is_local"):
                continue
            labels = [
                Label(one.place, words)
                for one, words in ((reset, "takes it back"), (mode, "runs it when a client leaves"))
                if one.is_written and one.place is not None
            ]
            values = {"database": entry.name, "name": tree.fields.get("name", ""), "reset": _short(reset)}
            yield Hit(query.place, values, tuple(labels))
            break


def session_sql_in_query(pooler: Pooler, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A query that leaves something on a connection which clients share."""
    queries = [entry.parameter("connect_query") for entry in pooler.bouncer.databases]
    for query in (*queries, pooler.bouncer.setting("server_check_query")):
        if query is None or not query.is_written or query.place is None:
            continue
        for tree in trees(query):
            words = _left_behind(tree)
            if words:
                yield Hit(query.place, {"name": query.name, "words": words})


def reset_query_never_runs(pooler: Pooler, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """server_reset_query where no client gets a connection for a session."""
    reset = pooler.bouncer.setting("server_reset_query")
    always = pooler.bouncer.setting("server_reset_query_always")
    if not reset.is_written or not reset.value or reset.place is None or always.value != "0":
        return
    lines = (*pooler.bouncer.databases, *pooler.bouncer.users)
    modes = [pooler.bouncer.setting("pool_mode"), *(mode for line in lines if (mode := line.parameter("pool_mode")))]
    if all(mode.value in ("transaction", "statement") for mode in modes):
        place = modes[0].place
        labels = (Label(place, "lends no connection for a session"),) if place is not None else ()
        yield Hit(reset.place, {"pooler": pooler.name, "mode": modes[0].value}, labels)


def _left_behind(tree: Tree) -> str:
    """What the statement leaves on its connection, in words."""
    if tree.kind == "ListenStmt":
        return "LISTEN hears nothing for the clients that use the connection"
    if tree.kind == "DeclareCursorStmt":
        return "a cursor stays on the connection"
    if "'pg_advisory_lock" in str(tree.fields) and "_xact_" not in str(tree.fields):
        return "an advisory lock stays on the connection, and every further connection waits for it"
    return ""


def _short(reset: Effective) -> str:
    return (reset.value or "").strip().rstrip(";")
