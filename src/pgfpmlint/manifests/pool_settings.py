"""Lines of a pgbouncer.ini, as operators write them from a manifest's keys."""

from __future__ import annotations

from typing import Any

from pgfpmlint.manifests.draft import Draft


def setting(draft: Draft, key: Any, value: Any, before: str = "") -> Draft:
    """``name = value``, with ``before`` in front of the value. PgBouncer reads no value beyond its line: line ends
    go."""
    draft.name(key).glue(f" = {before}", value)
    if any(sign in value.value for sign in "\r\n\v\f"):
        return draft.rendered(value, " ".join(value.value.split()) + "\n")
    return draft.name(value).glue("\n", value)
