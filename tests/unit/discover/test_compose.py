"""Machines out of compose files: what is started with what, in which environment, and who reaches whom."""

from __future__ import annotations

import pytest

from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.report import REPORTERS, Look, render
from trees import deployment_of, outcome_of

POSTGRES = """\
services:
  db:
    image: postgres:16-alpine
    command: postgres -c max_connections=20 -c wrk_mem=8MB
"""
CHAIN = """\
services:
  postgres:
    image: postgres:16
    command: ["-c", "max_connections=40"]
    environment: {POSTGRES_PASSWORD: geheim-1234567}
  pgbouncer:
    image: edoburu/pgbouncer:v1.23.1-p2
    environment:
      DATABASE_URL: postgres://app:geheim-1234567@postgres/shop
      DEFAULT_POOL_SIZE: ${SIZE:-30}
      MAX_CLIENT_CONN: "100"
  php:
    image: php:8.3-fpm
    deploy:
      replicas: 3
    environment:
      - DB_HOST=pgbouncer
      - DB_PORT=5432
      - DB_DATABASE=shop
      - DB_PASSWORD=geheim-1234567
"""


def _places(outcome: Outcome) -> dict[str, tuple[str, int, str]]:
    assert outcome.crashed == ()
    return {found.rule: (found.at.path, found.at.line, found.at.text) for found in outcome.findings}


def test_the_command_line_is_linted_where_it_is_written() -> None:
    outcome = outcome_of({"compose.yaml": POSTGRES})
    assert _places(outcome)["postgres/unknown-parameter"] == ("compose.yaml", 4, "wrk_mem=8MB")


def test_a_service_leads_to_the_next_by_its_name() -> None:
    deployment = deployment_of({"compose.yaml": CHAIN})
    links = {(link.client.name, link.server.name) for link in deployment.links.known}
    assert links == {("php/www", "pgbouncer/pgbouncer"), ("pgbouncer/pgbouncer", "postgres/postgresql")}
    (pool,) = (pool for pools in deployment.pools_by_master.values() for pool in pools)
    assert pool.host.machines == 3
    assert pool.pool.setting("pm.max_children").number == 5
    (postgres,) = deployment.instances
    assert postgres.postgres.setting("max_connections").number == 40
    assert postgres.postgres.reading.version.number == (16,)
    (pooler,) = deployment.poolers
    assert pooler.bouncer.setting("default_pool_size").number == 30
    assert pooler.bouncer.reading.version.number == (1, 23, 1)


def test_a_pool_that_asks_too_much_of_the_server_is_told_with_its_lines() -> None:
    outcome = outcome_of({"compose.yaml": CHAIN.replace("=40", "=20")})
    assert _places(outcome)["capacity/pool-outgrows-server"] == ("compose.yaml", 4, "max_connections=20")


@pytest.mark.parametrize("format_", REPORTERS)
def test_no_password_of_an_environment_is_printed(format_: str) -> None:
    outcome = outcome_of({"compose.yaml": CHAIN.replace("=40", "=20")})
    assert "geheim" not in render(format_, outcome, Look())


def test_what_the_image_adds_by_itself_is_nobodys_fault() -> None:
    assert _places(outcome_of({"compose.yaml": CHAIN.replace("=40", "=100")})) == {}


def test_an_override_beside_it_is_laid_over() -> None:
    over = 'services: {db: {command: ["postgres", "-c", "max_connections=7"]}}\n'
    (instance,) = deployment_of({"compose.yaml": POSTGRES, "compose.override.yaml": over}).instances
    assert instance.postgres.setting("max_connections").number == 7


def test_a_file_of_another_stage_is_a_deployment_of_its_own() -> None:
    other = 'services: {db: {command: ["postgres", "-c", "max_connections=7"]}}\n'
    found = deployment_of({"docker-compose.yml": POSTGRES, "docker-compose.prod.yml": other}).instances
    told = {one.name: one.postgres.setting("max_connections").number for one in found}
    assert told == {"db/postgresql": 20, "prod/db/postgresql": 7}


def test_a_mounted_file_is_the_services_own_and_linted_once() -> None:
    files = {
        "docker/compose.yaml": """\
services:
  pooler:
    image: edoburu/pgbouncer:v1.23.1-p2
    volumes: ["./pgbouncer.ini:/etc/pgbouncer/pgbouncer.ini:ro"]
  db:
    image: postgres:15
    command: ["-c", "config_file=/etc/pg/postgresql.conf"]
    volumes:
      - type: bind
        source: ./conf/db.conf
        target: /etc/pg/postgresql.conf
""",
        "docker/pgbouncer.ini": "[databases]\nshop = host=db\n[pgbouncer]\npool_mode = some\n",
        "docker/conf/db.conf": "listen_addresses = '*'\nmax_connections = 50\nwrk_mem = 8MB\n",
    }
    outcome = outcome_of(files)
    assert [found.rule for found in outcome.findings] == ["postgres/unknown-parameter", "pooler/invalid-value"]
    assert {found.at.path for found in outcome.findings} == {"docker/conf/db.conf", "docker/pgbouncer.ini"}
    links = deployment_of(files).links.known
    assert [(link.client.name, link.server.name) for link in links] == [
        ("docker/pooler/pgbouncer", "docker/db/postgresql")
    ]


