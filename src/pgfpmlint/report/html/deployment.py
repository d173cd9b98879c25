"""The deployment on the page: its picture, and the same in a table."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from pgfpmlint.finding.finding import Finding
from pgfpmlint.model.accounts import Accounts
from pgfpmlint.model.leg import Leg
from pgfpmlint.record import NamedTuple
from pgfpmlint.report.html.diagram import diagram
from pgfpmlint.report.html.graph import BAD, OPEN, Edge, graph
from pgfpmlint.report.html.layout import WORST_FIRST, layout
from pgfpmlint.report.snippet import Screen

MOST_ROWS = 500
WORDS = {BAD: "fails", OPEN: "unknown"}


class Row(NamedTuple):
    client: str
    server: str
    state: str
    verdict: str
    why: str


class Drawn(NamedTuple):
    """``picture`` is None where there is nothing to draw; ``words`` say what it shows."""

    picture: Markup | None
    words: str
    left_out: str
    rows: tuple[Row, ...]
    more: int


def deployment(accounts: Accounts, legs: Sequence[Leg], findings: Sequence[Finding], screen: Screen) -> Drawn:
    """Links that fail first in the table."""
    errors = [finding for finding in findings if finding.severity == "error"]
    found = graph(accounts, legs, errors, screen)
    rows = [_row(edge) for edge in sorted(found.edges, key=lambda edge: WORST_FIRST.index(edge.state))]
    plan = layout(found) if found.lanes else None
    return Drawn(
        diagram(plan) if plan is not None else None,
        _words(found.edges),
        plan.left_out if plan is not None else "",
        tuple(rows[:MOST_ROWS]),
        max(0, len(rows) - MOST_ROWS),
    )


def _row(edge: Edge) -> Row:
    return Row(edge.client, edge.server, edge.state, WORDS.get(edge.state, "found"), edge.why)


def _words(edges: Sequence[Edge]) -> str:
    bad, unknown = (sum(edge.state == state for edge in edges) for state in (BAD, OPEN))
    links = f"{len(edges)} {'link' if len(edges) == 1 else 'links'}"
    return f"Hosts with their servers and pools, and {links} between them: {bad} fail, {unknown} unknown or assumed"
