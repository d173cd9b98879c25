"""Keys of Patroni's configuration at a depth where nothing reads them: Patroni takes any key in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pgfpmlint.finding.problem import Problem
from pgfpmlint.manifests.documents import MAPPING, entries, inside
from pgfpmlint.manifests.scalar import extent
from pgfpmlint.resolve.postgres.judge import Judge
from pgfpmlint.source.text import Source

MISPLACED = "manifest/misplaced-key"

PLACES = {
    "parameters": ("postgresql", "bootstrap.dcs.postgresql"),
    "pg_hba": ("postgresql", "bootstrap.dcs.postgresql", "bootstrap"),
    "pg_ident": ("postgresql", "bootstrap.dcs.postgresql"),
}
"""Where each list is read."""

LOOKED_AT = ("", "postgresql", "bootstrap", "bootstrap.dcs", "bootstrap.dcs.postgresql", "bootstrap.postgresql")

HOLDERS = ("postgresql", "bootstrap.dcs", "bootstrap.dcs.postgresql")
"""Where a parameter of PostgreSQL is often put, one level above ``parameters``."""

OWN = frozenset({"port", "ssl", "restore_command", "archive_cleanup_command", "recovery_min_apply_delay"})
"""Names that other keys of Patroni have as well."""


def misplaced(source: Source, root: Any, judge: Judge) -> Iterator[Problem]:
    for path in LOOKED_AT:
        node = inside(root, *path.split(".")) if path else root
        if node is None or node.id != MAPPING:
            continue
        for key, _ in entries(node):
            right = PLACES.get(key.value)
            wrong = right is not None and path not in right
            if path in HOLDERS and not wrong and right is None and key.value not in OWN:
                wrong = judge.parameter(key.value) is not None
                right = (f"{path if path != 'bootstrap.dcs' else 'bootstrap.dcs.postgresql'}.parameters",)
            if wrong and right:
                near = next((one for one in right if path and one.startswith(path)), right[0])
                values = {"product": "Patroni", "key": key.value, "above": path or "the top", "right": near}
                yield Problem(MISPLACED, source.place(*extent(source.text, key)), "", False, values)
