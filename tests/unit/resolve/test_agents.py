"""Agents that watch PostgreSQL. How many connections each holds is in its source: Datadog's pool has at most two for a
database, postgres_exporter keeps one and opens one more while it is asked, Telegraf one."""

from __future__ import annotations

import json

import pytest

from pgfpmlint.model.accounts import accounts
from pgfpmlint.report import REPORTERS, Look, render
from pgfpmlint.report.budget_json import as_json
from trees import deployment_of, outcome_of

POSTGRES = {"etc/postgresql/16/main/postgresql.conf": "max_connections = 20\nlisten_addresses = '*'\n"}
DATADOG = "etc/datadog-agent/conf.d/postgres.d/conf.yaml"
EXPORTER = "etc/default/prometheus-postgres-exporter"
SECRET = "geheim-1234567"


def pools(files: dict[str, str]) -> dict[str, int | None]:
    """What the budget of the one instance counts, by name."""
    shown = json.loads(as_json(accounts(deployment_of({**POSTGRES, **files}))))
    return {pool["name"]: pool["connections"] for pool in shown["instances"][0]["pools"]}


def unaccounted(files: dict[str, str]) -> list[str]:
    shown = json.loads(as_json(accounts(deployment_of({**POSTGRES, **files}))))
    return [one["name"] for one in shown["instances"][0]["unaccounted"]]


def test_datadog() -> None:
    text = f"instances:\n  - host: localhost\n    username: datadog\n    password: {SECRET}\n    dbm: true\n"
    assert pools({DATADOG: text}) == {"localhost/datadog": 2}
    assert pools({DATADOG: "instances:\n  - dbname: shop\n"}) == {"localhost/datadog": 2}
    assert pools({DATADOG: text + text.removeprefix("instances:\n")}) == {
        "localhost/datadog": 2,
        "localhost/datadog-2": 2,
    }
    assert pools({DATADOG: "instances:\n  - host: elsewhere.example\n"}) == {}
    assert unaccounted({DATADOG: "instances:\n  - host: '%%host%%'\n"}) == ["localhost/datadog"]


def test_what_datadog_discovers_nobody_can_count() -> None:
    text = "instances:\n  - host: localhost\n    database_autodiscovery:\n      enabled: true\n"
    assert pools({DATADOG: text}) == {"localhost/datadog": None}


@pytest.mark.parametrize(
    "said",
    [
        "DATA_SOURCE_NAME='user=prometheus host=/run/postgresql dbname=postgres'",
        f'DATA_SOURCE_NAME="postgresql://prometheus:{SECRET}@localhost:5432/postgres?sslmode=disable"',
        "DATA_SOURCE_URI=localhost:5432/postgres\nDATA_SOURCE_USER=prometheus",
    ],
)
def test_postgres_exporter(said: str) -> None:
    assert pools({EXPORTER: f"# as Debian has it\n{said}\nARGS=''\n"}) == {"localhost/postgres_exporter": 2}


def test_sources_of_one_exporter_are_counted_where_they_lie() -> None:
    said = "DATA_SOURCE_NAME=postgresql://a@localhost/postgres,postgresql://a@elsewhere.example/postgres\n"
    assert pools({EXPORTER: said}) == {"localhost/postgres_exporter": 2}


def test_an_exporter_without_a_source_is_none() -> None:
    assert pools({EXPORTER: "DATA_SOURCE_NAME=''\nARGS=''\n"}) == {}
    assert unaccounted({EXPORTER: "DATA_SOURCE_NAME=''\n"}) == []


def test_telegraf() -> None:
    text = (
        '[agent]\n  interval = "10s"\n[[inputs.cpu]]\n  address = "host=localhost"\n'
        f'[[inputs.postgresql]]\n  address = "host=localhost user=telegraf password={SECRET} sslmode=disable"\n'
        f'[[inputs.postgresql_extensible]]\n  address = "postgres://telegraf:{SECRET}@localhost/app"\n'
        '  [[inputs.postgresql_extensible.query]]\n    address = "host=localhost"\n'
    )
    path = "etc/telegraf/telegraf.d/postgresql.conf"
    assert pools({path: text}) == {"localhost/telegraf": 1, "localhost/telegraf-2": 1}
    assert unaccounted({path: '[[inputs.postgresql]]\naddress = "${POSTGRES}"\n'}) == ["localhost/telegraf"]
    assert pools({path: text + "broken"}) == {"localhost/telegraf": 1, "localhost/telegraf-2": 1}


@pytest.mark.parametrize("name", ["monitoring", "datadog"])
def test_what_the_configuration_declares_is_counted_once(name: str) -> None:
    config = f"consumers: [{{name: {name}, to: localhost, connections: 3}}]\n"
    assert pools({DATADOG: "instances:\n  - host: localhost\n", ".pgfpmlint.yaml": config}) == {}


@pytest.mark.parametrize("format_", REPORTERS)
def test_no_password_of_theirs_is_printed(format_: str) -> None:
    files = {
        "etc/postgresql/16/main/postgresql.conf": "max_connections = 4\n",
        DATADOG: f"instances:\n  - {{host: localhost, password: {SECRET}}}\n",
        EXPORTER: f'DATA_SOURCE_NAME="postgresql://p:{SECRET}@localhost/postgres"\n',
    }
    outcome = outcome_of(files)
    assert [found.rule for found in outcome.findings] == ["capacity/workers-exceed-max-connections"]
    assert SECRET not in render(format_, outcome, Look())


@pytest.mark.parametrize(
    "text", ["instances:\n\t- a", "instances: 3", "instances:\n- [a]\n- {? [a] : b}\n", "instances: &a [*a]"]
)
def test_broken_files_break_nothing(text: str) -> None:
    assert pools({DATADOG: text}) == {}
