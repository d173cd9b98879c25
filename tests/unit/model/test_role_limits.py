"""A role's CONNECTION LIMIT holds, whatever the pools that log in as it would open."""

from __future__ import annotations

from pgfpmlint.model.budget import Budget, budget
from trees import deployment_of

POOL = """\
[{0}]
user = w
listen = /run/{0}
pm = static
pm.max_children = {1}
env[DB_HOST] = localhost
env[DB_USERNAME] = {2}
"""


def budget_of(pools: list[tuple[str, int, str]], sql: str) -> Budget:
    files = {
        "hosts/one/etc/php/8.3/fpm/php-fpm.conf": "include = /etc/php/8.3/fpm/pool.d/*.conf\n",
        "hosts/one/etc/php/8.3/fpm/pool.d/www.conf": "".join(POOL.format(*pool) for pool in pools),
        "hosts/one/etc/postgresql/16/main/postgresql.conf": "max_connections = 100\n",
        "hosts/one/etc/postgresql/16/main/roles.sql": sql,
    }
    deployment = deployment_of(files)
    assert deployment.instances[0].scripts
    found = budget(deployment.instances[0], deployment)
    assert found is not None
    return found


def test_both_pools_of_a_role_share_its_limit() -> None:
    """30 + 40 of app are cut to 50; 5 of job are not."""
    pools = [("a", 30, "app"), ("b", 40, "app"), ("c", 5, "job")]
    found = budget_of(pools, "CREATE ROLE app LOGIN CONNECTION LIMIT 50;\nCREATE ROLE job LOGIN;\n").direct
    assert found.total == 55
    (cut,) = (term for term in found.terms if term.parts)
    assert (cut.name, cut.words, [part.amount for part in cut.parts]) == ("role app", "50 CONNECTION LIMIT", [30, 40])


def test_a_limit_that_is_not_reached_changes_nothing() -> None:
    found = budget_of([("a", 30, "app")], "CREATE ROLE app LOGIN CONNECTION LIMIT 50;\n").direct
    assert [(term.name, term.amount) for term in found.terms] == [("one/a", 30)]


def test_superusers_are_exempt() -> None:
    found = budget_of([("a", 80, "app")], "CREATE ROLE app LOGIN SUPERUSER CONNECTION LIMIT 50;\n").direct
    assert found.total == 80
