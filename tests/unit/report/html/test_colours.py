"""Texts can be read in light and in dark: at least the contrast that WCAG 2.2 asks for at level AA (1.4.3, 1.4.11)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import pgfpmlint.report.html

STYLE = (Path(pgfpmlint.report.html.__file__).parent / "templates/page.css").read_text("utf-8")
COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
LIGHT = dict(COLOUR.findall(STYLE.split("@media screen")[0]))
DARK = {**LIGHT, **dict(COLOUR.findall(STYLE.split("@media screen")[1].split("\n}")[0]))}

TEXTS = [
    *((text, ground) for text in ("ink", "muted", "link") for ground in ("paper", "panel")),
    *((text, ground) for text in ("error", "warning", "info", "good") for ground in ("paper", "panel", f"{text}-soft")),
    ("ink", "good-soft"),
    *(("on-taker", part) for part in ("reserved", "declared", "extra", *(f"taker{number}" for number in range(1, 7)))),
]
SHAPES = [("outline", "panel"), ("link", "panel"), ("error", "panel"), ("muted", "panel")]


def luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_formula() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_can_be_read(scheme: dict[str, str]) -> None:
    assert [pair for pair in TEXTS if contrast(scheme[pair[0]], scheme[pair[1]]) < 4.5] == []


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_shape_can_be_seen(scheme: dict[str, str]) -> None:
    assert [pair for pair in SHAPES if contrast(scheme[pair[0]], scheme[pair[1]]) < 3] == []
