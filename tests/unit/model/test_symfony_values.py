"""Doctrine's connections whose values stand elsewhere: in parameters, behind processors of variables; by hand."""

from __future__ import annotations

import pytest

from pgfpmlint.model.link import Link
from trees import deployment_of

APP = "hosts/web/var/www/shop/"
TREE = {
    "hosts/web/etc/php/8.3/fpm/php-fpm.conf": (
        "[www]\nuser = www-data\nlisten = /run/php/www.sock\npm = static\npm.max_children = 5\n"
    ),
    "hosts/db/etc/postgresql/16/main/postgresql.conf": "listen_addresses = '*'\n",
    "hosts/edge/etc/pgbouncer/pgbouncer.ini": "[databases]\nshop = host=db\n[pgbouncer]\nlisten_addr = *\n",
    APP + "symfony.lock": "{}",
}
ENV = "APP_ENV=prod\nDATABASE_URL=postgresql://app:hunter2@edge:6432/shop?application_name=web\nEMPTY=\n"
SERVICES = """parameters:
    db_host: edge
    db_port: 6432
    db_name: 'sh%half%'
    half: op
    env(OTHER_URL): 'postgresql://app@db/shop'
    loop: '%loop%'
services:
    _defaults: {autowire: true}
"""


def links(dbal: str, services: str = SERVICES, **files: str) -> list[Link]:
    yaml = "doctrine:\n  dbal:\n" + "".join(f"    {line}\n" for line in dbal.splitlines())
    tree = {
        **TREE,
        APP + ".env": ENV,
        APP + "config/packages/doctrine.yaml": yaml,
        APP + "config/services.yaml": services,
    }
    tree.update({APP + name.replace("__", "/").replace("_yaml", ".yaml"): text for name, text in files.items()})
    return [link for link in deployment_of(tree).links.known if link.dsn is not None]


@pytest.mark.parametrize(
    ("dbal", "server", "database"),
    [
        ("driver: pdo_pgsql\nhost: '%db_host%'\nport: '%db_port%'\ndbname: '%db_name%'", "edge/pgbouncer", "shop"),
        ("driver: pdo_pgsql\nhost: '%env(key:host:url:DATABASE_URL)%'\nport: '%env(int:key:port:url:DATABASE_URL)%'\n"
         "dbname: '%env(key:path:url:DATABASE_URL)%'", "edge/pgbouncer", "shop"),
        ("url: '%env(OTHER_URL)%'", "db/16-main", "shop"),
        ("driver: pdo_pgsql\nhost: '%env(default:db_host:NOTHING)%'\nport: 6432", "edge/pgbouncer", None),
        ("driver: pdo_pgsql\nhost: '%env(default:db_host:EMPTY)%'\nport: 6432", "edge/pgbouncer", None),
        ("driver: pdo_mysql\nurl: '%env(DATABASE_URL)%'", "edge/pgbouncer", "shop"),
        ("url: '%env(DATABASE_URL)%'\ndbname_suffix: '_eu'", "edge/pgbouncer", "shop_eu"),
        ("url: '%env(DATABASE_URL)%'\ndbname_suffix: '%env(default::TEST_TOKEN)%'", "edge/pgbouncer", "shop"),
        ("driver: pdo_pgsql\nhost: '%loop%'", None, None),
        ("driver: pdo_pgsql\nhost: '%nothing%'", None, None),
        ("driver: pdo_pgsql\nhost: '%env(file:db_host)%'", None, None),
        ("driver: pdo_pgsql\nhost: '%env(key:nothing:url:DATABASE_URL)%'", None, None),
        ("driver: pdo_pgsql\nhost: '%broken'", None, None),
    ],
)  # fmt: skip
def test_values_from_elsewhere(dbal: str, server: str | None, database: str | None) -> None:
    assert [(link.server.name, link.database) for link in links(dbal)] == ([(server, database)] if server else [])


def test_the_line_of_a_parameter() -> None:
    (link,) = links("driver: pdo_pgsql\nhost: '%db_host%'\nport: '%db_port%'")
    assert [(label.place.path.rpartition("/")[2], label.place.line, label.words) for label in link.evidence[:2]] == [
        ("services.yaml", 2, "db_host names edge, the name of host edge"),
        ("services.yaml", 3, "db_port names port 6432"),
    ]


def test_parameters_of_a_stage_and_of_files_that_are_imported() -> None:
    dbal = "driver: pdo_pgsql\nhost: '%db_host%'\nport: '%db_port%'"
    stage = "parameters:\n    db_host: db\n    db_port: 5432\n"
    assert [one.server.name for one in links(dbal, config__services_prod_yaml=stage)] == ["db/16-main"]
    imports = "imports:\n    - { resource: parameters.yaml }\n"
    assert [one.server.name for one in links(dbal, imports, config__parameters_yaml=stage)] == ["db/16-main"]
    assert links(dbal, "services: {}\n", config__parameters_yaml=stage) == []


def test_statements_that_doctrine_has_the_server_prepare() -> None:
    (link,) = links("url: '%env(DATABASE_URL)%'\noptions:\n  !php/const PDO::PGSQL_ATTR_DISABLE_PREPARES: false")
    assert link.dsn is not None
    assert link.dsn.native_prepares is not None
    assert link.dsn.native_prepares.place.text == "false"
    (link,) = links("url: '%env(DATABASE_URL)%'\noptions:\n  1000: true")
    assert link.dsn is not None
    assert link.dsn.native_prepares is None
