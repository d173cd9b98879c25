"""Times as nginx writes them: ``60``, ``60s``, ``1m30s``, ``"1h 30m"``, ``500ms``.

See ``ngx_parse_time()`` in https://github.com/nginx/nginx/blob/master/src/core/ngx_parse.c
"""

from __future__ import annotations

_UNITS = {"w": 604800000, "d": 86400000, "h": 3600000, "m": 60000, "s": 1000}


def milliseconds(text: str) -> int | None:
    """None for what is no time; nor are months and years, where milliseconds count. Units go from the largest to the
    smallest, each once; without one it is seconds."""
    total = at = 0
    last = _UNITS["w"] + 1
    if not text:
        return None
    while at < len(text):
        end = at
        while end < len(text) and text[end] in "0123456789":
            end += 1
        if end == at or end - at > 12:
            return None
        number, unit = int(text[at:end]), text[end : end + 1]
        if text.startswith("ms", end):
            size, end = 1, end + 2
        elif unit in ("", " "):
            size = 1000
        elif unit in _UNITS:
            size, end = _UNITS[unit], end + 1
        else:
            return None
        if size >= last:
            return None
        total, last = total + number * size, size
        at = end
        while text[at : at + 1] == " ":
            at += 1
    return total
