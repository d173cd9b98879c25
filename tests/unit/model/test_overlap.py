"""The worst moment of a deployment: old workers still hold their connections while new ones connect."""

from __future__ import annotations

import pytest

from pgfpmlint.model.budget import Budget, budget
from trees import deployment_of


def budget_of(policy: str, more: dict[str, str] | None = None, count: int = 3, limit: int = 160) -> Budget:
    pool = "[www]\nuser = w\nlisten = /run/w\npm = static\npm.max_children = 50\nenv[DB_HOST] = db\n"
    files = {
        "hosts/web/etc/php/8.3/fpm/php-fpm.conf": "include = /etc/php/8.3/fpm/pool.d/*.conf\n",
        "hosts/web/etc/php/8.3/fpm/pool.d/www.conf": pool,
        "hosts/db/etc/postgresql/16/main/postgresql.conf": f"listen_addresses = '*'\nmax_connections = {limit}\n",
        ".pgfpmlint.yaml": f"hosts: {{web: {{root: hosts/web, count: {count}}}}}\n{policy}",
        **(more or {}),
    }
    deployment = deployment_of(files)
    found = budget(deployment.instances[0], deployment)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("policy", "total", "declared"),
    [
        ("", 200, False),  # one machine at a time, unless something else is declared
        ("policy: {overlap: {kind: rolling, batch: 1}}\n", 200, True),
        ("policy: {overlap: {kind: rolling, batch: 2}}\n", 250, True),
        ("policy: {overlap: {kind: rolling, batch: 9}}\n", 300, True),  # there are three to replace
        ("policy: {overlap: {kind: blue-green}}\n", 300, True),
        ("policy: {overlap: {kind: none}}\n", 150, True),
    ],
)
def test_three_servers_of_fifty(policy: str, total: int, declared: bool) -> None:
    found = budget_of(policy)
    assert (found.demand, found.peak.total, found.peak.declared) == (150, total, declared)
    # 160 - 3 = 157 usable: what is steady fits, a declared overlap does not.
    assert found.fails == (declared and total > 157)


def test_the_largest_group_is_the_worst() -> None:
    admin = "[admin]\nuser = w\nlisten = /run/a\npm = static\npm.max_children = 70\nenv[DB_HOST] = db\n"
    more = {
        "hosts/admin/etc/php/8.3/fpm/php-fpm.conf": "include = /etc/php/8.3/fpm/pool.d/*.conf\n",
        "hosts/admin/etc/php/8.3/fpm/pool.d/admin.conf": admin,
    }
    found = budget_of("", more, limit=300)
    assert (found.demand, found.peak.total, found.peak.words) == (
        220,
        290,
        "while old and new workers of admin overlap",
    )


def test_a_pooler_of_its_own_machine_stays_and_one_beside_the_workers_is_replaced() -> None:
    ini = "[databases]\nshop = host=db user=shop\n[pgbouncer]\nlisten_addr = *\ndefault_pool_size = 20\n"
    apart = budget_of("", {"hosts/edge/etc/pgbouncer/pgbouncer.ini": ini}, limit=300)
    assert (apart.demand, apart.peak.extra) == (150 + 20, 50)
    beside = budget_of("", {"hosts/web/etc/pgbouncer/pgbouncer.ini": ini}, limit=300)
    assert (beside.demand, beside.peak.extra) == (150 + 60, 50 + 20)


def test_process_max_is_shared_by_what_holds_most() -> None:
    """30 workers hold 2 connections, 30 hold one; 40 workers are 30 × 2 + 10 × 1 = 70 at worst."""
    more = {
        "hosts/web/etc/php/8.3/fpm/php-fpm.conf": "process.max = 40\ninclude = /etc/php/8.3/fpm/pool.d/*.conf\n",
        "hosts/web/etc/php/8.3/fpm/pool.d/www.conf": "".join(
            f"[{name}]\nuser = w\nlisten = /run/{name}\npm = static\npm.max_children = 30\nenv[DB_HOST] = db\n"
            for name in ("one", "two")
        ),
    }
    found = budget_of("links: [{from: web/two, to: db, connections_per_worker: 2}]\n", more, count=1)
    assert (found.direct.total, found.direct.terms[0].words) == (
        70,
        "40 process.max, at worst 30 × 2 + 10 × 1 connections per worker",
    )


def test_wal_senders_take_slots_before_twelve() -> None:
    old = {"hosts/old/etc/postgresql/11/main/postgresql.conf": "max_connections = 100\nmax_wal_senders = 4\n"}
    deployment = deployment_of(old)
    found = budget(deployment.instances[0], deployment)
    assert found is not None
    assert (found.slots.usable, found.budget) == (97, 93)
