"""After a fix every setting that no changed line sets is worth what it was, by our own readings. What the real servers
say of it, tests/servers/test_fixes.py asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rule_examples import cases

from fix_effects import claimed, strayed, values
from pgfpmlint.examples import CONFIG, Case

FIXED = [case for case in cases() if case.fixed and not case.unreadable]

FOLLOWS = {
    "default_pool_size": "pool_size",
    "min_pool_size": "min_pool_size",
    "reserve_pool_size": "reserve_pool_size",
    "pool_mode": "pool_mode",
    "max_db_connections": "max_connections",
    "max_db_client_connections": "max_client_connections",
    "server_lifetime": "server_lifetime",
}
"""Columns of SHOW DATABASES and SHOW USERS, by the settings of [pgbouncer] that they take over
(https://www.pgbouncer.org/usage.html#show-databases)."""


def _names(case: Case) -> frozenset[str]:
    found = {name for path in case.fixed or () for name in claimed(case.files[path], (case.fixed or {})[path])}
    return frozenset(found | {FOLLOWS[name] for name in found if name in FOLLOWS})


def _strayed(case: Case) -> Iterator[str]:
    before, after = values(case.files), values({**case.files, **(case.fixed or {})})
    names = _names(case)
    for path in before.keys() & after.keys():
        if "rows" in before[path]:
            lost = set(before[path]["rows"]) - set(after[path]["rows"])
            changed = len((case.fixed or {}).get(path, case.files.get(path, "")).splitlines())
            if len(lost) > (changed if path in (case.fixed or {}) else 0):
                yield f"{path}: {sorted(lost)}"
        else:
            yield from (f"{path}: {told}" for told in strayed(before[path], after[path], names))


@pytest.mark.parametrize("case", FIXED, ids=[f"{case.rule}: {case.name}" for case in FIXED])
def test_no_other_setting_changes(case: Case) -> None:
    assert CONFIG not in (case.fixed or {})
    assert list(_strayed(case)) == []
