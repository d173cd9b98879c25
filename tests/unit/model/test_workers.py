"""Clients that are no PHP-FPM: their arithmetic by hand, beside pools of FPM and behind a pooler."""

from __future__ import annotations

import json

from pgfpmlint import pipeline
from pgfpmlint.checks.capacity.pooler_clients import clients_exceed_max_client_conn
from pgfpmlint.checks.capacity.slots import workers_exceed_max_connections
from pgfpmlint.finding.finding import Hit
from pgfpmlint.model.accounts import Account, accounts
from pgfpmlint.model.added_pooler import asked_for, with_poolers
from pgfpmlint.model.build import WorkerFiles, build
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.nodes import Workers
from pgfpmlint.model.session_pool import session_shortfall
from pgfpmlint.model.solve import Solver
from pgfpmlint.model.survey import Survey
from pgfpmlint.model.what_if import changed, changes
from pgfpmlint.model.world import World
from pgfpmlint.options import Options
from pgfpmlint.report.budget_json import as_json
from pgfpmlint.report.budget_text import as_text
from pgfpmlint.resolve.connection import Connection, Connections, Word
from pgfpmlint.resolve.workers import Factor, WorkersReading
from pgfpmlint.source.text import Place, Source
from trees import config_of, tree_of

CONFIG = "etc/app.conf"
TEXT = "processes 5\nmax 10\nhost db\ndbname shop\nuser app\n"
SOURCE = Source(CONFIG, TEXT)
FILES = {
    "hosts/db/etc/postgresql/16/main/postgresql.conf": "listen_addresses = '*'\nmax_connections = 200\n",
    ".pgfpmlint.yaml": "hosts: {app: {count: 3}}\n",
}
FPM = "hosts/web/etc/php/8.3/fpm/"
WITH_FPM = {
    **FILES,
    FPM + "php-fpm.conf": "include = /etc/php/8.3/fpm/pool.d/*.conf\n",
    FPM + "pool.d/www.conf": "[www]\nuser = w\nlisten = /run/w\npm = static\npm.max_children = 20\n"
    "env[DB_HOST] = db\nenv[DB_DATABASE] = shop\nenv[DB_USERNAME] = app\n",
}
WITH_POOLER = {
    **FILES,
    "hosts/edge/etc/pgbouncer/pgbouncer.ini": "[databases]\nshop = host=db\n[pgbouncer]\nlisten_addr = *\n"
    "listen_port = 5432\ndefault_pool_size = 10\nmax_client_conn = 100\npool_mode = session\n",
}


def at(word: str) -> Place:
    start = TEXT.index(word)
    return SOURCE.place(start, TEXT.index("\n", start))


def group(host: str = "db", *, processes: int | None = 5, each: int | None = 10) -> WorkersReading:
    words = {"host": Word(host, at("host"), "host"), "database": Word("shop", at("dbname"), "dbname")}
    connection = Connection(at("host"), (words["host"],), None, words["database"], Word("app", at("user"), "user"))
    return WorkersReading(
        "node-postgres",
        "api",
        at("processes"),
        (Factor(processes, "processes", at("processes")),),
        (Factor(each, "max", at("max")),),
        Connections((connection,)),
    )


def survey_of(files: dict[str, str], *groups: WorkersReading) -> Survey:
    survey = pipeline.survey(tree_of(files), config_of(files), Options())
    workers = [WorkerFiles("app", one) for one in groups]
    return survey._replace(found=survey.found._replace(workers=workers))


def deployment_of(files: dict[str, str], *groups: WorkersReading) -> Deployment:
    survey = survey_of(files, *groups)
    return build(survey.found, survey.config)


def account_of(deployment: Deployment) -> Account:
    (account,) = accounts(deployment).open
    return account


def test_its_product_counts_on_every_host() -> None:
    account = account_of(deployment_of(FILES, group()))
    (taker,) = account.takers
    assert taker.term is not None
    assert (taker.kind, taker.processes, taker.each, taker.hosts) == ("node-postgres", 5, 10, 3)
    assert taker.term.line == "app/api: 5 processes × 10 max × 3 hosts = 150"
    assert (account.found.demand, account.found.budget, account.found.headroom) == (150, 197, 47)
    assert account.found.direct_pools == 3
    assert account.found.fitting_children is None


def test_json_tells_the_factors_apart() -> None:
    shown = json.loads(as_json(accounts(deployment_of(FILES, group()))))
    (pool,) = shown["instances"][0]["pools"]
    wanted = {"name": "app/api", "kind": "node-postgres", "processes": 5, "per_process": 10, "hosts": 3}
    assert wanted.items() <= pool.items()
    assert (pool["connections"], pool["path"], pool["line"]) == (150, CONFIG, 1)
    assert pool["arithmetic"] == "5 processes × 10 max × 3 hosts"
    assert pool["evidence"] == "host"
    assert [one["line"] for one in pool["evidence_at"]] == [3]


def test_text_shows_the_arithmetic_and_the_evidence() -> None:
    text = as_text(accounts(deployment_of(FILES, group())))
    assert "app/api: 5 processes × 10 max × 3 hosts" in text
    assert "host names db" in text


