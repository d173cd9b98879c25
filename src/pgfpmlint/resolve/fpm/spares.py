"""Numbers of spare servers that PHP-FPM accepts, as near as can be to those that are written."""

from __future__ import annotations

from pgfpmlint.finding.fix import UNSAFE, Edit, Fix, line_below
from pgfpmlint.resolve.fpm.sections import SectionDraft


def in_order(pool: SectionDraft) -> Fix | None:
    """Edits after which 1 <= min_spare <= start <= max_spare <= max_children; None where a number is not known. The
    pool's pm.max_children is left as it is: how many workers there may be is nobody's slip."""
    most, least = pool.number("pm.max_children"), pool.number("pm.min_spare_servers")
    high, start = pool.number("pm.max_spare_servers"), pool.number("pm.start_servers")
    method = pool.last("pm")
    if not most or most < 1 or least is None or high is None or start is None or method is None:
        return None
    low = min(max(least, 1), most)
    top = min(max(high, low), most)
    wanted = {"pm.min_spare_servers": low, "pm.max_spare_servers": top}
    if start > 0:
        wanted["pm.start_servers"] = min(max(start, low), top)
    edits = []
    for name, number in wanted.items():
        entry = pool.last(name)
        if entry is None:
            edits.append(line_below(method.written.place, f"{name} = {number}"))
        elif entry.value != str(number):
            edits.append(Edit(entry.written.value_place, str(number)))
    return Fix(UNSAFE, tuple(edits)) if edits else None
