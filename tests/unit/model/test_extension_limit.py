"""pgsql.max_links and pgsql.max_persistent in the sums of an instance; each number worked out by hand."""

from __future__ import annotations

import pytest

from pgfpmlint.model.budget import Budget, budget
from trees import deployment_of

PHP = "hosts/web/etc/php/8.3/fpm/"
CONFIG = "hosts:\n  web: {root: hosts/web, count: 3}\n  db: {root: hosts/db}\nfiles: {kinds: {db.php: php}}\n"
POOL = "[www]\nuser = www-data\nlisten = /run/php/www.sock\npm = static\npm.max_children = 20\n"


def found(code: str, pool: str = "", ini: str = "", more: str = "") -> Budget:
    files = {
        ".pgfpmlint.yaml": CONFIG,
        PHP + "php-fpm.conf": more + POOL + pool,
        PHP + "php.ini": ini,
        "hosts/web/srv/shop/db.php": "<?php\n" + code,
        "hosts/db/etc/postgresql/16/main/postgresql.conf": "listen_addresses = '*'\nmax_connections = 200\n",
    }
    deployment = deployment_of(files)
    counted = budget(deployment.instances[0], deployment)
    assert counted is not None
    return counted


def opening(function: str, *databases: str) -> str:
    return "".join(f"$c = {function}('host=db dbname={name}');\n" for name in databases)


THREE = opening("pg_connect", "a", "b", "c")
KEPT = opening("pg_pconnect", "a", "b", "c")
PDO = "$d = new PDO('pgsql:host=db;dbname=d');\n"


@pytest.mark.parametrize(
    ("code", "pool", "ini", "demand"),
    [
        (THREE, "", "", 20 * 3 * 3),
        (THREE, "", "pgsql.max_links = -1\n", 20 * 3 * 3),
        (THREE, "", "pgsql.max_links = 1\n", 20 * 1 * 3),
        (THREE, "php_admin_value[pgsql.max_links] = 2\n", "pgsql.max_links = 1\n", 20 * 2 * 3),
        (THREE, "php_admin_value[pgsql.max_links] = 3\n", "", 20 * 3 * 3),
        (THREE, "php_admin_value[pgsql.max_persistent] = 1\n", "", 20 * 3 * 3),
        (KEPT, "php_admin_value[pgsql.max_persistent] = 1\n", "", 20 * 1 * 3),
        (KEPT, "php_admin_value[pgsql.max_persistent] = 2\nphp_admin_value[pgsql.max_links] = 1\n", "", 20 * 1 * 3),
        (THREE + PDO, "php_admin_value[pgsql.max_links] = 1\n", "", 20 * 2 * 3),
        (PDO, "php_admin_value[pgsql.max_links] = 0\n", "", 20 * 1 * 3),
    ],
)
def test_what_a_worker_may_hold(code: str, pool: str, ini: str, demand: int) -> None:
    assert found(code, pool, ini).demand == demand


def test_the_line_that_bounds_it() -> None:
    (term,) = found(THREE, "php_admin_value[pgsql.max_links] = 1\n").direct.terms
    assert (term.name, term.amount) == ("web/www", 60)
    assert term.words == "20 pm.max_children × 1 pgsql.max_links × 3 hosts"
    assert (term.places[0].path, term.places[0].line) == (PHP + "php-fpm.conf", 6)


def test_with_a_limit_of_the_master_too() -> None:
    counted = found(THREE, "php_admin_value[pgsql.max_links] = 2\n", more="[global]\nprocess.max = 5\n")
    assert counted.demand == 5 * 2 * 3
    # 197 usable / (2 connections per worker on 3 hosts) = 32
    assert (counted.held_by_workers, counted.fitting_children) == (6, 32)
