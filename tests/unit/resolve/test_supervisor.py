"""Programs of supervisor as clients: how many there are, and where their applications say that they connect."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgfpmlint.cli import main
from pgfpmlint.model.accounts import accounts
from pgfpmlint.model.deployment import Deployment
from trees import deployment_of

WORKER = """[program:queue]
process_name=%(program_name)s_%(process_num)02d
directory=/srv/shop
command=php artisan queue:work --sleep=3 ; for ever
numprocs=8
user=shop
"""
DATABASE = """<?php
return ['default' => env('DB_CONNECTION'), 'connections' => ['pgsql' => ['driver' => 'pgsql',
    'host' => env('DB_HOST'), 'port' => env('DB_PORT', '5432'), 'database' => env('DB_DATABASE'),
    'username' => env('DB_USERNAME')], 'mysql' => ['driver' => 'mysql']]];
"""
APPLICATION = {
    "hosts/app/srv/shop/artisan": "#!/usr/bin/env php\n",
    "hosts/app/srv/shop/.env": "DB_CONNECTION=pgsql\nDB_HOST=db\nDB_DATABASE=shop\nDB_USERNAME=shop\n",
    "hosts/app/srv/shop/config/database.php": DATABASE,
}
POSTGRES = {"hosts/db/etc/postgresql/16/main/postgresql.conf": "listen_addresses = '*'\nmax_connections = 100\n"}
CONF = "hosts/app/etc/supervisor/conf.d/"


def lines(files: dict[str, str]) -> list[str]:
    (account,) = accounts(deployment_of(files)).open
    return [taker.term.line if taker.term is not None else f"{taker.name}: {taker.why}" for taker in account.takers]


def deployment(**confs: str) -> Deployment:
    own = {CONF + name.replace("_", "."): text for name, text in confs.items()}
    return deployment_of({**APPLICATION, **POSTGRES, **own})


def test_numprocs_of_an_application() -> None:
    files = {**APPLICATION, **POSTGRES, CONF + "queue.conf": WORKER}
    assert lines(files) == ["app/queue: 8 numprocs = 8"]
    (link,) = deployment_of(files).links.known
    assert (link.database, link.user) == ("shop", "shop")
    assert link.evidence[-1].words == "queue runs the application in hosts/app/srv/shop"


def test_an_application_of_another_database_is_no_client() -> None:
    files = {**APPLICATION, **POSTGRES, CONF + "queue.conf": WORKER}
    files["hosts/app/srv/shop/.env"] = "DB_CONNECTION=mysql\n"
    assert not deployment_of(files).links.known
    assert not deployment_of(files).links.unknown


def test_includes_add_up_and_a_program_is_read_once() -> None:
    files = {
        **APPLICATION,
        **POSTGRES,
        "hosts/app/etc/supervisor/supervisord.conf": "[supervisord]\n[include]\nfiles = conf.d/*.conf\n",
        CONF + "a.conf": WORKER,
        CONF + "b.conf": "[program:queue]\nnumprocs=3\n",
    }
    assert lines(files) == ["app/queue: 3 numprocs = 3"]


def test_variants_of_one_program_count_once() -> None:
    found = deployment(a_conf=WORKER, b_conf=WORKER.replace("numprocs=8", "numprocs=2"))
    assert [one.workers.processes[0].number for one in found.workers] == [8]


def test_one_process_where_nothing_says_more_and_none_where_it_is_off() -> None:
    found = deployment(
        a_conf=WORKER.replace("numprocs=8\n", ""), b_conf=WORKER.replace(":queue", ":off") + "autostart=no\n"
    )
    assert [(one.name, one.workers.processes[0].number) for one in found.workers] == [("app/queue", 1)]


def test_an_environment_says_where_another_program_connects() -> None:
    text = (
        '[program:api]\ncommand=node server.js\nenvironment=DATABASE_URL="postgresql://api:geheim@db:5432/shop",A="1"\n'
    )
    files = {**POSTGRES, CONF + "api.conf": text}
    assert lines(files) == ["app/api: its connections of a process can't be known"]


def test_without_a_server_nothing_is_read() -> None:
    assert not deployment_of({**APPLICATION, CONF + "queue.conf": WORKER}).workers


def test_a_container_has_the_only_application() -> None:
    files = {
        "artisan": "#!/usr/bin/env php\n",
        ".env": "DB_CONNECTION=pgsql\nDB_HOST=127.0.0.1\nDB_DATABASE=shop\nDB_USERNAME=shop\n",
        "config/database.php": DATABASE,
        "docker/supervisord.conf": "[supervisord]\nnodaemon=true\n[program:fpm]\ncommand=php-fpm -F\n"
        "[program:queue]\ncommand=php /var/www/html/artisan queue:work\nnumprocs=4\nprocess_name=%(process_num)s\n",
        "docker/postgresql.conf": "max_connections = 20\n",
    }
    (worker,) = deployment_of(files).workers
    assert worker.workers.served is not None
    assert worker.workers.processes[0].number == 4


def test_no_password_of_an_environment_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "etc/supervisor").mkdir(parents=True)
    (tmp_path / "etc/postgresql.conf").write_text("max_connections = 10\nlisten_addresses = '*'\n")
    (tmp_path / "etc/supervisor/api.conf").write_text(
        "[program:api]\ncommand=php /srv/api/worker.php\nnumprocs=9\n"
        'environment=PGHOST="127.0.0.1",PGPASSWORD="geheim",PGDATABASE="shop"\n'
    )
    for command in (["check"], ["check", "--format", "json"], ["budget"], ["budget", "--format", "json"], ["trace"]):
        main([*command, str(tmp_path)])
    said = "".join(capsys.readouterr())
    assert "PGHOST" in said
    assert "geheim" not in said
