"""The same deployment with other values: hosts, settings of every kind of node, poolers put between."""

from __future__ import annotations

import pytest

from pgfpmlint import pipeline
from pgfpmlint.model.accounts import Accounts, accounts
from pgfpmlint.model.added_pooler import asked_for, with_poolers
from pgfpmlint.model.survey import Survey
from pgfpmlint.model.what_if import WhatIfError, changed, changes
from pgfpmlint.options import Options
from trees import config_of, tree_of

WEB = "hosts/web/etc/php/8.3/fpm/"
ENV = "env[DB_HOST] = {host}\nenv[DB_DATABASE] = shop\nenv[DB_USERNAME] = {name}\n"
POOL = "[{name}]\nuser = w\nlisten = /run/{name}\npm = static\npm.max_children = {children}\n"
FILES = {
    WEB + "php-fpm.conf": "include = /etc/php/8.3/fpm/pool.d/*.conf\n",
    WEB + "pool.d/www.conf": POOL.format(name="www", children=50) + ENV.format(host="db", name="www"),
    WEB + "pool.d/api.conf": POOL.format(name="api", children=20)
    + ENV.format(host="edge", name="api")
    + "env[DB_PORT] = 6432\n",
    "hosts/db/etc/postgresql/16/main/postgresql.conf": "listen_addresses = '*'\nmax_connections = 120\n",
    "hosts/edge/etc/pgbouncer/pgbouncer.ini": "[databases]\nshop = host=db\n[pgbouncer]\nlisten_addr = *\n"
    "default_pool_size = 10\n",
    ".pgfpmlint.yaml": "hosts: {web: {root: hosts/web, count: 3}}\n"
    "consumers: [{name: monitoring, to: db, connections: 2}]\n",
}


def survey_of(files: dict[str, str]) -> Survey:
    return pipeline.survey(tree_of(files), config_of(files), Options())


def books(*sets: str, poolers: tuple[str, ...] = (), files: dict[str, str] = FILES) -> Accounts:
    survey = changed(survey_of(files), changes(sets))
    return accounts(with_poolers(survey.deployment(), survey.config, asked_for(poolers)))


def numbers(found: Accounts) -> tuple[int, int]:
    (account,) = found.open
    return account.found.budget, account.found.demand


@pytest.mark.parametrize(
    ("sets", "budget", "demand"),
    [
        ((), 115, 160),  # 120 - 3 - 2; 3 × 50 + 10
        (("web.count=5",), 115, 260),
        (("web/www:pm.max_children=40",), 115, 130),
        (("db:max_connections=200",), 195, 160),
        (("db/16-main:superuser_reserved_connections=10",), 108, 160),
        (("edge:default_pool_size=30",), 115, 180),
        (("edge/pgbouncer:shop.pool_size=7",), 115, 157),
        (("edge:d:shop.pool_size=7", "edge:reserve_pool_size=3"), 115, 160),
        (("monitoring.connections=12",), 105, 160),
        (("web:process.max=30",), 115, 100),  # of 3 × 50 at most 3 × 30
        (("edge.count=2",), 115, 170),
        (("web/www:env[DB_HOST]=edge", "web/www:env[DB_PORT]=6432"), 115, 20),  # two users of one entry
        (("web.count=2", "web.count=1", "web/www:pm.max_children=1"), 115, 11),
        (("db:port=5433",), 115, 0),  # nobody finds it there
    ],
)
def test_other_values(sets: tuple[str, ...], budget: int, demand: int) -> None:
    assert numbers(books(*sets)) == (budget, demand)


def test_a_replaced_value_stands_on_its_option() -> None:
    (account,) = books("web.count=5", "db:max_connections=200").open
    limit = account.found.slots.max_connections.place
    assert limit is not None
    assert (limit.path, limit.line, limit.text) == ("--set", 2, "db:max_connections=200")
    (term,) = account.found.direct.terms
    assert [(place.path, place.line) for place in term.places] == [(WEB + "pool.d/www.conf", 5), ("--set", 1)]


def test_nothing_is_changed_in_place() -> None:
    survey = survey_of(FILES)
    changed(survey, changes(["db:max_connections=200", "web.count=5"]))
    assert numbers(accounts(survey.deployment())) == (115, 160)