def test_pools_of_fpm_fit_beside_it() -> None:
    # 200 - 3 = 197 budget; 197 - 150 = 47 for the workers of one pool on one host.
    account = account_of(deployment_of(WITH_FPM, group()))
    assert (account.found.demand, account.found.beside, account.found.fitting_children) == (170, 150, 47)
    assert account.found.per_pool_limit == 49  # 197 / (1 + 3)
    assert "beside the 150 of others would fit" in as_text(accounts(deployment_of(WITH_FPM, group())))


def test_what_can_not_be_known_is_said() -> None:
    deployment = deployment_of(FILES, group(each=None))
    account = account_of(deployment)
    assert account.found.direct.unknown == ("app/api",)
    assert account.found.at_least
    assert [gap.why for gap in account.unaccounted] == ["its max can't be known"]


def test_clients_of_a_pooler() -> None:
    deployment = deployment_of(WITH_POOLER, group("edge"))
    account = account_of(deployment)
    assert account.found.demand == 10  # one user of one entry
    (behind,) = [taker for taker in account.takers if taker.via is not None]
    assert (behind.name, behind.via, behind.term and behind.term.amount) == ("app/api", "edge/pgbouncer", 150)
    (hit,) = clients_exceed_max_client_conn(deployment.poolers[0], World(deployment, (), ()), {})
    assert isinstance(hit, Hit)
    assert (hit.values["demand"], hit.values["limit"], hit.values["clients"]) == (150, 100, "clients")
    assert hit.arithmetic[0] == "app/api: 5 processes × 10 max × 3 hosts = 150"
    (link,) = deployment.links.to(deployment.poolers[0])
    shortfall = session_shortfall(link, deployment.links)
    assert shortfall is not None
    assert (shortfall.wanted.amount, shortfall.have.amount, shortfall.at.line) == (150, 10, 1)


def test_more_than_the_server_has() -> None:
    deployment = deployment_of(FILES, group(processes=7))  # 7 × 10 × 3 = 210 of 197
    (hit,) = workers_exceed_max_connections(deployment.instances[0], World(deployment, (), ()), {})
    assert isinstance(hit, Hit)
    assert (hit.values["demand"], hit.values["usable"], hit.values["way"]) == ("210", 197, "lower processes or max, ")
    assert (hit.at.line, hit.fix) == (1, None)
    assert hit.arithmetic[-2:] == (
        "210 wanted - 197 there = 13 too many",
        "197 / 3 pools over all hosts = 65 each at most",
    )


def test_a_deployment_replaces_workers_but_no_agents() -> None:
    survey = survey_of(
        {**FILES, ".pgfpmlint.yaml": "hosts: {app: {count: 3}}\npolicy: {overlap: {kind: rolling, batch: 1}}\n"},
        group(),
    )
    assert account_of(build(survey.found, survey.config)).found.peak.total == 200  # 150 + 50
    agents = [WorkerFiles("app", group()._replace(deployed=False))]
    lasting = build(survey.found._replace(workers=agents), survey.config)
    assert account_of(lasting).found.peak.total == 150


def test_what_if() -> None:
    survey = changed(survey_of(FILES, group()), changes(["app/api:max=4", "app.count=2"]))
    assert account_of(build(survey.found, survey.config)).found.demand == 40  # 5 × 4 × 2


def test_solve_takes_it_as_it_is() -> None:
    solver = Solver(survey_of(WITH_FPM, group()), lambda survey: build(survey.found, survey.config))
    (children,) = solver.children()
    assert (children.nodes, children.fits.value) == (("web/www",), 47)
    assert children.roomy.value == 7  # 200 - 3 - 150 - 40


def test_a_pooler_between_serves_it() -> None:
    survey = survey_of(FILES, group())
    deployment = build(survey.found, survey.config)
    added = with_poolers(deployment, survey.config, asked_for(["app/api=edge:default_pool_size=20"]))
    assert account_of(added).found.demand == 20


def test_a_declared_link_names_it() -> None:
    files = {
        **FILES,
        ".pgfpmlint.yaml": "hosts: {app: {count: 3}}\nlinks: [{from: app, to: db, connections_per_worker: 2}]\n",
    }
    silent = group()._replace(connections=None)
    (link,) = deployment_of(files, silent).links.known
    assert isinstance(link.client, Workers)
    account = account_of(deployment_of(files, silent))
    assert account.found.direct.lines == ("app/api: 5 processes × 2 connections per worker × 3 hosts = 30",)


def test_a_hosts_name_stays_that_of_its_pool() -> None:
    files = {**WITH_FPM, ".pgfpmlint.yaml": "links: [{from: web, to: db}]\n"}
    survey = survey_of(files)
    workers = [WorkerFiles("web", group()._replace(connections=None))]
    deployment = build(survey.found._replace(workers=workers), survey.config)
    assert [link.client.name for link in deployment.links.known] == ["web/www"]


def test_without_evidence_it_is_no_client() -> None:
    deployment = deployment_of(FILES, group()._replace(connections=None))
    assert not deployment.links.known
    assert not deployment.links.unknown
    assert [one.name for one in deployment.workers] == ["app/api"]
