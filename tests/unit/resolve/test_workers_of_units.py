"""Units of systemd that run workers, and Horizon's supervisors: how many processes there are."""

from __future__ import annotations

from pgfpmlint.model.accounts import accounts
from trees import deployment_of

UNIT = """[Unit]
Description=queue
[Service]
User=shop
WorkingDirectory=/srv/shop
ExecStart=/usr/bin/php artisan queue:work --tries=3
Restart=always
"""
DATABASE = """<?php
return ['default' => 'pgsql', 'connections' => ['pgsql' => ['driver' => 'pgsql', 'host' => env('DB_HOST'),
    'database' => 'shop', 'username' => 'shop']]];
"""
HORIZON = """<?php
return [
    'defaults' => ['supervisor-1' => ['queue' => ['default'], 'balance' => 'auto', 'maxProcesses' => 1]],
    'environments' => [
        'production' => ['supervisor-1' => ['maxProcesses' => 10], 'mails' => ['maxProcesses' => env('MAILERS', 4)]],
        'local' => ['supervisor-1' => ['maxProcesses' => 3]],
    ],
];
"""
APPLICATION = {
    "hosts/app/srv/shop/artisan": "#!/usr/bin/env php\n",
    "hosts/app/srv/shop/.env": "DB_HOST=db\n",
    "hosts/app/srv/shop/config/database.php": DATABASE,
}
POSTGRES = {"hosts/db/etc/postgresql/16/main/postgresql.conf": "listen_addresses = '*'\nmax_connections = 100\n"}
SYSTEM = "hosts/app/etc/systemd/system/"


def lines(**files: str) -> list[str]:
    own = {SYSTEM + name: text for name, text in files.items()}
    return of({**APPLICATION, **POSTGRES, **own})


def of(files: dict[str, str]) -> list[str]:
    (account,) = accounts(deployment_of(files)).open
    return [taker.term.line if taker.term is not None else f"{taker.name}: {taker.why}" for taker in account.takers]


def test_a_unit_is_one_process() -> None:
    assert lines(**{"queue.service": UNIT}) == ["app/queue: 1 process = 1"]


def test_a_template_has_as_many_as_are_enabled() -> None:
    wanted = {f"multi-user.target.wants/queue@{number}.service": UNIT for number in (1, 2, 3)}
    assert lines(**{"queue@.service": UNIT}, **wanted) == ["app/queue: 3 instances = 3"]


def test_a_template_has_as_many_as_a_target_wants() -> None:
    target = "[Unit]\nWants=queue@a.service queue@b.service\nWants=queue@c.service other.service\n"
    assert lines(**{"queue@.service": UNIT}, **{"queues.target": target}) == ["app/queue: 3 instances = 3"]


def test_without_instances_nobody_can_tell() -> None:
    assert lines(**{"queue@.service": UNIT}) == ["app/queue: its instances can't be known"]


def test_a_drop_in_replaces_the_command() -> None:
    assert (
        lines(**{"queue.service": UNIT, "queue.service.d/x.conf": "[Service]\nExecStart=\nExecStart=/bin/true\n"}) == []
    )


def test_what_ends_at_once_is_no_worker() -> None:
    assert lines(**{"queue.service": UNIT.replace("Restart=always", "Type=oneshot")}) == []


def test_horizon_runs_the_supervisors_of_its_environment() -> None:
    files = {
        **APPLICATION,
        **POSTGRES,
        "hosts/app/srv/shop/config/horizon.php": HORIZON,
        "hosts/app/etc/supervisor/conf.d/horizon.conf": "[program:horizon]\ncommand=php /srv/shop/artisan horizon\n",
    }
    assert of(files) == [
        "app/horizon/supervisor-1: 10 maxProcesses of supervisor-1 = 10",
        "app/horizon/mails: 4 maxProcesses of mails = 4",
    ]
    files["hosts/app/srv/shop/.env"] += "APP_ENV=local\n"
    assert of(files) == ["app/horizon/supervisor-1: 3 maxProcesses of supervisor-1 = 3"]
    files["hosts/app/srv/shop/.env"] = "DB_HOST=db\nAPP_ENV=staging\n"
    assert of(files) == []


def test_horizon_without_its_configuration_is_open() -> None:
    files = {
        **APPLICATION,
        **POSTGRES,
        "hosts/app/etc/supervisor/conf.d/horizon.conf": "[program:horizon]\ncommand=php /srv/shop/artisan horizon\n",
    }
    assert of(files) == ["app/horizon: its maxProcesses in config/horizon.php can't be known"]
