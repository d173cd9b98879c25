"""A budget as a picture: what is reserved and who takes how much, against the slots that there are."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from pgfpmlint.model.accounts import Account
from pgfpmlint.record import NamedTuple
from pgfpmlint.report.html.picture import Spec, at, drawn, text
from pgfpmlint.report.snippet import harmless

COLOURS = 6
"""Takers with a colour of their own; further ones, the smaller, share the last."""

PIXELS = "(scale('x', datum.y1) - scale('x', datum.y0))"
"""Width of a piece, in Vega's own words."""

STEADY, PEAK = "steady", "peak"


class Part(NamedTuple):
    """One piece of the bars; ``style`` is its colour in the page's style sheet."""

    name: str
    connections: int
    style: str


def parts(account: Account) -> list[Part]:
    """What the slots go to, in the order of the sum."""
    found = account.found
    pieces = [Part(term.name, term.amount, "reserved") for term in found.slots.terms]
    pieces += [Part(harmless(term.name), term.amount, "declared") for term in found.consumers]
    takers = [(harmless(term.name), term.amount) for term in found.together.terms]
    kept = takers
    if len(takers) > COLOURS:
        largest = sorted(takers, key=lambda taker: -taker[1])[: COLOURS - 1]
        kept = [taker for taker in takers if taker in largest][: COLOURS - 1]
        rest = sum(amount for _, amount in takers) - sum(amount for _, amount in kept)
        kept = [*kept, (f"{len(takers) - len(kept)} others", rest)]
    return [*pieces, *(Part(name, amount, f"taker{number}") for number, (name, amount) in enumerate(kept, 1))]


class Chart(NamedTuple):
    """The picture, the same in words, and what its colours mean."""

    picture: Markup
    words: str
    parts: tuple[Part, ...]


def told(account: Account) -> str:
    """The picture in words."""
    found = account.found
    pieces = ", ".join(f"{part.connections} {part.name}" for part in parts(account))
    peak = f"; {found.peak.total} at the peak" if found.peak.extra else ""
    return (
        f"Of {found.slots.slots} max_connections: {pieces}. Demand {found.demand} of a budget of {found.budget}{peak}."
    )


def chart(account: Account) -> Chart:
    """Two bars, one for always and one for the peak of a deployment, and a line where the slots end."""
    found = account.found
    slots = found.slots.slots
    pieces = list(_pieces(account))
    rows = list(dict.fromkeys(piece["row"] for piece in pieces))
    spec: Spec = {
        "width": 700,
        "height": 40 * len(rows),
        "padding": {"left": 12, "right": 8, "top": 2, "bottom": 2},
        "data": [
            {"name": "rows", "values": [{"row": row, "slots": slots} for row in rows]},
            {
                "name": "pieces",
                "values": pieces,
                "transform": [{"type": "stack", "groupby": ["row"], "field": "connections"}],
            },
            {"name": "limit", "values": [{"slots": slots, "words": f"{slots} max_connections"}]},
        ],
        "scales": [
            {"name": "x", "type": "linear", "domain": {"fields": [
                {"data": "pieces", "field": "y1"}, {"data": "rows", "field": "slots"}
            ]}, "range": "width", "nice": True, "zero": True},
            {"name": "y", "type": "band", "domain": rows, "range": "height", "padding": 0.18},
        ],
        "axes": [
            {"orient": "bottom", "scale": "x", "tickCount": 8, "labelColor": "var(--muted)", "domain": False,
             "tickColor": "var(--line)", "labelFontSize": 11, "format": "d", "tickMinStep": 1},
            {"orient": "left", "scale": "y", "labelColor": "var(--muted)", "domain": False, "ticks": False,
             "labelFontSize": 12, "labelPadding": 8},
        ],
        "marks": [
            {"type": "rect", "from": {"data": "rows"}, "encode": {"enter": {
                "x": {"scale": "x", "value": 0}, "x2": at("x", "slots"), "y": at("y", "row"),
                "height": {"scale": "y", "band": 1}, "fill": {"value": "var(--free)"},
            }}},
            {"type": "rect", "from": {"data": "pieces"}, "encode": {"enter": {
                "x": at("x", "y0"), "x2": at("x", "y1"), "y": at("y", "row"), "height": {"scale": "y", "band": 1},
                "fill": {"signal": "'var(--' + datum.style + ')'"}, "stroke": {"value": "var(--paper)"},
            }}},
            {"type": "text", "from": {"data": "pieces"}, "encode": {"enter": {
                **text({"scale": "x", "signal": "(datum.y0 + datum.y1) / 2"}, at("y", "row", band=0.5), "label",
                       "var(--on-taker)", 11, align="center", limit={"signal": f"{PIXELS} * 0.85 - 6"})["enter"],
                "text": {"signal": f"{PIXELS} < 22 ? '' : {PIXELS} < 90 ? datum.connections : datum.label"},
            }}},
            {"type": "rule", "from": {"data": "limit"}, "encode": {"enter": {
                "x": at("x", "slots"), "y": {"value": -6}, "y2": {"signal": "height"},
                "stroke": {"value": "var(--error)" if found.fails else "var(--ink)"}, "strokeWidth": {"value": 2},
            }}},
            {"type": "text", "from": {"data": "limit"}, "encode": text(
                at("x", "slots"), {"value": -13}, "words", "var(--error)" if found.fails else "var(--ink)", 11,
                align={"signal": "scale('x', datum.slots) > width - 70 ? 'right' : 'center'"}, fontWeight="bold",
            )},
        ],
    }  # fmt: skip
    extra = [Part(harmless(f"more {found.peak.words}"), found.peak.extra, "extra")] if found.peak.extra else []
    return Chart(drawn(spec), told(account), (*parts(account), *extra))


def _pieces(account: Account) -> Iterator[dict[str, object]]:
    found = account.found
    steady = [part for part in parts(account) if part.connections]
    for row in (STEADY, PEAK) if found.peak.extra else (STEADY,):
        for part in steady:
            yield {"row": row, **_shown(part)}
    if found.peak.extra:
        yield {"row": PEAK, **_shown(Part("deploying", found.peak.extra, "extra"))}


def _shown(part: Part) -> dict[str, object]:
    return {"connections": part.connections, "style": part.style, "label": f"{part.connections} {part.name}"}