def test_sizes_of_hosts() -> None:
    (db,) = (host for host in books("db.memory=16GB", "db.cpus=8").deployment.hosts if host.name == "db")
    assert (db.memory, db.cpus) == (16 << 30, 8)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("web", "write --set web.count=5"),
        ("=5", "write --set web.count=5"),
        ("wwweb.count=5", "there is no 'wwweb'; there are: db, edge, monitoring, web"),
        ("web.cuont=5", "a host has no 'cuont'; the nearest is count; there are: count, memory"),
        ("web.count=0", "count must be a whole number from 1"),
        ("db.memory=lots", "'lots' is no size"),
        ("web/wwww:pm.max_children=4", "there is no 'web/wwww'; the nearest is web/www; there are: db/16-main"),
        ("web/www:pm.max_childen=4", "PHP-FPM 8.3 has no setting 'pm.max_childen'; the nearest is pm.max_children"),
        ("web/www:pm=fast", "pm = fast: it must be"),
        ("web:pm.max_children=4", "'web' names several nodes; write one of: web/api, web/www"),
        ("db:max_conections=5", "PostgreSQL 16 has no setting 'max_conections'; the nearest is max_connections"),
        ("db:max_connections=many", 'invalid value for parameter "max_connections": "many"'),
        ("db:max_connections=0", "0 is outside the valid range for parameter"),
        ("edge:default_pool_sise=5", "has no setting 'default_pool_sise'; the nearest is default_pool_size"),
        ("edge:default_pool_size=5x", 'invalid value "5x" for parameter default_pool_size'),
        ("edge:shp.pool_size=5", "[databases] has no line 'shp'; there are: shop"),
        ("edge:shop.pool_sise=5", "a line of [databases] has no setting 'pool_sise'; the nearest is pool_size"),
        ("edge:shop.pool_size=five", "it must be a whole number"),
        ("edge:shop.pool_mode=fast", "invalid pool mode: fast"),
        ("web/www:pm.max_children=0", "pm.max_children must be a positive value"),
        ("web.count=1234567890", "must be a whole number from 1, of 9 digits at most"),
        ("edge:u:bob.pool_size=5", "[users] has no line 'bob'; there are: none"),
    ],
)
def test_what_can_not_be_meant(text: str, says: str) -> None:
    with pytest.raises(WhatIfError) as refused:
        books(text)
    assert says in str(refused.value)
    assert f"--set {text}" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "demand", "clients"),
    [
        # A new one: 20 for www's database, which names its user; 10 stay with the old one.
        ("web=pool:pool_size=20", 10 + 20, 150),
        ("web/www=pool/pgbouncer:default_pool_size=20,reserve_pool_size=5", 10 + 25, 150),
        # One that is there: www is a second user of its line for shop, which is 20 large then.
        ("web=edge:pool_size=20", 20 + 20, 210),
        ("web/www=edge", 10 + 10, 210),
    ],
)
def test_a_pooler_between(text: str, demand: int, clients: int) -> None:
    found = books(poolers=(text,))
    assert numbers(found) == (115, demand)
    pooler = found.deployment.poolers[-1]
    assert sum(link.client.host.machines * 50 for link in found.deployment.links.pools_to(pooler)) >= 150
    assert not found.open[0].found.direct.terms
    assert {taker.via for taker in found.open[0].takers if taker.name == "web/www"} == {pooler.name}
    assert clients == sum(
        int(one.pool.setting("pm.max_children").value or 0) * 3
        for link in found.deployment.links.pools_to(pooler)
        if (one := link.client) in found.deployment.pools
    )


def test_a_pooler_before_two_instances_has_a_line_for_each() -> None:
    """www reads from a replica too: 20 on each of the two."""
    files = {
        **FILES,
        WEB + "pool.d/www.conf": FILES[WEB + "pool.d/www.conf"] + "env[DB_READ_HOST] = replica\n",
        "hosts/replica/etc/postgresql/16/main/postgresql.conf": "listen_addresses = '*'\nmax_connections = 60\n",
    }
    found = books(poolers=("web/www=pool:pool_size=20",), files=files)
    demands = {account.name: account.found.demand for account in found.open}
    assert demands == {"db/16-main": 10 + 20, "replica/16-main": 20}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("web", "write --add-pooler web=edge:pool_size=20"),
        ("web=pool:20", "write --add-pooler web=edge:pool_size=20"),
        ("wweb=pool", "there is no 'wweb'; the nearest is web; there are: web, web/api, web/www"),
        ("web/api=pool", "no pool of web/api connects straight to an instance"),
        ("web=pool:pool_sise=2", "has no setting 'pool_sise'; the nearest is pool_size"),
        ("web=edge:max_client_conn=2", "a line of [databases] has no setting 'max_client_conn'"),
    ],
)
def test_poolers_that_can_not_be_meant(text: str, says: str) -> None:
    with pytest.raises(WhatIfError) as refused:
        books(poolers=(text,))
    assert says in str(refused.value)
