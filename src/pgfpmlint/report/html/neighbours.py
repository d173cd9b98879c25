"""Which hosts are drawn where not all can be, and in which order: those that fail, and whom they are linked with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pgfpmlint.report.html.graph import Graph, Lane

MOST_LANES = 24


def drawn_lanes(graph: Graph, touched: set[str]) -> list[Lane]:
    """At most MOST_LANES: of ``touched`` nodes, then their neighbours, then the neighbourhoods with the most links,
    so that of a large fleet a part is drawn that hangs together. Lanes that are linked stand together."""
    lanes = graph.lanes
    near = _near(graph)
    failing = [number for number, lane in enumerate(lanes) if any(node.name in touched for node in lane.nodes)]
    others = sorted(range(len(lanes)), key=lambda number: -len(near[number]))
    order = dict.fromkeys([*failing, *_walk(failing, near), *_walk(others, near)])
    chosen = sorted(list(order)[:MOST_LANES])
    within = {number: near[number] & {*chosen} for number in chosen}
    standing = dict.fromkeys(number for start in chosen for number in sorted(_walk([start], within)))
    return [lanes[number] for number in standing]


def _near(graph: Graph) -> dict[int, set[int]]:
    """Of each lane the lanes that links join with it."""
    owner = {node.name: number for number, lane in enumerate(graph.lanes) for node in lane.nodes}
    near: dict[int, set[int]] = {number: set() for number in range(len(graph.lanes))}
    for edge in graph.edges:
        ends = owner.get(edge.client), owner.get(edge.server)
        if ends[0] is not None and ends[1] is not None and ends[0] != ends[1]:
            near[ends[0]].add(ends[1])
            near[ends[1]].add(ends[0])
    return near


def _walk(starts: Iterable[int], near: Mapping[int, set[int]]) -> list[int]:
    """Everything that can be reached, the nearest of each start first."""
    met: dict[int, None] = {}
    for start in starts:
        if start in met:
            continue
        queue = [start]
        met[start] = None
        for one in queue:
            new = [other for other in sorted(near[one]) if other not in met]
            met.update(dict.fromkeys(new))
            queue += new
    return list(met)
