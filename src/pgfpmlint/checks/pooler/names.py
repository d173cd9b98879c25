"""Names in pgbouncer.ini that are taken for patterns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.model.nodes import Pooler
from pgfpmlint.model.world import World


def wildcard_in_name(pooler: Pooler, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A name with an asterisk that stands for itself only."""
    for section, entries, advice in (
        (
            "databases",
            pooler.bouncer.databases,
            "write each database by its name, or * for all that are not listed",
        ),
        ("users", pooler.bouncer.users, "write each user by name, or set the limit for all of them in [pgbouncer]"),
    ):
        for entry in entries:
            if "*" in entry.name and (entry.name != "*" or section == "users"):
                yield Hit(entry.place, {"name": entry.name, "section": section, "advice": advice})
