"""What container files say of versions: the images that they name, and what their tags mean.

What an image says only at run time (``latest``, a variable without a default) tells nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgfpmlint.manifests.containers.image_name import Number, version_of_tag
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Source


class Image(NamedTuple):
    """A version that an image's tag names. ``block`` is the text of the service or build stage that it stands in."""

    number: Number
    where: str
    block: str


def named_in(source: Source) -> Iterator[tuple[str, Image]]:
    """Each image of a known product in a Dockerfile or compose file, with the product."""
    for at, line, reference in _references(source.text):
        known = version_of_tag(reference)
        if known is not None:
            product, number = known
            yield product, Image(number, f"{source.path}:{at + 1} says {reference}", _block(source.text, line))


def _references(text: str) -> Iterator[tuple[int, int, str]]:
    """Each image that a container file names: the line's number from 0, its offset, and the image's reference."""
    defaults: dict[str, str] = {}
    offset = 0
    for at, line in enumerate(text.splitlines(keepends=True)):
        words = line.split()
        if words[:1] == ["ARG"] and len(words) > 1 and "=" in words[1]:
            name, _, value = words[1].partition("=")
            defaults[name] = value.strip("\"'")
        elif words[:1] and words[0].upper() == "FROM":
            named = [word for word in words[1:] if not word.startswith("--")]
            if named:
                yield at, offset, _filled(named[0], defaults)
        elif words[:1] in (["image:"], ["-image:"]) and len(words) > 1:
            yield at, offset, _filled(words[1].strip("\"'"), {})
        offset += len(line)


def _filled(reference: str, defaults: dict[str, str]) -> str:
    """With each ``${NAME}``, ``$NAME`` and ``${NAME:-default}`` that the file itself gives a value."""

    def value(match: re.Match[str]) -> str:
        name, default = match[1] or match[3], match[2]
        return defaults.get(name) or default or match[0]

    return re.sub(r"\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))", value, reference) if "$" in reference else reference


def _block(text: str, offset: int) -> str:
    """The lines around ``offset`` that are indented as far as its own, or further: one compose service."""
    lines = text[offset:].splitlines()
    depth = _depth(lines[0])
    if not depth:
        return lines[0]
    found = [lines[0]]
    for line in lines[1:]:
        if line.strip() and _depth(line) < depth:
            break
        found.append(line)
    for line in reversed(text[:offset].splitlines()):
        if line.strip() and _depth(line) < depth:
            break
        found.append(line)
    return "\n".join(found)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())
