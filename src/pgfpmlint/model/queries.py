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
    from pgfpmlint.resolve.sql import grammar

    named = [name for tree in trees(query) for name, _ in grammar.calls(tree.fields)]
    return [(name[-2] if len(name) > 1 else "", name[-1]) for name in named]
