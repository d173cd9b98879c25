"""SQL in settings of PgBouncer, as PostgreSQL's grammar reads it."""

from __future__ import annotations

from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.resolve.settings import Effective

if TYPE_CHECKING:
    from pgfpmlint.resolve.sql.grammar import Tree


def trees(query: Effective) -> list[Tree]:
    """The statements of a query that is written; none where PostgreSQL can't parse it, which another rule says."""
    if not query.is_written or not query.value:
        return []
    from pgfpmlint.resolve.sql.grammar import statements

    return statements(query.value)


def calls(query: Effective) -> list[tuple[str, str]]:
    """The functions that a query calls: schema, empty where it names none, and name."""
    found: list[tuple[str, str]] = []
    waiting: list[object] = [tree.fields for tree in trees(query)]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            call = one.get("FuncCall")
            if isinstance(call, dict):
                parts = [str(part.get("String", {}).get("sval", "")) for part in call.get("funcname", ())]
                found.append((parts[-2] if len(parts) > 1 else "", parts[-1]))
            waiting += one.values()
    return found
