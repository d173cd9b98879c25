"""Where the nodes of a drawn deployment stand, in rows and columns: what fits into the picture, and what is left out.

Links turn only between columns. One that passes a column by runs straight on in its client's row, so nodes of the
columns that it passes stand below that row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pgfpmlint.record import NamedTuple
from pgfpmlint.report.html.graph import BAD, GOOD, NOWHERE, OPEN, Edge, Graph, Lane, Node
from pgfpmlint.report.html.neighbours import drawn_lanes

MOST_IN_COLUMN = 8
GAP = 0.35
"""Between lanes, in rows."""

WORST_FIRST = (BAD, OPEN, GOOD)


class Box(NamedTuple):
    """A node in its cell."""

    column: int
    row: float
    label: str
    words: str
    state: str


class Band(NamedTuple):
    """A lane from row to row."""

    start: float
    end: float
    label: str
    words: str


class Line(NamedTuple):
    """A link between two cells."""

    start: tuple[int, float]
    end: tuple[int, float]
    state: str


class Layout(NamedTuple):
    """``columns`` are their titles; ``left_out`` says what is not drawn, in words."""

    columns: tuple[str, ...]
    rows: float
    bands: tuple[Band, ...]
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    left_out: str


def layout(graph: Graph) -> Layout:
    worst = _worst(graph.edges)
    touched = {edge.client for edge in graph.edges if edge.state == BAD}
    touched |= {edge.server for edge in graph.edges if edge.state == BAD}
    touched |= {node.name for lane in graph.lanes for node in lane.nodes if node.state == BAD}
    lanes = drawn_lanes(graph, touched)
    columns = _columns(lanes)
    stands = {node.name: columns[node.stage] for lane in lanes for node in lane.nodes}
    passing = {one for one, other in worst if stands.get(other, len(columns) - 1) > stands.get(one, 0) + 1}
    places: dict[str, tuple[int, float]] = {}
    bands: list[Band] = []
    boxes: list[Box] = []
    top, hidden = 0.0, 0
    for lane in lanes:
        kept, more = _kept(lane, touched)
        hidden += more
        rows = _rows(kept, passing, columns)
        height = max(rows.values()) + 1
        for node in kept:
            places[node.name] = columns[node.stage], top + rows[node.name]
            boxes.append(Box(*places[node.name], node.label, node.words, node.state))
        bands.append(Band(top, top + height, lane.hosts[0], _about(lane, more)))
        top += height + GAP
    if any(edge.server == NOWHERE and edge.client in places for edge in graph.edges):
        places[NOWHERE] = columns[-1], top
        boxes.append(Box(*places[NOWHERE], "?", "nobody can tell", OPEN))
        bands.append(Band(top, top + 1, "unknown", ""))
        top += 1 + GAP
    ends = [(one, other, state) for (one, other), state in worst.items() if {one, other} <= places.keys()]
    lines = [Line(places[one], places[other], state) for one, other, state in ends]
    lines.sort(key=lambda line: -WORST_FIRST.index(line.state))
    return Layout(
        _titles(columns), top - GAP, tuple(bands), tuple(boxes), tuple(lines), _left_out(graph, lanes, hidden)
    )


def _worst(edges: Sequence[Edge]) -> dict[tuple[str, str], str]:
    """One line for all links with the same ends, in the worst of their states."""
    found: dict[tuple[str, str], str] = {}
    for edge in edges:
        ends = (edge.client, edge.server)
        found[ends] = min(edge.state, found.get(ends, GOOD), key=WORST_FIRST.index)
    return found


def _columns(lanes: Sequence[Lane]) -> dict[int, int]:
    """Each stage's column; instances stand in the last."""
    stages = sorted({node.stage for lane in lanes for node in lane.nodes} - {-1})
    found = {stage: number for number, stage in enumerate(stages)}
    return {**found, -1: len(stages)}


def _titles(columns: Mapping[int, int]) -> tuple[str, ...]:
    named = {0: "PHP-FPM pools", 1: "PgBouncer", -1: "PostgreSQL"}
    return tuple(named.get(stage, "behind PgBouncer") for stage, _ in sorted(columns.items(), key=lambda one: one[1]))


def _kept(lane: Lane, touched: set[str]) -> tuple[list[Node], int]:
    """The nodes of a lane that are drawn, those with faults before others, and how many are not."""
    kept: list[Node] = []
    for stage in dict.fromkeys(node.stage for node in lane.nodes):
        own = [node for node in lane.nodes if node.stage == stage]
        chosen = sorted(own, key=lambda node: node.name not in touched)[:MOST_IN_COLUMN]
        kept += [node for node in own if node in chosen]
    return kept, len(lane.nodes) - len(kept)


def _rows(nodes: Sequence[Node], passing: set[str], columns: Mapping[int, int]) -> dict[str, int]:
    """Rows within a lane: first the nodes whose links pass columns by, and what those pass stands below them."""
    found: dict[str, int] = {}
    below = 0
    for stage, column in sorted(columns.items(), key=lambda one: one[1]):
        own = sorted((node for node in nodes if node.stage == stage), key=lambda node: node.name not in passing)
        start = 0 if column == columns[-1] else below
        for number, node in enumerate(own):
            found[node.name] = start + number
            if node.name in passing:
                below = max(below, start + number + 1)
    return found


def _about(lane: Lane, more: int) -> str:
    parts = []
    if lane.machines > 1:
        parts.append(f"{lane.machines} machines")
    if len(lane.hosts) > 1:
        parts.append(f"and {len(lane.hosts) - 1} alike")
    if more:
        parts.append(f"{more} more nodes")
    return ", ".join(parts)


def _left_out(graph: Graph, lanes: Sequence[Lane], hidden: int) -> str:
    hosts = sum(len(lane.hosts) for lane in graph.lanes) - sum(len(lane.hosts) for lane in lanes)
    parts = [f"{hosts} hosts" if hosts else "", f"{hidden} nodes" if hidden else ""]
    said = " and ".join(part for part in parts if part)
    return f"{said} are not drawn; the table has them" if said else ""
