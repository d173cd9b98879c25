"""What PHP's extension pgsql lets one worker hold; PDO's connections are not its business."""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import ClientPool
from pgfpmlint.model.php import php_setting
from pgfpmlint.resolve.settings import Effective

LINKS, PERSISTENT = "pgsql.max_links", "pgsql.max_persistent"


def links_allowed(pool: ClientPool, links: Sequence[Link]) -> Effective | None:
    """The setting that keeps one worker from holding all that ``links`` of its pool come to; None where none does.

    Both count per process, and -1 is no limit: https://www.php.net/manual/en/pgsql.configuration.php
    """
    own = [link for link in links if link.of_extension]
    names = (LINKS, PERSISTENT) if all(link.persistent is not None for link in own) else (LINKS,)
    held = sum(link.per_process for link in own)
    bounding = [
        (limit.number, limit)
        for name in names
        if (limit := php_setting(pool, name)).number is not None and 0 <= limit.number < held
    ]
    return min(bounding, key=lambda one: one[0])[1] if bounding else None
