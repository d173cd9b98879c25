"""The deployment drawn: a lane for each host, a column for each kind of node, links from left to right."""

from __future__ import annotations

from markupsafe import Markup

from pgfpmlint.report.html.graph import BAD, OPEN
from pgfpmlint.report.html.layout import Layout
from pgfpmlint.report.html.picture import Spec, at, drawn, text

WIDTH, SPACE, HEIGHT = 190, 110, 56
"""Of a column, between columns, of a row; in the picture's units."""

LABELS = 150
"""What the names of the hosts take on the left."""

COLOURS = {"signal": "datum.state == 'bad' ? 'var(--error)' : datum.state == 'open' ? 'var(--muted)' : 'var(--link)'"}
DASHES = {"signal": "datum.state == 'open' ? [5, 4] : []"}
THICKNESS = {"signal": "datum.state == 'bad' ? 2.5 : 1.5"}
STROKE: Spec = {"stroke": COLOURS, "strokeDash": DASHES, "strokeWidth": THICKNESS}


def diagram(plan: Layout) -> Markup:
    """What a failing link or node has is a cross and a thick line beside its colour; an unknown one has dashes and a
    question mark."""
    columns = len(plan.columns)
    spec: Spec = {
        "width": columns * (WIDTH + SPACE) - SPACE,
        "height": plan.rows * HEIGHT,
        "padding": 4,
        "data": [
            {"name": "columns", "values": [
                {"column": number, "title": title} for number, title in enumerate(plan.columns)
            ]},
            {"name": "bands", "values": [
                {"start": band.start, "end": band.end, "label": band.label, "words": band.words} for band in plan.bands
            ]},
            {"name": "boxes", "values": [
                {**box._asdict(), "words": f"✕ {box.words}" if box.state == BAD else box.words} for box in plan.boxes
            ]},
            {"name": "lines", "values": [
                {"from": line.start[0], "last": max(line.start[0], line.end[0] - 1), "to": line.end[0],
                 "start": line.start[1], "end": line.end[1], "state": line.state,
                 "sign": {BAD: "✕", OPEN: "?"}.get(line.state, "")}
                for line in plan.lines
            ], "transform": [
                {"type": "formula", "as": "x0", "expr": "scale('x', datum.from) + bandwidth('x')"},
                {"type": "formula", "as": "x1", "expr": "scale('x', datum.last) + bandwidth('x')"},
                {"type": "formula", "as": "x2", "expr": "scale('x', datum.to) - 7"},
                {"type": "formula", "as": "y0", "expr": "scale('y', datum.start + 0.5)"},
                {"type": "formula", "as": "y2", "expr": "scale('y', datum.end + 0.5)"},
                {"type": "linkpath", "orient": "horizontal", "shape": "diagonal",
                 "sourceX": "x1", "sourceY": "y0", "targetX": "x2", "targetY": "y2"},
            ]},
            {"name": "signs", "source": "lines", "transform": [{"type": "filter", "expr": "datum.sign"}]},
        ],
        "scales": [
            {"name": "x", "type": "band", "domain": list(range(columns)), "range": "width",
             "paddingInner": SPACE / (WIDTH + SPACE)},
            {"name": "y", "type": "linear", "domain": [0, plan.rows], "range": [0, {"signal": "height"}], "nice": False,
             "zero": False},
        ],
        "marks": [
            {"type": "rect", "from": {"data": "bands"}, "encode": {"enter": {
                "x": {"value": -LABELS + 4}, "x2": {"signal": "width + 10"},
                "y": at("y", "start"), "y2": at("y", "end"),
                "fill": {"value": "var(--panel)"}, "cornerRadius": {"value": 5},
            }}},
            {"type": "text", "from": {"data": "bands"}, "encode": text(
                {"value": -LABELS + 16}, at("y", "start", offset=20), "label", "var(--ink)", 13,
                fontWeight="bold", limit=LABELS - 48,
            )},
            {"type": "text", "from": {"data": "bands"}, "encode": text(
                {"value": -LABELS + 16}, at("y", "start", offset=37), "words", "var(--muted)", 11, limit=LABELS - 48,
            )},
            {"type": "text", "from": {"data": "columns"}, "encode": text(
                at("x", "column", band=0.5), {"value": -14}, "title", "var(--muted)", 12, align="center",
            )},
            {"type": "rule", "from": {"data": "lines"}, "encode": {"enter": {
                "x": {"field": "x0"}, "x2": {"field": "x1"}, "y": {"field": "y0"}, **STROKE,
            }}},
            {"type": "path", "from": {"data": "lines"}, "encode": {"enter": {"path": {"field": "path"}, **STROKE}}},
            {"type": "symbol", "from": {"data": "lines"}, "encode": {"enter": {
                "x": {"field": "x2"}, "y": {"field": "y2"}, "shape": {"value": "triangle-right"}, "size": {"value": 60},
                "fill": COLOURS,
            }}},
            {"type": "rect", "from": {"data": "boxes"}, "encode": {"enter": {
                "x": at("x", "column"), "width": {"scale": "x", "band": 1}, "y": at("y", "row", offset=7),
                "height": {"value": HEIGHT - 14}, "fill": {"value": "var(--paper)"}, "cornerRadius": {"value": 5},
                "stroke": {"signal": "datum.state == 'bad' ? 'var(--error)' : 'var(--outline)'"},
                "strokeWidth": {"signal": "datum.state == 'bad' ? 2.5 : 1"}, "strokeDash": DASHES,
            }}},
            {"type": "text", "from": {"data": "boxes"}, "encode": text(
                at("x", "column", offset=10), at("y", "row", offset=HEIGHT / 2 - 8), "label", "var(--ink)", 13,
                fontWeight="bold", limit=WIDTH - 20,
            )},
            {"type": "text", "from": {"data": "boxes"}, "encode": text(
                at("x", "column", offset=10), at("y", "row", offset=HEIGHT / 2 + 9), "words", "var(--muted)", 11,
                limit=WIDTH - 20,
            )},
            {"type": "symbol", "from": {"data": "signs"}, "encode": {"enter": {
                "x": {"signal": "(datum.x1 + datum.x2) / 2"}, "y": {"signal": "(datum.y0 + datum.y2) / 2"},
                "size": {"value": 260}, "fill": {"value": "var(--paper)"}, "stroke": COLOURS, "strokeWidth": THICKNESS,
            }}},
            {"type": "text", "from": {"data": "signs"}, "encode": {"enter": {
                **text({"signal": "(datum.x1 + datum.x2) / 2"}, {"signal": "(datum.y0 + datum.y2) / 2 + 0.5"}, "sign",
                       "var(--error)", 12, align="center", fontWeight="bold")["enter"], "fill": COLOURS,
            }}},
        ],
    }  # fmt: skip
    return drawn(spec)
