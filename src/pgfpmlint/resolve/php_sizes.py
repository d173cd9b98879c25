"""Sizes with a unit that PHP does not know."""

from __future__ import annotations

from pgfpmlint.formats.zend_ini import integer

_SIZES = frozenset(
    ["memory_limit", "opcache.jit_buffer_size", "post_max_size", "realpath_cache_size", "upload_max_filesize"]
)


def misread(name: str, text: str | None) -> dict[str, object] | None:
    """What to say of a size whose unit PHP does not know; None for any other setting and value."""
    if name not in _SIZES or not text or text.isspace() or text.rstrip()[-1] in "0123456789kKmMgG":
        return None
    return {"name": name, "value": text, "bytes": integer(text), "advice": _advice(text)}


def _advice(text: str) -> str:
    """What was most likely meant: ``128MB`` and ``128MiB`` are ``128M``."""
    number, unit = str(integer(text)), text.strip().lstrip("0123456789 ").lower()
    if unit in ("kb", "kib", "mb", "mib", "gb", "gib"):
        return f"write {number}{unit[0].upper()}"
    return "write the number of bytes, or a number with K, M or G"
