"""Sizes with a unit that PHP does not know."""

from __future__ import annotations

from pgfpmlint.finding.fix import Fix, written
from pgfpmlint.formats.zend_ini import integer
from pgfpmlint.source.text import Place

_SIZES = frozenset(
    ["memory_limit", "opcache.jit_buffer_size", "post_max_size", "realpath_cache_size", "upload_max_filesize"]
)


def misread(name: str, text: str | None) -> dict[str, object] | None:
    """What to say of a size whose unit PHP does not know; None for any other setting and value."""
    if name not in _SIZES or not text or text.isspace() or text.rstrip()[-1] in "0123456789kKmMgG":
        return None
    return {"name": name, "value": text, "bytes": integer(text), "advice": _advice(text)}


def mended(place: Place) -> Fix | None:
    """The size that stands at ``place``, in quotes or not, with the letter that PHP knows; None where no unit of bytes
    was meant."""
    body = place.text.strip("\"'")
    number, unit = body.rstrip("bBiI"), body[len(body.rstrip("bBiI")) :].lower()
    if unit not in ("b", "ib") or not number[:-1].strip().isdecimal() or number[-1] not in "kKmMgG":
        return None
    at = place.start + place.text.index(body)
    return written(Place(place.source, at, at + len(body)), f"{number[:-1].strip()}{number[-1].upper()}")


def _advice(text: str) -> str:
    """What was most likely meant: ``128MB`` and ``128MiB`` are ``128M``."""
    number, unit = str(integer(text)), text.strip().lstrip("0123456789 ").lower()
    if unit in ("kb", "kib", "mb", "mib", "gb", "gib"):
        return f"write {number}{unit[0].upper()}"
    return "write the number of bytes, or a number with K, M or G"