def test_a_variable_without_a_value_is_unknown() -> None:
    text = POSTGRES.replace("=20", "=${MAX}").replace("wrk_mem", "work_mem")
    (instance,) = deployment_of({"compose.yaml": text}).instances
    assert instance.postgres.setting("max_connections").value is None
    (instance,) = deployment_of({"compose.yaml": text, ".env": "MAX=33\n"}).instances
    assert instance.postgres.setting("max_connections").number == 33


@pytest.mark.parametrize(("ports", "rules"), [("ports: ['5432:5432']", 1), ("ports: ['127.0.0.1:5432:5432']", 0)])
def test_trust_is_an_exposure_where_the_port_is_published(ports: str, rules: int) -> None:
    text = f"""\
services:
  db:
    image: postgres:16
    environment:
      POSTGRES_HOST_AUTH_METHOD: trust
    {ports}
"""
    found = [one for one in outcome_of({"compose.yaml": text}).findings if one.severity == "error"]
    assert [(one.rule, one.at.line, one.at.text) for one in found] == [("hba/trust-from-network", 5, "trust")] * rules


@pytest.mark.parametrize(
    "text",
    [
        "services: [postgres]\n",
        "services:\n  db: postgres\n",
        "services:\n  db:\n    image: [postgres]\n    command: {a: b}\n    environment: 5\n    volumes: x\n",
        "services:\n  db: {image: postgres, extends: {service: db}}\n",
        "services: &a\n  db: *a\n  postgres: {}\n",
        'services:\n  db:\n    image: postgres\n    command: "-c \'open"\n',
        "services:\n{{ if .postgres }}\n  db:\n",
        "include: [compose.yaml]\nservices:\n  db: {image: 'postgres:16', command: [-c]}\n",
        "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\n"
        "d: &d [*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d]\nservices: {db: {image: postgres, x: *e}}\n",
    ],
)
def test_what_is_no_compose_file_is_nobodys(text: str) -> None:
    assert outcome_of({"compose.yaml": text, "etc/php/8.3/fpm/php-fpm.conf": ""}).crashed == ()


BUILT = {
    "compose.yaml": """\
services:
  db:
    image: postgres:16
    command: [-c, max_connections=30]
  php:
    build: {context: ., dockerfile: docker/Dockerfile, target: prod, args: {VERSION: "8.2"}}
    environment: {DB_HOST: db}
    scale: 2
""",
    "docker/Dockerfile": """\
ARG VERSION=8.3
FROM php:${VERSION}-fpm-alpine AS base
# comment
RUN docker-php-ext-install pdo_pgsql \\
    && echo done
COPY docker/zz-pool.conf /usr/local/etc/php-fpm.d/
FROM base AS dev
RUN echo "pm.max_children = 50" >> /usr/local/etc/php-fpm.d/www.conf
FROM base AS prod
COPY --chown=www-data . /var/www
CMD ["php-fpm", "-F"]
""",
    "docker/zz-pool.conf": "[www]\npm.max_children = 20\n",
}


def test_a_service_is_what_its_dockerfile_makes_of_it() -> None:
    deployment = deployment_of(BUILT)
    ((pool,),) = deployment.pools_by_master.values()
    assert pool.pool.setting("pm.max_children").number == 20
    place = pool.pool.setting("pm.max_children").place
    assert place is not None
    assert (place.path, place.line) == ("docker/zz-pool.conf", 2)
    assert pool.host.machines == 2
    assert pool.master.fpm.reading.version.number == (8, 2)
    assert [(link.client.name, link.server.name) for link in deployment.links.known] == [("php/www", "db/postgresql")]
    assert outcome_of(BUILT).findings[0].rule == "capacity/workers-exceed-max-connections"


def test_what_a_script_changes_in_an_image_is_unknown() -> None:
    files = {**BUILT, "compose.yaml": BUILT["compose.yaml"].replace("prod", "dev")}
    files["docker/Dockerfile"] = files["docker/Dockerfile"].replace("COPY docker/zz", "# COPY docker/zz")
    ((pool,),) = deployment_of(files).pools_by_master.values()
    assert pool.pool.setting("pm.max_children").value is None
