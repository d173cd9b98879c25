"""Pictures: a Vega specification (https://vega.github.io/vega/docs/specification/) becomes SVG within the page.

Vega lays it out and draws it while the page is written, from data that the specification holds: nothing is fetched, and
the same data gives the same picture. Colours are the page's own variables, for light and dark.
"""

from __future__ import annotations

from markupsafe import Markup

from pgfpmlint.record import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

FONT = "system-ui, sans-serif"
Spec = dict[str, "Any"]


def drawn(spec: Spec) -> Markup:
    """The picture. Its texts come out escaped; what it says is said in words beside it, so that it is hidden from
    those who listen."""
    from vl_convert import vega_to_svg

    whole = {
        "$schema": "https://vega.github.io/schema/vega/v5.json",
        "padding": 2,
        "config": {"aria": False, "text": {"font": FONT}, "axis": {"labelFont": FONT, "titleFont": FONT}},
        **spec,
    }
    svg: str = vega_to_svg(whole)
    return Markup(svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))


def at(scale: str, field: str, **more: object) -> Spec:
    """Where the ``scale`` puts the ``field``."""
    return {"scale": scale, "field": field, **more}


def text(x: Spec, y: Spec, field: str, fill: str, size: int = 12, **more: object) -> Spec:
    """How a text mark is encoded: the ``field`` of its datum, in a colour of the page."""
    look = {"x": x, "y": y, "text": {"field": field}, "fill": {"value": fill}, "fontSize": {"value": size}}
    look["baseline"] = {"value": "middle"}
    return {
        "enter": {
            **look,
            **{key: value if isinstance(value, dict) else {"value": value} for key, value in more.items()},
        }
    }
