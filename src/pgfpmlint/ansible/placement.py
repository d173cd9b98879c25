"""Files that tasks make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pgfpmlint.ansible.excerpt import Origin, RenderedText
from pgfpmlint.ansible.pieces import Rendered
from pgfpmlint.ansible.values import UNKNOWN, Truth
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Place, Source

OPTIONS = (
    "block_end_string", "block_start_string", "comment_end_string", "comment_start_string", "lstrip_blocks",
    "trim_blocks", "variable_end_string", "variable_start_string",
)  # fmt: skip


FACTS = (
    "template_destpath", "template_fullpath", "template_host", "template_mtime", "template_path", "template_run_date",
    "template_uid",
)  # fmt: skip


class Placement(NamedTuple):
    """A file that a task makes. ``origin`` is the path of the template or file, ``certain``: no condition that nobody
    can tell stands before it. ``whole``: all of its placeholders are filled in."""

    path: str
    source: Source
    origin: str
    why: str
    certain: bool
    whole: bool


def text_of(source: Source, rendered: Rendered, label: str, *, at_values: bool = False) -> RenderedText:
    """``at_values``: nobody wrote the template; each value is shown where it is written itself."""
    texts: list[str] = []
    origins: list[Origin] = []
    length = 0
    for piece in rendered.pieces:
        place = Place(source, piece.extent.start, piece.extent.end)
        origins.append(Origin(length, place, piece.literal, piece.causes))
        texts.append(piece.text)
        length += len(piece.text)
    return RenderedText(source, label, "".join(texts), origins, whole=rendered.whole)


def options_of(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What a task says of how its template is read."""
    found = {key: arguments[key] for key in OPTIONS if key in arguments}
    return {key: bool(value) if isinstance(value, (Truth, int)) else str(value) for key, value in found.items()}


def template_facts() -> dict[str, Any]:
    """What Ansible tells a template of itself: all of it differs from run to run."""
    return dict.fromkeys(FACTS, UNKNOWN)
