from __future__ import annotations

from pgfpmlint.report.html.graph import BAD, GOOD, NOWHERE, OPEN, Edge, Graph, Lane, Node
from pgfpmlint.report.html.layout import MOST_IN_COLUMN, Line, layout
from pgfpmlint.report.html.neighbours import MOST_LANES


def node(name: str, stage: int) -> Node:
    host, _, label = name.partition("/")
    return Node(name, host, stage, label, "", GOOD)


def lane(*nodes: Node) -> Lane:
    return Lane((nodes[0].host,), 1, nodes)


def test_a_link_runs_past_no_node() -> None:
    """All on one machine: www passes the pooler's column by in row 0, so the pooler stands in row 1."""
    one = lane(node("a/api", 0), node("a/www", 0), node("a/pgbouncer", 1), node("a/16-main", -1))
    edges = (
        Edge("a/api", "a/pgbouncer", GOOD, ""),
        Edge("a/www", "a/16-main", GOOD, ""),
        Edge("a/pgbouncer", "a/16-main", GOOD, ""),
    )
    found = layout(Graph((one,), edges))
    cells = {box.label: (box.column, box.row) for box in found.boxes}
    assert cells == {"www": (0, 0), "api": (0, 1), "pgbouncer": (1, 1), "16-main": (2, 0)}
    assert found.columns == ("PHP-FPM pools", "PgBouncer", "PostgreSQL")


def test_several_links_are_one_line_in_the_worst_state() -> None:
    lanes = (lane(node("a/www", 0)), lane(node("b/16-main", -1)))
    edges = tuple(Edge("a/www", "b/16-main", state, "") for state in (GOOD, BAD, OPEN))
    assert layout(Graph(lanes, edges)).lines == (Line((0, 0), (1, 1.35), BAD),)


def test_what_nobody_knows_has_a_place() -> None:
    found = layout(Graph((lane(node("a/www", 0)), lane(node("b/16-main", -1))), (Edge("a/www", NOWHERE, OPEN, "?"),)))
    assert [band.label for band in found.bands] == ["a", "b", "unknown"]
    assert [line.state for line in found.lines] == [OPEN]


def test_too_many_hosts_leave_those_out_that_do_not_fail() -> None:
    lanes = [lane(node(f"h{number}/16-main", -1)) for number in range(MOST_LANES + 5)]
    lanes.append(lane(node("z/www", 0)))
    found = layout(Graph(tuple(lanes), (Edge("z/www", f"h{MOST_LANES + 4}/16-main", BAD, ""),)))
    assert [band.label for band in found.bands][-2:] == [f"h{MOST_LANES + 4}", "z"]
    assert found.left_out == "6 hosts are not drawn; the table has them"
    assert len(found.lines) == 1


def test_of_a_large_fleet_hosts_are_drawn_that_hang_together() -> None:
    """Forty web hosts, ten with each database: two tens of eleven lanes fit into 24, and two lanes of the third."""
    pools = [lane(node(f"web{number:02}/www", 0)) for number in range(40)]
    servers = [lane(node(f"db{number}/16-main", -1)) for number in range(4)]
    edges = tuple(Edge(f"web{number:02}/www", f"db{number // 10}/16-main", GOOD, "") for number in range(40))
    found = layout(Graph((*pools, *servers), edges))
    bands = [band.label for band in found.bands]
    tens = [[*(f"web{number:02}" for number in range(first, first + 10)), f"db{first // 10}"] for first in (0, 10)]
    assert bands == [*tens[0], *tens[1], "web20", "db2"]
    assert len(found.lines) == 21
    assert found.left_out == "20 hosts are not drawn; the table has them"


def test_too_many_nodes_of_a_host() -> None:
    found = layout(Graph((lane(*(node(f"a/p{number}", 0) for number in range(MOST_IN_COLUMN + 3))),), ()))
    assert len(found.boxes) == MOST_IN_COLUMN
    assert found.left_out == "3 nodes are not drawn; the table has them"
