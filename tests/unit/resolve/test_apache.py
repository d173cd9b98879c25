"""Apache as a client: sizes as `apache2 -t` takes them, pools of mod_dbd as measured on Apache 2.4, PHP in prefork."""

from __future__ import annotations

import pytest

from pgfpmlint.model.accounts import accounts
from pgfpmlint.resolve.apache.config import Config
from pgfpmlint.resolve.apache.processes import mpm_of, processes
from trees import deployment_of, tree_of

MAIN = "hosts/web/etc/apache2/apache2.conf"
POSTGRES = {"hosts/db/etc/postgresql/16/main/postgresql.conf": "listen_addresses = '*'\nmax_connections = 500\n"}
MPM = "LoadModule mpm_{0}_module /usr/lib/apache2/modules/mod_mpm_{0}.so\n"
DBD = 'LoadModule dbd_module mod_dbd.so\nDBDriver pgsql\nDBDParams "host=db dbname=shop user=app"\n'
PHP = "LoadModule php_module /usr/lib/apache2/modules/libphp8.2.so\n"


def config_of(text: str, **others: str) -> Config:
    files = {
        MAIN: text,
        **{f"hosts/web/etc/apache2/{name.replace('__', '/')}.conf": one for name, one in others.items()},
    }
    return Config(tree_of(files).root("web", "hosts/web", complete=False), "/etc/apache2/apache2.conf")


def lines(*texts: str, **files: str) -> list[str]:
    (account,) = accounts(deployment_of({MAIN: "".join(texts), **POSTGRES, **files})).open
    return [taker.term.line if taker.term is not None else f"{taker.name}: {taker.why}" for taker in account.takers]


# What apache2 2.4.71 -t says of each, tests/servers/test_apache.py asks it again.
@pytest.mark.parametrize(
    ("mpm", "text", "workers", "servers", "lowered"),
    [
        ("event", "", 400, 16, 0),
        ("event", "MaxRequestWorkers 160\nThreadsPerChild 25\n", 150, 6, 0),
        ("event", "MaxRequestWorkers 10\n", 25, 1, 0),
        ("event", "MaxRequestWorkers 1000\n", 400, 16, 1),
        ("worker", "ServerLimit 4\nMaxRequestWorkers 200\n", 100, 4, 1),
        ("event", "ThreadsPerChild 100\nMaxRequestWorkers 1000\n", 960, 15, 1),
        ("event", "ThreadLimit 10\n", 160, 16, 0),
        ("prefork", "", 256, 256, 0),
        ("prefork", "MaxRequestWorkers 500\n", 256, 256, 1),
        ("prefork", "ServerLimit 500\nMaxClients 600\n", 500, 500, 1),
        ("prefork", "MaxRequestWorkers abc\n", 1, 1, 0),
    ],
)
def test_processes(mpm: str, text: str, workers: int, servers: int, lowered: int) -> None:
    run = processes(config_of(MPM.format(mpm) + text), mpm)
    assert (run.workers, run.servers, len(run.problems)) == (workers, servers, lowered)


def test_a_section_counts_for_the_mpm_that_runs() -> None:
    text = "Include mpm.conf\n<IfModule mpm_prefork_module>\nMaxRequestWorkers 40\n</IfModule>\n"
    text += "<IfModule mpm_event_module>\nMaxRequestWorkers 75\n</IfModule>\n"
    config = config_of(text, mpm=MPM.format("prefork"))
    assert processes(config, mpm_of(config, php=False)).workers == 40


def test_defines_and_an_unknown_variable() -> None:
    known = config_of("Define N 60\nMaxRequestWorkers ${N}\n")
    assert processes(known, "prefork").workers == 60
    assert processes(config_of("MaxRequestWorkers ${N}\n"), "prefork").workers is None


def test_a_pool_in_each_process() -> None:
    # 150 / 25 = 6 processes of 20 connections
    found = lines(MPM.format("event"), DBD, "MaxRequestWorkers 150\nDBDMax 20\n")
    assert found == ["web/apache-dbd: 6 processes (150 MaxRequestWorkers / 25 ThreadsPerChild) × 20 DBDMax = 120"]


def test_no_more_than_there_are_threads() -> None:
    # measured: 2 processes of 10 threads with DBDMax 30 hold 20
    found = lines(MPM.format("event"), DBD, "MaxRequestWorkers 20\nThreadsPerChild 10\nDBDMax 30\n")
    assert found == ["web/apache-dbd: 2 processes (20 MaxRequestWorkers / 10 ThreadsPerChild) × 10 threads = 20"]


def test_without_a_pool_every_thread_connects() -> None:
    found = lines(MPM.format("event"), DBD, "MaxRequestWorkers 20\nThreadsPerChild 10\nDBDMax 4\nDBDPersist Off\n")
    assert found[0].endswith("× 10 ThreadsPerChild with DBDPersist Off = 20")


def test_a_process_of_prefork_keeps_the_minimum() -> None:
    # measured: 6 processes with DBDMin 2 and DBDMax 4 hold 12
    assert lines(MPM.format("prefork"), DBD, "MaxRequestWorkers 6\nDBDMin 2\n") == [
        "web/apache-dbd: 6 MaxRequestWorkers × 2 DBDMin = 12"
    ]


def test_a_virtual_host_that_differs_has_a_pool_of_its_own() -> None:
    # measured: DBDMax 3 in one of two virtual hosts makes two pools
    hosts = "<VirtualHost *>\nServerName b\nDBDMax 3\n</VirtualHost>\n<VirtualHost *>\nServerName c\n</VirtualHost>\n"
    found = lines(MPM.format("event"), DBD, "MaxRequestWorkers 50\nDBDMax 4\n", hosts)
    assert [one.rpartition(" × ")[2] for one in found] == ["4 DBDMax = 8", "3 DBDMax = 6"]


def test_a_pool_that_is_never_made_holds_nothing() -> None:
    assert lines(MPM.format("event"), DBD, "DBDMax 1\n") == []


def test_another_driver_is_no_client() -> None:
    assert lines(MPM.format("event"), "LoadModule dbd_module a.so\nDBDriver mysql\n") == []


APPLICATION = {
    "hosts/web/srv/shop/composer.json": "{}",
    "hosts/web/srv/shop/.env": "DATABASE_URL=postgresql://app@db:5432/shop\n",
}


def test_php_connects_from_each_process() -> None:
    text = MPM.format("prefork") + PHP + "MaxRequestWorkers 150\nDocumentRoot /srv/shop/public\n"
    assert lines(text, **APPLICATION) == ["web/apache: 150 MaxRequestWorkers = 150"]


def test_a_process_serves_one_application_at_a_time() -> None:
    other = {path.replace("shop", "api"): text.replace("shop", "api") for path, text in APPLICATION.items()}
    text = MPM.format("prefork") + PHP + "MaxRequestWorkers 150\nDocumentRoot /srv/shop/public\n"
    text += "<VirtualHost *>\nDocumentRoot /srv/api\n</VirtualHost>\n"
    (account,) = accounts(deployment_of({MAIN: text, **POSTGRES, **APPLICATION, **other})).open
    assert account.found.demand == 150
    assert [term.line for term in account.found.direct.terms] == [
        "web/apache: 150 MaxRequestWorkers, one request each = 150"
    ]
