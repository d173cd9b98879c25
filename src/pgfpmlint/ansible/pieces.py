"""What rendering puts out, piece by piece, and what the statements of a template share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pgfpmlint.ansible.layout import Extent
from pgfpmlint.ansible.worth import Cause
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Place


class Piece(NamedTuple):
    """Text of the rendered file, written at ``extent`` of the template: character by character if ``literal``.
    ``causes`` are the lines that it follows from, ``value`` where the value itself is written, if it is one."""

    text: str
    extent: Extent
    literal: bool
    causes: tuple[Cause, ...] = ()
    value: Place | None = None


class Rendered(NamedTuple):
    """``whole``: nothing is left open."""

    pieces: list[Piece]
    whole: bool


class GiveUp(Exception):
    """The template uses what is not followed here: inheritance, imports, blocks."""


class Break(Exception):
    pass


class Continue(Exception):
    pass


def header_of(text: str, options: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
    """``#jinja2: trim_blocks: False`` in the first line, which Ansible takes away."""
    found = dict(options)
    if not text.startswith("#jinja2:"):
        return 0, found
    line, _, _ = text.partition("\n")
    for part in line[len("#jinja2:") :].split(","):
        key, colon, value = part.partition(":")
        key, value = key.strip(), value.strip()
        if colon and key in ("trim_blocks", "lstrip_blocks"):
            found[key] = value.lower() in ("true", "yes", "1")
        elif colon and key in STRINGS:
            found[key] = value.strip("'\"")
    return min(len(line) + 1, len(text)), found


STRINGS = (
    "block_end_string", "block_start_string", "comment_end_string", "comment_start_string", "variable_end_string",
    "variable_start_string",
)  # fmt: skip


def loop_facts(items: list[Any], number: int) -> dict[str, Any]:
    last = len(items) - 1
    found = {
        "index": number + 1,
        "index0": number,
        "revindex": last - number + 1,
        "revindex0": last - number,
        "first": number == 0,
        "last": number == last,
        "length": last + 1,
    }
    if number:
        found["previtem"] = items[number - 1]
    if number < last:
        found["nextitem"] = items[number + 1]
    return found


def nearest(causes: tuple[Cause, ...], place: Place | None) -> tuple[Cause, ...]:
    """Where the value itself stands in one of the causes, that very line is the one."""
    if place is None:
        return causes
    for cause in causes:
        whole = cause.extent
        if whole.source is place.source and whole.start <= place.start and place.end <= whole.end:
            others = (other for other in causes if other.extent.source is not place.source)
            return (Cause(place, cause.words, place), *others)
    return causes
